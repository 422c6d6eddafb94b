"""From bytes to raw tables: sources (doors), formats (parsers) and landing (safely down, once)."""
