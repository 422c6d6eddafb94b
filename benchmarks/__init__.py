"""Measurements run by hand: each prints ratios of one run on one machine. See README.md."""
