"""What is true of an archived file and not in its bytes: a small JSON text beside it.

Written before the bytes, so that no archived file is ever without. From archive and facts the
register and all rows can be made again, which is what `tieout reland` does.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

FACTS = "@facts.json"  # no archived name has an @ in it, see safe_name


@dataclass(frozen=True)
class Facts:
    """How a file came: name, source, door, moments; and what a person decided about it."""

    name: str
    tenant: str
    source: str
    sha256: str
    byte_count: int
    received_at: datetime
    landed_at: datetime
    door: str
    within: str = ""
    decision: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    names: dict[str, str | None] | None = None  # what else a dispute was called then

    def as_bytes(self) -> bytes:
        """The text of the sidecar."""
        values = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in _items(self)}
        return json.dumps(values, ensure_ascii=False, sort_keys=True, indent=1).encode()


def facts_from(text: bytes) -> Facts:
    """The facts a sidecar holds. Raises ValueError when it is not one."""
    values = json.loads(text)
    if not isinstance(values, dict):
        raise ValueError("a sidecar holds one JSON object")
    known = {field.name for field in fields(Facts)}
    kept = {name: value for name, value in values.items() if name in known}
    for name in ("received_at", "landed_at", "decided_at"):
        if kept.get(name):
            kept[name] = datetime.fromisoformat(kept[name])
    try:
        return Facts(**kept)
    except TypeError as error:
        raise ValueError(f"the sidecar lacks a fact: {error}") from error


def _items(facts: Facts) -> list[tuple[str, Any]]:
    return list(asdict(facts).items())
