"""A deployment for the benchmark: two house files, one clock, everything in one folder.

In: a folder and an engine. Out: Settings. The moment the runs speak of is fixed, so that the same
seed gives the same answers on any day.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dbt_project.settings import Settings, Source

AS_OF = datetime(2026, 12, 1, tzinfo=UTC)
BOOKS_ZONE, TOLD_ZONE = "Europe/Amsterdam", "UTC"
SOURCES = {"internal": "books", "generic": "told"}


def deployment(folder: Path, **changes: Any) -> Settings:
    """Settings whose every path lies in the folder."""
    values: dict[str, Any] = {
        "warehouse": folder / "tieout.duckdb",
        "published": folder / "published.duckdb",
        "state": folder / "state",
        "archive": folder / "archive",
        "inbox": folder / "inbox",
        "reports": folder / "reports",
        "target_path": folder / "target",
        "sources": {
            "internal": Source(time_zone=BOOKS_ZONE),
            "generic": Source(time_zone=TOLD_ZONE),
        },
        "now": AS_OF,
        **changes,
    }
    return Settings(**values)


def files(folder: Path, source: str) -> list[Path]:
    """The files of one source, oldest first."""
    return sorted(folder.glob(f"{SOURCES[source]}_*.csv"))
