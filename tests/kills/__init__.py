"""Landing, killed at every step: the driver, the checker, and what a run by hand came to."""
