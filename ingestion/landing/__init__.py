"""Are the rows safely down, once? Archive, validation, register and rows in one transaction."""
