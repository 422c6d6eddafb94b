"""What rows are in these bytes? Pure parsers: no clock, no network, no warehouse."""
