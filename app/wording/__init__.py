"""The words on screen, one file per page."""
