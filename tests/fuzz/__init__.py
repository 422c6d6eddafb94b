"""Long fuzzing by hand, outside of make test (see run.py), and what it came to.

November 2026, atheris 3.0, about 245 seconds a target at the lowest priority of a machine with ten
times more work than cores; inputs tried: csv 5,122, ndjson 3,482, json (stripe) 10,219, xlsx
10,650, parquet 7,464, zip 16,048, gzip 18,487, camt 2,538, mt940 1,991, bai2 3,166, ofx 1,717,
nacha 5,256, paypal 2,342, unica 1,213, cielo 424, rede 326, manifests 14,877.
Found: a zip with bytes gone from its middle, and one whose member has no name, ended the run
(test_found_by_fuzzing.py); nothing in the other formats. The fixed-width formats of the card
acquirers are slow to try (a file of many records is a table each): they deserve a longer run.
"""
