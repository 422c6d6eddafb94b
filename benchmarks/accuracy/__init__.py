"""How right the matching is: files with ground truth, built as anybody's, scored."""
