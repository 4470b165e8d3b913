"""A run as a value: recipes, named presets, and checkpoints."""
