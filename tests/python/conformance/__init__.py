"""Files that others wrote: they land, or are refused with the code we say."""
