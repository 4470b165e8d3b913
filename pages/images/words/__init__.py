"""The words of *Images*, by what they are about."""
