"""A run as a table for people and as JSON beside the warehouse. The promises are checked here."""

from __future__ import annotations

import json
import os
from dataclasses import asdict

from benchmarks.matching.process import Cost
from benchmarks.rewards.run import Measured

LOOP_BAR, BARE_BAR, DAY_BAR = 30.0, 4.0, 0.10
DAY_ROWS = 10_000_000  # the history of which a day is to cost so little; of less, dbt is the cost
TOP = 12


def said(cost: Cost) -> tuple[float, float]:
    """Seconds and CPU seconds, of the stage's own clock where it has one."""
    return float(cost.said.get("seconds", cost.wall)), float(cost.said.get("cpu", cost.cpu))


def ratios(found: Measured) -> dict[str, tuple[float, float]]:
    """Each ratio by the clock and in CPU seconds."""
    costs = {name: said(cost) for name, cost in found.costs.items()}
    pairs = {
        "allocation by bare query (at most 4)": ("allocation", "bare"),
        "allocation by read and sort": ("allocation", "floor"),
        "room by bare query": ("refresh", "bare"),
        "a day by the whole (at most 0.10)": ("day_build", "refresh"),
        "a day of what reads the room, by all of it": ("day_outputs", "outputs"),
    }
    pairs |= {
        f"{name} by allocation (at least 30 for frames)": (name, "allocation")
        for name in costs
        if name.startswith("loop_")
    }
    told = {
        words: _by(costs[one], costs[other])
        for words, (one, other) in pairs.items()
        if one in costs and other in costs
    }
    if {"day_build", "idle_build", "refresh"} <= costs.keys():
        idle = costs["idle_build"]
        told["a day by the whole, without what a run costs that finds nothing"] = _by(
            _less(costs["day_build"], idle), _less(costs["refresh"], idle)
        )
    return told


def _by(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return one[0] / max(other[0], 1e-9), one[1] / max(other[1], 1e-9)


def _less(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return max(one[0] - other[0], 0), max(one[1] - other[1], 0)


def tell(found: Measured, with_bars: bool = False) -> bool:
    """Prints all of it; true when answers agree, plans are bounded and, if asked, bars are met."""
    wish = found.wish
    target = wish.folder / f"rewards_{wish.rows}.json"
    document = asdict(found) | {"ratios": ratios(found)}
    target.write_text(json.dumps(document, indent=2, default=str), encoding="utf-8")
    lines = [
        f"{wish.rows:,} rows, {found.customers:,} customers; the last day touches"
        f" {found.touched:,} of them with {found.rows_of_touched:,} rows; warehouse"
        f" {found.megabytes:,.0f} MB; load {found.load[0]:.1f} before, {found.load[1]:.1f} after;"
        f" {os.cpu_count()} cores",
        f"{'':58}{'seconds':>9}{'CPU':>9}{'MB':>8}",
    ]
    for name, cost in found.costs.items():
        seconds, cpu = said(cost)
        lines.append(f"{name:58}{seconds:9.1f}{cpu:9.1f}{cost.megabytes:8,.0f}")
        for model, (wall, used) in cost.said.get("models", {}).items():
            lines.append(f"  {model:56}{wall:9.2f}{used:9.2f}")
    lines += [f"{name:58}{wall:9.2f}{cpu:9.2f}" for name, (wall, cpu) in ratios(found).items()]
    for stage, slowest in found.slowest.items():
        told = ", ".join(f"{node.name} {node.seconds:.1f}" for node in slowest[:TOP])
        lines.append(f"{stage}, slowest nodes: {told}")
    agreed = {other: count for other, count in found.different.items() if count}
    lines.append(f"answers: {'DIFFERENT ' + str(agreed) if agreed else 'the same'}")
    lines.append(f"the day's build and the whole: {'the same' if found.same_as_refresh else 'NOT'}")
    lines.append(f"plans: {len(found.offences)} bad")
    lines += [f"  {o.model}: {o.operator} over {o.rows:,} rows" for o in found.offences]
    print("\n".join(lines))  # noqa: T201
    is_whole = not agreed and found.same_as_refresh and not found.offences
    return is_whole and (not with_bars or met(found))


def met(found: Measured) -> bool:
    """Whether the bars hold, by the clock."""
    costs = {name: said(cost)[0] for name, cost in found.costs.items()}
    bars = {
        ("allocation", "loop_frames"): 1 / LOOP_BAR,
        ("allocation", "bare"): BARE_BAR,
    }
    if found.wish.rows >= DAY_ROWS:
        bars[("day_build", "refresh")] = DAY_BAR
    return all(
        costs[one] <= costs[other] * bar
        for (one, other), bar in bars.items()
        if one in costs and other in costs
    )
