"""The spool: proved events lie here, safely down, from the moment they are thanked for.

A SQLite file in the state folder, for both engines: a DuckDB warehouse has one writer, and a
database that is down must not turn a provider away. Every commit is on the disk before it returns.
One row an event, whatever was sent how often; a batch of events becomes one file, always the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dbt_project.settings import Settings
from ingestion.webhooks.events import Event

SCHEMA = """
create table if not exists events (
    event_number integer primary key, provider text not null, event_id text not null,
    event_type text not null, received_at text not null, body blob,
    state text not null default 'waiting', batch integer, document_id text, code text,
    asked_of text not null default ''
);
create index if not exists events_by_state on events (provider, state, batch);
create index if not exists events_by_batch on events (batch);
create table if not exists counters (
    provider text not null, day text not null, what text not null, count integer not null,
    primary key (provider, day, what)
);
"""
# What makes an event count once; a test shows two when this is missing.
UNIQUE = "create unique index if not exists one_row_an_event on events (provider, event_id);"
MAX_BATCH_BYTES = 64_000_000


@dataclass(frozen=True)
class Batch:
    """Events that are one file: its number, its events in the order they came, their bodies."""

    number: int
    events: tuple[int, ...]
    bodies: tuple[bytes, ...]


@dataclass(frozen=True)
class Line:
    """A line of `tieout webhooks --list`: how many events of a type are in a state."""

    provider: str
    state: str
    event_type: str
    count: int
    since: str


class Spool:
    """A SQLite file of events. Safe for several processes at once."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.touch(mode=0o600)
        with self.opened() as db:
            db.executescript(SCHEMA + UNIQUE)

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """A connection whose commits are on the disk, and that overwrites what it deletes."""
        connection = sqlite3.connect(self.file, timeout=30, isolation_level=None)
        with closing(connection):
            connection.row_factory = sqlite3.Row
            for pragma in ("journal_mode = wal", "synchronous = full", "secure_delete = on"):
                connection.execute(f"pragma {pragma}")
            yield connection

    def put(self, db: sqlite3.Connection, events: Sequence[Event]) -> list[bool]:
        """Stores events in one transaction; True for each that was not there before."""
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        db.execute("begin immediate")
        try:
            added = [
                db.execute(
                    "insert into events (provider, event_id, event_type, received_at, body)"
                    " values (?, ?, ?, ?, ?) on conflict do nothing",
                    (event.provider, event.event_id, event.event_type, now, event.body),
                ).rowcount
                == 1
                for event in events
            ]
            db.execute("commit")
        except BaseException:
            db.execute("rollback")
            raise
        return added

    def count(self, counts: Mapping[tuple[str, str], int]) -> None:
        """Adds to counters of the day (provider, what): all that is kept of refused calls."""
        day = datetime.now(UTC).date().isoformat()
        with self.opened() as db:
            db.execute("begin immediate")
            db.executemany(
                "insert into counters (provider, day, what, count) values (?, ?, ?, ?)"
                " on conflict (provider, day, what) do update set count = count + excluded.count",
                [(provider, day, what, number) for (provider, what), number in counts.items()],
            )
            db.execute("commit")

    def waiting(self, provider: str, catalogue: str) -> Iterator[tuple[int, bytes]]:
        """Events in no batch, in the order they came: new ones, and unknown ones that this
        catalogue was not asked about yet.
        """
        with self.opened() as db:
            rows = db.execute(
                "select event_number, body from events where provider = ? and batch is null"
                " and (state = 'waiting' or (state = 'unknown' and asked_of != ?))"
                " order by event_number",
                (provider, catalogue),
            )
            for row in rows:
                yield row["event_number"], row["body"]

    def oldest(self, provider: str) -> int | None:
        """The first event that waits to be landed."""
        with self.opened() as db:
            return db.execute(  # type: ignore[no-any-return]
                "select min(event_number) from events where provider = ? and state = 'waiting'",
                (provider,),
            ).fetchone()[0]

    def set_aside(self, events: Sequence[int], catalogue: str) -> None:
        """Notes that events are of a kind that no table of this catalogue is for."""
        with self.opened() as db:
            db.execute("begin immediate")
            db.executemany(
                "update events set state = 'unknown', asked_of = ? where event_number = ?",
                [(catalogue, number) for number in events],
            )
            db.execute("commit")

    def bind(self, events: Sequence[int]) -> int:
        """Makes a batch of events, for good: a file that is made again has the same bytes."""
        with self.opened() as db:
            db.execute("begin immediate")
            number = db.execute("select coalesce(max(batch), 0) + 1 from events").fetchone()[0]
            db.executemany(
                "update events set batch = ?, state = 'waiting' where event_number = ?",
                [(number, event) for event in events],
            )
            db.execute("commit")
        return int(number)

    def next_batch(self, provider: str) -> Batch | None:
        """The oldest batch that is made and not landed."""
        with self.opened() as db:
            number = db.execute(
                "select min(batch) from events where provider = ? and state = 'waiting'",
                (provider,),
            ).fetchone()[0]
            return None if number is None else _batch(db, number)

    def close(self, batch: Batch, state: str, document_id: str, code: str | None) -> None:
        """Notes what became of a batch's file. The archive holds the bytes now, or must not."""
        with self.opened() as db:
            db.execute("begin immediate")
            db.execute(
                "update events set state = ?, document_id = ?, code = ?, body = null"
                " where batch = ?",
                (state, document_id, code, batch.number),
            )
            db.execute("commit")
            db.execute("pragma wal_checkpoint(truncate)")

    def lines(self) -> list[Line]:
        """How many events of each type are in each state, and the refused calls of each day."""
        with self.opened() as db:
            events = db.execute(
                "select provider, case when state = 'unknown' then 'UNKNOWN_EVENT' else state end,"
                " event_type, count(*), min(received_at) from events"
                " group by 1, 2, 3 order by 1, 2, 3"
            ).fetchall()
            refused = db.execute(
                "select provider, 'refused', what, count, day from counters order by 1, 3, 5"
            ).fetchall()
        return [Line(*row) for row in [*events, *refused]]


def spool_of(settings: Settings) -> Spool:
    """The deployment's spool, made when missing."""
    return Spool(settings.state / "webhooks.sqlite")


def _batch(db: sqlite3.Connection, number: int) -> Batch:
    rows = db.execute(
        "select event_number, body from events where batch = ? order by event_number", (number,)
    ).fetchall()
    return Batch(
        number, tuple(row["event_number"] for row in rows), tuple(row["body"] for row in rows)
    )
