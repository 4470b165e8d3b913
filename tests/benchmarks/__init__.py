"""Laws of the benchmark harness; no test asserts a time."""
