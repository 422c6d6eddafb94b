"""What dbt remembers of tables that are kept from run to run, see macros/materializations/kept.sql.

In ops, because it must outlive a table that is made anew, and be there before the first of them.
"""

from __future__ import annotations

KEPT_TABLES: dict[str, dict[str, str]] = {
    # one row per key whose rows changed, by the run that found it
    "touched_keys": {
        "touched_column": "text not null",
        "touched_in": "bigint not null",
        "tenant_id": "text not null",
        "touched_key": "text not null",
    },
    # one row per kept model: what it was made from, and up to which run it knows what was touched
    "kept_models": {
        "model": "text not null",
        "signature": "text not null",
        "generation": "text not null",
        "made_from": "text not null",
        "known_to": "bigint not null",
    },
}
