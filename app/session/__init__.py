"""What one visitor has set and is looking at, and the limits of the screen."""
