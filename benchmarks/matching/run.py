"""One run: files, the floor, Tieout in full and almost empty, whether both say the same.

In: Wish. Out: Measured, nothing printed. Every stage is a process of its own.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.matching.deployment import deployment
from benchmarks.matching.plans import Offence, check
from benchmarks.matching.process import Cost, cost_of, folder_megabytes, share_memory
from benchmarks.matching.same import Agreement, agreement
from benchmarks.matching.times import Node, nodes

STAGES = ("land", "build", "room")
TINY = 200


@dataclass(frozen=True)
class Wish:
    """What to run."""

    rows: int
    seed: int
    folder: Path
    memory: str = ""
    with_tieout: bool = True
    with_floor: bool = True
    models_at_once: str = ""


@dataclass
class Measured:
    """What the stages cost: of the floor, of Tieout, and of Tieout over almost nothing."""

    wish: Wish
    file_megabytes: float = 0
    floor: Cost | None = None
    stages: dict[str, Cost] = field(default_factory=dict)
    fixed: dict[str, Cost] = field(default_factory=dict)
    slowest: list[Node] = field(default_factory=list)
    same: Agreement | None = None
    models_checked: int = 0
    offences: list[Offence] = field(default_factory=list)
    load_before: float = 0
    load_after: float = 0
    warehouse_megabytes: float = 0


def measured(wish: Wish) -> Measured:
    """Runs everything that the wish names."""
    found = Measured(wish, load_before=os.getloadavg()[0])
    files = wish.folder / f"files_{wish.rows}_{wish.seed}"
    write(files, wish.rows, wish.seed)
    found.file_megabytes = folder_megabytes(files)
    if wish.with_floor:
        place = str(wish.folder / "floor")
        found.floor = cost_of("benchmarks.matching.floor", place, str(files), wish.memory)
    if wish.with_tieout:
        _tieout(wish, files, found)
    if wish.with_floor and wish.with_tieout:
        tieout = deployment(wish.folder / "tieout").warehouse
        found.same = agreement(tieout, wish.folder / "floor" / "floor.duckdb")
    found.load_after = os.getloadavg()[0]
    return found


def _tieout(wish: Wish, files: Path, found: Measured) -> None:
    full, tiny = wish.folder / "tieout", wish.folder / "tiny"
    tiny_files = wish.folder / "tiny_files"
    write(tiny_files, TINY, wish.seed)
    os.environ["TIEOUT_PARSED"] = str(wish.folder / "parsed")  # both start from one parse
    share_memory(wish.memory, wish.models_at_once)
    for place, source, costs in ((tiny, tiny_files, found.fixed), (full, files, found.stages)):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for stage in STAGES:
            costs[stage] = cost_of("benchmarks.matching.stages", stage, str(place), str(source))
            if stage == "build" and place == full:
                found.slowest = nodes(deployment(full).target_path / "run_results.json")
                found.models_checked, found.offences = check(deployment(full))
    found.warehouse_megabytes = deployment(full).warehouse.stat().st_size / 1e6


def write(folder: Path, rows: int, seed: int, *keyless: str) -> None:
    """The files, unless they are there already."""
    told = folder / "written.json"
    if not told.exists():
        shutil.rmtree(folder, ignore_errors=True)
        cost_of("benchmarks.matching.world", str(folder), str(rows), str(seed), *keyless)
        told.write_text(json.dumps({"rows": rows, "seed": seed}), encoding="utf-8")
