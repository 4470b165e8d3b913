"""Exact answers by enumeration, in double precision, for machines that are small enough."""
