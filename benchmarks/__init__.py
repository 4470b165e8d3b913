"""Speed and accuracy, side by side with peers; measured, never asserted by the test suite."""
