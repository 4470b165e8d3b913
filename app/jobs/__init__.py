"""Background training for everybody in fair turns."""
