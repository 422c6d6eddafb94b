"""Where a build's time goes: the slowest nodes of dbt's run_results.json, and sums by room.

Seconds are dbt's own, of nodes that ran beside each other: they add up to more than the clock.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Node:
    """One model, test or seed."""

    kind: str
    name: str
    seconds: float


def nodes(results: Path) -> list[Node]:
    """Every node that ran, slowest first."""
    document: dict[str, Any] = json.loads(results.read_text(encoding="utf-8"))
    found = [
        _node(str(node["unique_id"]), float(node["execution_time"])) for node in document["results"]
    ]
    return sorted(found, key=lambda node: (-node.seconds, node.name))


def _node(unique_id: str, seconds: float) -> Node:
    kind, _, name, *_ = unique_id.split(".")
    return Node(kind, name, seconds)


def by_kind(found: list[Node]) -> dict[str, tuple[int, float]]:
    """Number and seconds of the nodes of each kind; controls apart from other models."""
    sums: dict[str, tuple[int, float]] = defaultdict(lambda: (0, 0.0))
    for node in found:
        kind = f"{node.kind} of a control" if "int_controls__" in node.name else node.kind
        count, seconds = sums[kind]
        sums[kind] = (count + 1, seconds + node.seconds)
    return dict(sums)
