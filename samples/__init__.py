"""One month of one shop: files we wrote, and the answers worked out by hand."""
