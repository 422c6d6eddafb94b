"""The words of the `tieout` command line, a few related ones a file."""
