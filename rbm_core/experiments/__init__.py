"""What is done with a trained machine: rows corrected, images completed, chains as pictures."""
