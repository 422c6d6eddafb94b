"""Landing: what comes in, what is refused, and that nothing comes in twice."""
