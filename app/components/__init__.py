"""Components: a Python wrapper and a small script each, drawn in the page itself."""
