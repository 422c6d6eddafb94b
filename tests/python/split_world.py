"""Every source's files, their rows spread over other files, landed in several runs and built once.

In: a seed. Out: a deployment as samples/sources makes it, whose marts must be the same.
Run alone: python -m tests.python.split_world SEED…   (each is a landing and a build of its own)
"""

from __future__ import annotations

import random
import sys
import tempfile
from datetime import UTC, timedelta
from pathlib import Path

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.again import release
from ingestion.landing.land import ensure_schema, land_file
from tests.python import sample_month
from tests.python.every_source import deployment, files_of, land_all, sources
from tests.python.fingerprint import Fingerprint
from tests.python.split_files import spread

RUNS = 3
# Where a row stood, and a conflict's explanation, which names files and lines.
ORIGIN = {"_document_id", "_source_file", "_source_line", "explanation"}
# Marts that speak of files and arrivals, not of money.
ABOUT_FILES = {
    "files",
    "quarantine",
    "control_results",
    "file_gaps",
    "expected_files",
    "card_files",
}
# A part of a file cannot tie with what the whole declared: a person lets it in.
RELEASED = {"CONTROL_TOTAL_MISMATCH"}


def money(settings: Settings) -> dict[str, Fingerprint]:
    """The fingerprints of the marts, without what names files."""
    found = sample_month.marts(settings, without=ORIGIN)
    return {name: value for name, value in found.items() if name not in ABOUT_FILES}


def split_settings(folder: Path) -> Settings:
    """A deployment of every source; a part may be one refused row and nothing else."""
    settings = deployment(folder)
    limits = settings.limits.model_copy(update={"max_quarantine_percent": 100})
    return settings.model_copy(update={"limits": limits})


def parts(folder: Path, chance: random.Random) -> list[tuple[str, Path]]:
    """Every source's files after the spreading, in any order."""
    found = [
        (source, part)
        for source in sources()
        for file in files_of(source)
        for part in spread(file, folder / "sent", chance)
    ]
    chance.shuffle(found)
    return found


def land_parts(settings: Settings, files: list[tuple[str, Path]], hours_ago: int = 0) -> list[str]:
    """Lands files in one run, releases what does not tie; whatever did not get in."""
    assert settings.now is not None
    run = settings.model_copy(update={"now": settings.now - timedelta(hours=hours_ago)})
    outside = []
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        for source, file in files:
            result = land_file(run, warehouse, source, file)
            if result.state == "held" and result.code in RELEASED:
                result = release(run, warehouse, result.document_id, by="a test")
            if result.state != "landed":
                outside.append(f"{file.name}: {result.state} {result.message}")
    return outside


def in_runs(settings: Settings, files: list[tuple[str, Path]]) -> list[str]:
    """Lands files in several runs, an hour apart."""
    return [
        line
        for number in range(RUNS)
        for line in land_parts(settings, files[number::RUNS], hours_ago=RUNS - number)
    ]


def build(settings: Settings) -> None:
    """Builds every model."""
    assert settings.now is not None
    sample_month.build(settings, as_of=settings.now.astimezone(UTC))


def build_transactions(settings: Settings) -> Fingerprint:
    """Builds the mart of transactions and what it needs, and nothing else."""
    assert settings.now is not None
    words = ["build", "--exclude-resource-type", "test", "unit_test", "--select", "+transactions"]
    moment = f"{settings.now.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    ran = run_dbt(settings, words, {"as_of": moment})
    assert ran.succeeded, ran.output
    return money(settings)["transactions"]


def broken_controls(settings: Settings) -> list[str]:
    """The controls that do not pass."""
    with open_warehouse(settings, read_only=True) as warehouse:
        rows = warehouse.rows("select control from marts.control_results where not passed")
    return [str(row["control"]) for row in rows]


def main(seeds: list[int]) -> int:
    """Says for each seed which marts differ from the unsplit build."""
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        whole = split_settings(Path(name) / "whole")
        land_all(whole)
        build(whole)
        expected = money(whole)
        for seed in seeds:
            settings = split_settings(Path(name) / str(seed))
            files = parts(Path(name) / str(seed), random.Random(seed))
            outside = in_runs(settings, files)
            build(settings)
            found = money(settings)
            differs = sorted(n for n in expected if found[n] != expected[n])
            bad = outside + differs + broken_controls(settings)
            wrong += bool(bad)
            print(f"seed {seed}: {len(files)} files, {bad or 'the same marts'}", flush=True)  # noqa: T201
    return wrong


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]]))
