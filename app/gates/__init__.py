"""What the pages of logic gates share."""
