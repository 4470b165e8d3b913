"""The words of *Train a gate*, by what they are about."""
