"""Tests of the laws that the program must obey, against an independent oracle."""
