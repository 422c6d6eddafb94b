"""A file that waits at a door, and the same file once it lies here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingestion.landing.archive import MANIFEST

PARTIAL = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~")


@dataclass(frozen=True)
class Waiting:
    """A file at a door. `place` finds it again, `passed_through` is what the register keeps."""

    source: str
    place: str
    name: str
    fingerprint: str
    passed_through: str
    seconds_old: float | None = None


@dataclass(frozen=True)
class Local:
    """The file's bytes here; `leave(True)` tells the door it landed, `leave(False)` it did not."""

    path: Path
    leave: Callable[[bool], None]


def is_data_name(name: str) -> bool:
    """Whether a name is one to take: not hidden, not half written, not another file's manifest."""
    return not name.startswith(".") and not name.lower().endswith((*PARTIAL, MANIFEST))
