"""How long the matching of N × N house rows takes, beside a script that does no more than match."""
