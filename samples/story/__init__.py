"""The samples' story: what happened at Kestrel & Wren in October 2026, and who wrote it down how."""
