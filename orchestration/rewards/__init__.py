"""One customer's rewards on demand: the allocation as a function, and its running account."""
