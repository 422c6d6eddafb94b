"""Rewards as files for finance: the workbook's own sheets, with what became of each row."""
