"""Doors that are asked for what is new: intervals, pages, and a cursor that never runs ahead.

An interval is asked for to its declared end before the first page of it is landed; a page that
repeats, too many pages, or fewer items than announced are failures, and nothing of the interval is
kept. Then each page is landed as it came, and the cursor moves in the transaction of the last one.
The next run asks from a little before the cursor, because objects may appear late: they come twice
under names of their own, and downstream one native id is one transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dbt_project.settings_polls import PolledDoor
from ingestion.landing.cursors import cursor_of, moves
from ingestion.landing.failpoints import reached as place_reached
from ingestion.landing.result import Also, LandingResult
from ingestion.landing.snapshots import working_folder
from ingestion.sources.files import Here, Local, TransferError, Waiting

STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Interval:
    """From `since`, up to but not including `until`, both UTC."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Page:
    """One answer as it came, how many items it holds, and what tells it from other pages."""

    content: bytes
    items: int
    mark: str
    ending: str = "json"


def page_of(content: bytes, items: list[Any]) -> Page:
    """A page; two with the same items are the same page, whatever else they say."""
    text = json.dumps(items, sort_keys=True, default=str)
    return Page(content, len(items), hashlib.sha256(text.encode()).hexdigest())


@dataclass(frozen=True)
class Stream:
    """One kind of object of an interface. `known_until` says how far its answers were whole.

    `pages` gives every page of an interval, in order, and ends only at the declared end.
    """

    name: str
    pages: Callable[[Interval], Iterator[Page]]
    known_until: Callable[[], datetime | None] = lambda: None


class PolledPages:
    """An interface while its pages are taken."""

    def __init__(self, here: Here, door: PolledDoor, streams: list[Stream]) -> None:
        self.here, self.door, self.streams = here, door, streams
        self.paths: dict[str, Path] = {}
        self.notes: dict[str, Also] = {}
        self.refused: set[str] = set()

    def ready(self, is_wanted: Callable[[Waiting], bool]) -> Iterator[Waiting]:
        """Pages, stream after stream; a stream that fails does not stop the others."""
        failures: list[str] = []
        for stream in self.streams:
            try:
                yield from self._stream(stream)
            except TransferError as error:
                failures.append(f"{stream.name}: {error}")
        if failures:
            raise TransferError("; ".join(failures))

    @contextmanager
    def fetched(self, file: Waiting) -> Iterator[Local]:
        """A page that lies here already; the last one of an interval brings the cursor's move."""
        stream = file.place.rpartition("/")[0]
        was_refused = stream in self.refused
        self.refused.add(stream)  # until we are told what became of the page

        def leave(result: LandingResult) -> None:
            if result.state != "rejected" and not was_refused:
                self.refused.discard(stream)

        note = None if was_refused else self.notes.get(file.place)
        yield Local(self.paths[file.place], leave, note)

    def _stream(self, stream: Stream) -> Iterator[Waiting]:
        """Interval after interval, each stored before the next is asked for."""
        key = f"{self.door.key}/{stream.name}"
        for interval, reached in self._intervals(stream, key):
            with working_folder(self.here.settings) as folder:
                pages = self._pages(stream, interval, folder)
                move = moves(self.here.settings, key, reached.strftime(STAMP))
                place_reached("after_pages")
                if pages:
                    self.notes = {pages[-1].place: move}
                    yield from pages
                else:
                    with self.here.warehouse.transaction():
                        move(self.here.warehouse)
            if key in self.refused:
                raise TransferError("PAGE_REJECTED a page was rejected; its interval comes again")

    def _intervals(self, stream: Stream, key: str) -> Iterator[tuple[Interval, datetime]]:
        """What to ask for, each with the cursor it leads to; a cursor never goes back."""
        cursor = cursor_of(self.here.settings, self.here.warehouse, key)
        since = reached = self.door.start
        if cursor:
            reached = datetime.strptime(cursor, STAMP).replace(tzinfo=UTC)
            since = max(since, reached - timedelta(hours=self.door.overlap_hours))
        end = self.here.settings.clock().replace(tzinfo=UTC, microsecond=0)
        known = stream.known_until()
        end = min(end, known.replace(microsecond=0)) if known else end
        while since < end:
            until = min(since + timedelta(days=self.door.window_days), end)
            reached = max(reached, until)
            yield Interval(since, until), reached
            since = until

    def _pages(self, stream: Stream, interval: Interval, folder: Path) -> list[Waiting]:
        """Every page of an interval that holds something, as files; all of them or none."""
        found, seen = [], set()
        for number, page in enumerate(stream.pages(interval), start=1):
            if number > self.door.page_limit:
                raise TransferError(
                    f"PAGE_LIMIT over {self.door.page_limit} pages and no end; raise page_limit, or"
                    " make window_days smaller"
                )
            if page.items and page.mark in seen:
                raise TransferError(f"PAGE_LOOP page {number} is one that came before")
            seen.add(page.mark)
            if page.items:
                found.append(self._file(stream, interval, number, page, folder))
        return found

    def _file(
        self, stream: Stream, interval: Interval, number: int, page: Page, folder: Path
    ) -> Waiting:
        """A page under a name of its own: it must never replace another page."""
        digest = hashlib.sha256(page.content).hexdigest()
        times = f"{interval.since:{STAMP}}_{interval.until:{STAMP}}"
        name = f"{self.door.key}_{stream.name}_{times}_{number:05}_{digest[:12]}.{page.ending}"
        path = folder / str(number)
        path.write_bytes(page.content)
        place = f"{self.door.key}/{stream.name}/{name}"
        self.paths[place] = path
        return Waiting(
            source=self.door.source,
            place=place,
            name=name,
            fingerprint=digest,
            passed_through=f"{self.door.kind}:{self.door.key}/{stream.name}",
            within=f"{self.door.key}/{stream.name}",
        )
