"""Landing, killed at every step: the driver, the checker, and what runs by hand came to.

November 2026, two cores shared with other work, DuckDB 2.0 and PostgreSQL 18:
DuckDB, seed 1: 220 rounds (214 loaders killed, 6 faster than their kill): 430 files, 369,177 rows,
nothing lost, doubled or half, nothing left over.
DuckDB, seed 3: 210 rounds (209 loaders killed, 1 faster than its kill): 417 files, 437,856 rows,
nothing lost, doubled or half, nothing left over.
PostgreSQL, seed 1: 110 rounds (66 loaders killed; 44 times a server process or the server under a
loader, 29 of which it survived by trying again): 221 files, 208,691 rows, nothing lost, doubled or
half, nothing left over.
"""
