"""Every bad input by its id: what comes, and what must become of it; the list is in the index."""
