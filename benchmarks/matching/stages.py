"""The parts of a run, each in a process of its own, so that seconds, CPU and memory are its own.

    python -m benchmarks.matching.stages land FOLDER FILES

The stages: land, build, room (the matching room's models once more), and for pass 3 alone keyless
(what pass 3 reads) and pass_3.

Prints one line of JSON at the end: what the stage itself measured.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.matching.deployment import AS_OF, SOURCES, deployment, files
from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import ensure_schema
from orchestration import pipeline
from orchestration.build import BuildRequest, build_and_announce

PASS_3 = tuple(
    f"int_matching__{name}"
    for name in (
        "fuzzy_buckets",
        "fuzzy_bucket_sizes",
        "fuzzy_near",
        "pass_3_candidates",
        "pass_3_fuzzy",
    )
)
ROOM = ("path:models/intermediate/matching", "path:models/marts/matching")


def land(settings: Settings, folder: Path) -> None:
    """Every file through its door."""
    for source in SOURCES:
        for result in pipeline.land(settings, source, files(folder, source)):
            if result.state != "landed":
                raise SystemExit(f"{result.state}: {result.message}")


def build(settings: Settings) -> None:
    """Everything that `tieout build` does: seeds, models, tests, controls, the diary."""
    outcome = build_and_announce(settings, BuildRequest())
    if not outcome.succeeded:
        raise SystemExit("\n".join(f"{f.name}: {f.message}" for f in outcome.findings))


def models(settings: Settings, *select: str) -> None:
    """Some models alone, once more."""
    words = {"as_of": f"{AS_OF:%Y-%m-%d %H:%M:%S}"}
    ran = run_dbt(settings, ["run", "--select", *select], words)
    if not ran.succeeded:
        raise SystemExit(ran.output)


def keyless(settings: Settings) -> None:
    """Everything up to the rows that pass 3 compares."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
    if not run_dbt(settings, ["seed"]).succeeded:
        raise SystemExit("seeds")
    models(settings, "+int_matching__fuzzy_rows")


STAGES: dict[str, Callable[[Settings], None]] = {
    "build": build,
    "keyless": keyless,
    "room": lambda settings: models(settings, *ROOM),
    "pass_3": lambda settings: models(settings, *PASS_3),
}


def main() -> None:
    """One stage."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("stage", choices=("land", *STAGES))
    parser.add_argument("folder", type=Path)
    parser.add_argument("files", type=Path)
    given = parser.parse_args()
    settings = deployment(given.folder)
    started = time.perf_counter()
    if given.stage == "land":
        land(settings, given.files)
    else:
        STAGES[given.stage](settings)
    print(json.dumps({"seconds": time.perf_counter() - started}))  # noqa: T201


if __name__ == "__main__":
    main()
