"""Bytes on their way from a door: never more than allowed, never fewer than announced.

In: what the door lists (a size), and the limits of the deployment. A transfer that ends early is
tried again, because a cut line is no error in most protocols; one that brings more than was listed
is a file that still grows, or a peer that lies, and its bytes go no further than the limit.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from ingestion.faults import SourceChangedError
from ingestion.sources.files import TransferError

TRIES = 3


class ShortError(TransferError):
    """Fewer bytes came than were announced."""


def refuse_too_large(place: str, size: int, most: int) -> None:
    """Before a byte is asked for. Raises TransferError."""
    if size > most:
        raise TransferError(
            f"{place}: FILE_TOO_LARGE {size} bytes are more than {most}, and the file is left at"
            " its door; take it away, or raise limits.max_bytes"
        )


def whole(place: str, size: int, path: Path, bring: Callable[[Incoming], object]) -> None:
    """The file, when it has the size it was listed with; tried again when it is cut short.

    Raises TransferError; SourceChangedError when more comes.
    """
    for left in reversed(range(TRIES)):
        with Incoming(place, size, path) as target:
            bring(target)
        if target.count == size:
            return
        if not left:
            raise ShortError(f"{place}: {target.count} of {size} bytes came; run again")


class Incoming:
    """A file that takes no more bytes than were announced."""

    def __init__(self, place: str, most: int, path: Path) -> None:
        self.place, self.most, self.count = place, most, 0
        self._file = path.open("wb")

    def write(self, block: bytes) -> int:
        """Raises SourceChangedError instead of writing too much."""
        self.count += len(block)
        if self.count > self.most:
            raise SourceChangedError(f"{self.place} is longer than the {self.most} bytes it had")
        return self._file.write(block)

    def __enter__(self) -> Incoming:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()
