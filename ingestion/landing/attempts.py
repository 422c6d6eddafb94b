"""Files that kill the process while they are read: after three times they are not read again.

A mark lies in <state>/reading while a parser is at work. Whoever finds three of them for the same
bytes refuses the file, so that the files behind it are landed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dbt_project.settings import Settings
from ingestion.faults import FileFault

MOST = 3


@contextmanager
def reading(settings: Settings, document_id: str) -> Iterator[None]:
    """Marks that a file is being read. Raises PARSER_CRASHED at the fourth time."""
    mark = _mark(settings, document_id)
    died = len(mark.read_bytes()) if mark.exists() else 0
    if died >= MOST:
        mark.unlink()
        raise FileFault(
            "PARSER_CRASHED",
            f"the process died {died} times while it read this file, so it was not read again. Look"
            " at it and at the memory of the machine; sent again, it is tried again",
        )
    mark.parent.mkdir(parents=True, exist_ok=True)
    with mark.open("ab") as file:
        file.write(b".")
    try:
        yield
    finally:  # not reached when the process dies
        mark.unlink(missing_ok=True)


def _mark(settings: Settings, document_id: str) -> Path:
    return settings.state / "reading" / document_id
