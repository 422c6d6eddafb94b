"""Files that kill the process while they are read: after three times they are not read again.

A mark lies in <state>/reading while a parser is at work, locked by its process. A mark
that nobody holds is of a process that died. Whoever finds three of them for the same bytes refuses
the file, so that the files behind it are landed.
"""

from __future__ import annotations

import fcntl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dbt_project.settings import Settings
from ingestion.faults import FileFault

MOST = 3


@contextmanager
def reading(settings: Settings, document_id: str) -> Iterator[None]:
    """Marks that a file is being read. Raises PARSER_CRASHED at the fourth time."""
    folder = settings.state / "reading"
    folder.mkdir(parents=True, exist_ok=True)
    died = [mark for mark in folder.glob(f"{document_id}.*") if _is_free(mark)]
    if len(died) >= MOST:
        _remove(died)
        raise FileFault(
            "PARSER_CRASHED",
            f"the process died {len(died)} times while it read this file, so it was not read again."
            " Look at it and at the memory of the machine; sent again, it is tried again",
        )
    mark = folder / f"{document_id}.{uuid.uuid4().hex}"
    made = folder / f".{mark.name}"
    with made.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        made.rename(mark)  # never seen unlocked
        try:
            yield
        finally:  # not reached by a process that dies
            _remove([mark, *died])


def _remove(marks: list[Path]) -> None:
    for mark in marks:
        mark.unlink(missing_ok=True)


def _is_free(mark: Path) -> bool:
    try:
        with mark.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, FileNotFoundError):
        return False
    return True
