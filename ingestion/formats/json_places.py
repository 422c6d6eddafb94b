"""Where a column stands in a JSON object, and what is left of the object for `_extra`.

Personal parts that nobody needs (`never_land`, by dotted path or by name at any depth) are cut out
before anything is read, so that they reach neither a column nor `_extra`; but what a column names
inside such a part by its whole path is read, and nothing beside it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ingestion.catalogue import Column, Record, SourceSpec
from ingestion.formats.json_strict import cell

Path = tuple[str, ...]
ENVELOPE = "^."


@dataclass(frozen=True)
class Event:
    """The event around an object; empty when there is none."""

    fields: dict[str, Any]


NO_EVENT = Event({})


def cells_of(
    value: dict[str, Any], event: Event, record: Record, spec: SourceSpec
) -> tuple[list[str | None], list[Any]]:
    """The columns of an object in order, then `_extra`; and the parts that must not land."""
    dropped: list[Any] = []
    kept = _without_dropped(value, spec, (), dropped)
    cells, used = [], []
    for column in record.columns:
        is_personal = column.kind == "personal"
        found = [
            (path, _at(value if is_personal or _is_inside(path, spec) else kept, event, path))
            for path in _paths(column)
        ]
        filled = [(path, part) for path, part in found if part not in (None, "")]
        cells.append(cell(filled[0][1]) if filled else None)
        used += [path for path, _ in (found if column.kind == "personal" else filled[:1])]
    rest = kept
    for path in used:
        _remove(rest, path)
    cells.append(json.dumps(rest, ensure_ascii=False) if rest else None)
    return cells, dropped


def is_not_needed(value: Any, spec: SourceSpec) -> bool:
    """Whether an object is of a kind the catalogue knows and has no table for."""
    kind = value.get("object") if isinstance(value, dict) else None
    return isinstance(kind, str) and any(fnmatchcase(kind, name) for name in spec.not_needed)


def _is_inside(path: Path, spec: SourceSpec) -> bool:
    """Whether a column stands inside a part that does not land, and is no such part itself."""
    if spec.is_dropped(path[-1]) or spec.is_dropped(".".join(path)):
        return False
    outer = [".".join(path[:end]) for end in range(1, len(path))]
    return any(spec.is_dropped(name) for name in (*outer, *path[:-1]))


def _paths(column: Column) -> list[Path]:
    return [tuple(word.split(".")) for word in (column.path or column.name, *column.aliases)]


def _at(value: Any, event: Event, path: Path) -> Any:
    if path[0] == "^":
        value, path = event.fields, path[1:]
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _without_dropped(value: Any, spec: SourceSpec, place: Path, dropped: list[Any]) -> Any:
    """A copy without the parts the contract says must not land."""
    if isinstance(value, list):
        return [_without_dropped(item, spec, place, dropped) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, part in value.items():
        here = (*place, name)
        if spec.is_dropped(name) or spec.is_dropped(".".join(here)):
            dropped.append(part)
        else:
            kept[name] = _without_dropped(part, spec, here, dropped)
    return kept


def _remove(value: Any, path: Path) -> None:
    """Takes a part out of the copy, and the objects that have nothing else in them."""
    *way, last = path
    trail = [value]
    for step in way:
        value = value.get(step) if isinstance(value, dict) else None
        trail.append(value)
    if isinstance(value, dict):
        value.pop(last, None)
    for outer, step in zip(reversed(trail[:-1]), reversed(way), strict=True):
        if isinstance(outer, dict) and outer.get(step) == {}:
            del outer[step]
