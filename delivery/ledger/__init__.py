"""The books as the files that accounting programs take in."""
