"""A run as a table for people and as JSON beside the files. The promises are checked here."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.matching.process import Cost
from benchmarks.matching.run import Measured
from benchmarks.matching.times import by_kind

ALL_BAR, ROOM_BAR = 2.5, 1.5
TOP = 25


def ratios(found: Measured) -> dict[str, float]:
    """Tieout by the floor, in CPU seconds and in seconds of the clock."""
    if found.floor is None or not found.stages:
        return {}
    floor, said = found.floor, found.floor.said
    land, build, room = (found.stages[name] for name in ("land", "build", "room"))
    fixed = found.fixed["room"]
    return {
        "all_cpu": (land.cpu + build.cpu) / floor.cpu,
        "all_wall": (land.wall + build.wall) / floor.wall,
        "room_cpu": room.cpu / said["matching_cpu"],
        "room_wall": room.wall / said["matching"],
        "room_without_fixed_cpu": (room.cpu - fixed.cpu) / said["matching_cpu"],
        "room_without_fixed_wall": (room.wall - fixed.wall) / said["matching"],
    }


def tell(found: Measured, folder: Path, with_bars: bool = False) -> bool:
    """Prints all of it; true when answers agree, plans are bounded and, if asked, bars are met."""
    found_ratios = ratios(found)
    document: dict[str, Any] = asdict(found) | {"ratios": found_ratios}
    target = folder / f"matching_{found.wish.rows}.json"
    target.write_text(json.dumps(document, indent=2, default=str), encoding="utf-8")
    lines = [
        f"{found.wish.rows:,} events, {found.file_megabytes:,.0f} MB of files; load"
        f" {found.load_before:.1f} before, {found.load_after:.1f} after; {os.cpu_count()} cores",
        f"{'':34}{'seconds':>9}{'CPU':>9}{'MB':>8}",
        *_floor(found.floor),
        *_stages("Tieout", found.stages),
        *_stages("almost empty", found.fixed),
    ]
    lines += [f"{name:34}{ratio:9.2f}" for name, ratio in found_ratios.items()]
    lines += [f"warehouse {found.warehouse_megabytes:,.0f} MB", *_where(found), *_same(found)]
    print("\n".join(lines))  # noqa: T201
    is_whole = not found.offences and (found.same is None or found.same.is_whole)
    met = (
        found_ratios.get("all_wall", 0) <= ALL_BAR and found_ratios.get("room_wall", 0) <= ROOM_BAR
    )
    return is_whole and (met or not with_bars)


def _line(name: str, wall: float, cpu: float, megabytes: float | None = None) -> str:
    memory = "" if megabytes is None else f"{megabytes:8,.0f}"
    return f"{name:34}{wall:9.1f}{cpu:9.1f}{memory}"


def _floor(floor: Cost | None) -> list[str]:
    if floor is None:
        return []
    said = floor.said
    return [
        _line("floor, all", floor.wall, floor.cpu, floor.megabytes),
        _line("floor, staging", said["staging"], said["staging_cpu"]),
        _line("floor, matching", said["matching"], said["matching_cpu"]),
    ]


def _stages(who: str, costs: dict[str, Cost]) -> list[str]:
    return [
        _line(f"{who}: {name}", cost.wall, cost.cpu, cost.megabytes) for name, cost in costs.items()
    ]


def _where(found: Measured) -> list[str]:
    if not found.slowest:
        return []
    kinds = [
        f"  {kind}: {count} in {seconds:.1f} s"
        for kind, (count, seconds) in sorted(by_kind(found.slowest).items())
    ]
    top = [f"{node.seconds:8.2f}  {node.kind:6} {node.name}" for node in found.slowest[:TOP]]
    return ["of the build, seconds of nodes that ran two at a time:", *kinds, *top]


def _same(found: Measured) -> list[str]:
    plans = [f"plans of {found.models_checked} models of the room, {len(found.offences)} bad"]
    plans += [f"  {o.model}: {o.operator} over {o.rows:,} rows" for o in found.offences]
    if found.same is None:
        return plans
    pairs = [
        f"  pass {p['pass']}, {p['status']}: {p['pairs']:,} pairs, {p['wrong']} wrong"
        for p in found.same.pairs
    ]
    agreed = "the same" if found.same.is_whole else "DIFFERENT"
    different = [f"  {row}" for row in found.same.differences]
    return [
        *plans,
        f"answers of both: {agreed}; {found.same.open_items:,} open",
        *pairs,
        *different,
    ]
