"""The front of landing: what the command line, Dagster and tests call.

In: Settings, an open warehouse, files or doors. Out: LandingResult, one an arrival.
Run alone: python -m ingestion.landing.land SOURCE PATH…
"""

from __future__ import annotations

import sys
from pathlib import Path

from dbt_project.settings import load_settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.again import release
from ingestion.landing.archive import MANIFEST, list_archive, refresh_archive_listing
from ingestion.landing.fetch import fetch_doors, land_door
from ingestion.landing.one_file import land_file
from ingestion.landing.parcels import land_all
from ingestion.landing.result import LandingResult
from ingestion.landing.schema import ensure_schema

__all__ = [
    "LandingResult",
    "ensure_schema",
    "fetch_doors",
    "land_all",
    "land_door",
    "land_file",
    "list_archive",
    "refresh_archive_listing",
    "release",
]


def main(words: list[str]) -> int:
    """Lands the files named; 1 when one was rejected, 3 when one needs a person, 2 wrong usage."""
    if len(words) < 2:
        print(__doc__)  # noqa: T201
        return 2
    settings = load_settings()
    paths = [Path(word) for word in words[1:] if not word.endswith(MANIFEST)]
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        results = [
            result
            for path in paths
            for result in land_all(settings, warehouse, words[0], path, door="hand")
        ]
    for result in results:
        counts = f"{result.landed_rows} landed, {result.quarantined_rows} quarantined"
        print(f"{result.state:9} {counts}  {result.name}")  # noqa: T201
        faults = [fault.describe(result.name) for fault in result.faults[:20]]
        for line in [result.message, *faults]:
            if line:
                print(f"          {line}")  # noqa: T201
    if any(result.state == "rejected" for result in results):
        return 1
    return 3 if any(r.state == "held" or r.quarantined_rows for r in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
