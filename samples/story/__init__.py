"""The samples' story: October 2026 at Kestrel & Wren, and who wrote it down how."""
