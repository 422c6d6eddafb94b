"""Landing, killed at every step: the driver, the checker, and what runs by hand came to.

November 2026, two cores shared with other work, DuckDB 2.0 and PostgreSQL 18:
DuckDB, seed 1: 220 rounds (214 loaders killed, 6 faster than their kill): 430 files, 369,177 rows,
nothing lost, doubled or half, nothing left over.
DuckDB, seed 3: 210 rounds (209 loaders killed, 1 faster than its kill): 417 files, 437,856 rows,
nothing lost, doubled or half, nothing left over.
PostgreSQL, seed 1: 110 rounds (66 loaders killed; 44 times a server process or the server under a
loader, 29 of which it survived by trying again): 221 files, 208,691 rows, nothing lost, doubled or
half, nothing left over.

The other scenes, seed 1, on the same machine under heavy load; none had a wrong:
DuckDB, decisions: 64 rounds (64 killed), 126 held files, 126,844 rows.
DuckDB, reprocess: 64 rounds (63 killed, 1 faster than its kill), 122 files, 126,840 rows.
DuckDB, webhooks: 64 rounds (60 killed, 4 faster), 953 events.
DuckDB, polls: 64 rounds (61 killed, 3 faster), 255 items. A run before it met a page whose reader
was killed three times: it is refused once and asked for again, as it should be.
DuckDB, bucket: 64 rounds (59 killed, 5 faster), 122 files, 126,840 rows.
PostgreSQL, 33 rounds each, half of them with its server killed under the work: decisions (63
files), reprocess (67 files), webhooks (499 events), polls (134 items).
Without its guard every scene is caught (no transaction, batches that are forgotten, a cursor that
moves with the first page, an upload after the rows).
What they found: a decision was written beside the bytes after its commit, so that a kill between
the two left it in the database alone; downloads, pages and batches of killed processes stayed.
"""
