"""The rules of the matching: what is in the file, and what another file would change."""
