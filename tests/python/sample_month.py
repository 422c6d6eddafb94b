"""The sample month in a test's own deployment: land it in any order, build it, fingerprint it.

In: Settings of an empty deployment. Out: fingerprints of the marts by name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dbt_project.project import DbtRun, run_dbt
from dbt_project.settings import PROJECT_ROOT, Settings, Source
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import (
    LandingResult,
    ensure_schema,
    land_file,
    refresh_archive_listing,
)
from tests.python.fingerprint import Fingerprint, fingerprints

SAMPLES = PROJECT_ROOT / "samples" / "inbox"
MORNING = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
# The words of samples/tieout.yml that change what a row means.
STORY: dict[str, Any] = {
    "tenant": "kestrel_wren",
    "now": MORNING,
    "limits": {"max_quarantine_percent": 10},
    "sources": {
        "internal": Source(time_zone="Europe/Amsterdam", account="kestrel-wren"),
        "stripe": Source(time_zone="UTC", account="acct_kestrel_wren"),
        "bank": Source(time_zone="Europe/Amsterdam"),
        "thrive_cash": Source(time_zone="Europe/Amsterdam", currency="EUR", account="rewards"),
    },
}


def sample_files(folder: Path = SAMPLES) -> list[Path]:
    """Every data file of the story, in name order."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in files if not path.name.endswith(".manifest.json"))


def land(settings: Settings, files: Iterable[Path]) -> list[LandingResult]:
    """Lands files in the given order; a file's folder names its source."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        return [land_file(settings, warehouse, file.parent.name, file) for file in files]


def build(
    settings: Settings, as_of: datetime = MORNING, tested: bool = False, unit_tested: bool = False
) -> DbtRun:
    """Builds every model, with dbt's data tests or unit tests too; fails when anything failed.

    Unit tests prove the SQL and never read the data: test_same_rows.py runs them.
    """
    with open_warehouse(settings) as warehouse:
        refresh_archive_listing(settings, warehouse)
    kinds = {"test": tested, "unit_test": unit_tested}
    left_out = [kind for kind, is_in in kinds.items() if not is_in]
    words = ["build", *(["--exclude-resource-type", *left_out] if left_out else [])]
    ran = run_dbt(settings, words, {"as_of": f"{as_of:%Y-%m-%d %H:%M:%S}"})
    assert ran.succeeded, ran.output
    return ran


def marts(settings: Settings, without: Collection[str] = ()) -> dict[str, Fingerprint]:
    """The fingerprint of every mart, of the columns not left out."""
    with open_warehouse(settings) as warehouse:
        return fingerprints(warehouse, "marts", without)
