"""The copy people read: marts of one finished, tested run, never of two.

In: Settings. Out: row counts by table. Nothing of raw, ops or staging leaves, but one row in table
`publication` says which run the copy is of. Run alone: python -m delivery.publish
"""

from __future__ import annotations

from dbt_project.settings import Settings, load_settings
from delivery.publish_duckdb import publish_duckdb
from delivery.publish_postgres import publish_postgres


def publish(settings: Settings) -> dict[str, int]:
    """Replaces the published copy by the marts as they are now; returns rows by table.

    DuckDB: a fresh file is swapped in whole; who has the old one open keeps reading it.
    PostgreSQL: the tables of schema `published` are replaced in one transaction.
    Raises PublishError (or the driver's error); the old copy is then still in place.
    """
    if settings.target == "postgres":
        return publish_postgres(settings)
    return publish_duckdb(settings)


if __name__ == "__main__":
    for table, rows in publish(load_settings()).items():
        print(f"{rows:>10} {table}")  # noqa: T201
