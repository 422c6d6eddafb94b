"""Each door against a real peer of its protocol."""
