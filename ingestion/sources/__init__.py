"""Where do the bytes come from? Doors: a watched folder, a bucket."""
