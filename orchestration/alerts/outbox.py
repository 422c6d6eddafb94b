"""The outbox: alerts stay in it until delivered, and no alert is in it twice.

In: messages with a unique key. Out: claims, one a channel, each handed to one sender at a time.
It is a SQLite file in the state folder, not a table of the warehouse, because an alert about a
warehouse that is locked or broken must still get out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

LEASE = timedelta(minutes=5)  # longer than any delivery may take; see channels.TIMEOUT_SECONDS

SCHEMA = """
create table if not exists alerts (
    alert_id integer primary key, alert_key text not null, severity text not null,
    subject text not null, plain text not null, html text not null, created_at text not null
);
create table if not exists deliveries (
    delivery_id integer primary key, alert_id integer not null references alerts (alert_id),
    channel text not null, state text not null default 'pending',
    attempts integer not null default 0, claimed_until text, last_error text, delivered_at text
);
create table if not exists told (
    told_key text not null, alert_id integer not null references alerts (alert_id)
);
"""
# What makes an alert go out once; a test shows two messages when these are missing.
UNIQUE = """
create unique index if not exists one_alert_a_key on alerts (alert_key);
create unique index if not exists one_delivery_a_channel on deliveries (alert_id, channel);
create unique index if not exists one_telling on told (told_key);
"""


@dataclass(frozen=True)
class Message:
    """An alert in words: one key, one subject, the same text plain and as HTML."""

    key: str
    severity: str
    subject: str
    plain: str
    html: str


@dataclass(frozen=True)
class Claim:
    """The right to deliver one message through one channel, until the lease ends."""

    delivery_id: int
    channel: str
    created_at: datetime
    message: Message


@dataclass(frozen=True)
class Entry:
    """A line of `tieout alerts`: one alert on one channel (no channel: `channel` is empty)."""

    key: str
    severity: str
    subject: str
    created_at: str
    channel: str
    state: str
    attempts: int
    last_error: str


class Outbox:
    """A SQLite file of alerts and their deliveries. Safe for several processes at once."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as db:
            db.executescript(SCHEMA + UNIQUE)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.file, timeout=30, isolation_level=None)
        with closing(connection):
            connection.row_factory = sqlite3.Row
            yield connection

    def put(self, message: Message, channels: Sequence[str], tells: Sequence[str] = ()) -> bool:
        """Files an alert for the channels; False when its key is there already (nothing done).

        `tells`: keys of the things it speaks of; `untold` leaves them out from now on.
        """
        with self._open() as db:
            db.execute("begin immediate")
            added = db.execute(
                "insert into alerts (alert_key, severity, subject, plain, html, created_at)"
                " values (?, ?, ?, ?, ?, ?) on conflict do nothing",
                (*_fields(message), _text(datetime.now(UTC))),
            )
            if added.rowcount:
                _assign(db, int(added.lastrowid or 0), channels)
                db.executemany(
                    "insert into told (told_key, alert_id) values (?, ?) on conflict do nothing",
                    [(key, int(added.lastrowid or 0)) for key in tells],
                )
            db.execute("commit")
            return bool(added.rowcount)

    def untold(self, keys: Sequence[str]) -> list[str]:
        """Those of the keys that no alert has spoken of yet."""
        with self._open() as db:
            told = {row["told_key"] for row in db.execute("select told_key from told")}
        return [key for key in keys if key not in told]

    def assign_orphans(self, severity: str, channels: Sequence[str]) -> None:
        """Gives alerts that were filed when no channel was configured to these channels."""
        with self._open() as db:
            db.execute("begin immediate")
            orphans = db.execute(
                "select alert_id from alerts where severity = ? and not exists"
                " (select 1 from deliveries where deliveries.alert_id = alerts.alert_id)",
                (severity,),
            ).fetchall()
            for orphan in orphans:
                _assign(db, orphan["alert_id"], channels)
            db.execute("commit")

    def claim(self, channels: Sequence[str]) -> Claim | None:
        """The oldest pending delivery on these channels that nobody is delivering; None if none.

        A claim whose sender died is free again after the lease.
        """
        now = datetime.now(UTC)
        marks = ", ".join("?" for _ in channels)
        with self._open() as db:
            db.execute("begin immediate")
            row = db.execute(
                "select deliveries.*, alerts.* from deliveries"
                " inner join alerts on deliveries.alert_id = alerts.alert_id"
                f" where state = 'pending' and channel in ({marks})"
                " and (claimed_until is null or claimed_until < ?) order by delivery_id limit 1",
                (*channels, _text(now)),
            ).fetchone()
            if row is not None:
                db.execute(
                    "update deliveries set claimed_until = ?, attempts = attempts + 1"
                    " where delivery_id = ?",
                    (_text(now + LEASE), row["delivery_id"]),
                )
            db.execute("commit")
        return None if row is None else _claim(row)

    def delivered(self, claim: Claim, note: str = "") -> None:
        """Marks a claim as done: it is never delivered again."""
        with self._open() as db:
            db.execute(
                "update deliveries set state = 'delivered', delivered_at = ?, last_error = ?,"
                " claimed_until = null where delivery_id = ?",
                (_text(datetime.now(UTC)), note or None, claim.delivery_id),
            )

    def failed(self, claim: Claim, error: str) -> None:
        """Notes why a claim could not be delivered; it stays pending."""
        with self._open() as db:
            db.execute(
                "update deliveries set last_error = ? where delivery_id = ?",
                (error, claim.delivery_id),
            )

    def release(self, claims: Sequence[Claim]) -> None:
        """Frees claims that could not be delivered, for the next try."""
        with self._open() as db:
            db.executemany(
                "update deliveries set claimed_until = null where delivery_id = ?",
                [(claim.delivery_id,) for claim in claims],
            )

    def entries(self) -> list[Entry]:
        """Every alert on every channel, newest first."""
        with self._open() as db:
            rows = db.execute(
                "select alert_key, severity, subject, created_at, coalesce(channel, ''),"
                " coalesce(state, 'no channel'), coalesce(attempts, 0), coalesce(last_error, '')"
                " from alerts left join deliveries on alerts.alert_id = deliveries.alert_id"
                " order by alerts.alert_id desc, delivery_id"
            ).fetchall()
        return [Entry(*row) for row in rows]


def _assign(db: sqlite3.Connection, alert_id: int, channels: Sequence[str]) -> None:
    db.executemany(
        "insert into deliveries (alert_id, channel) values (?, ?) on conflict do nothing",
        [(alert_id, channel) for channel in channels],
    )


def _fields(message: Message) -> tuple[str, ...]:
    return message.key, message.severity, message.subject, message.plain, message.html


def _claim(row: sqlite3.Row) -> Claim:
    return Claim(
        delivery_id=row["delivery_id"],
        channel=row["channel"],
        created_at=datetime.fromisoformat(row["created_at"]),
        message=Message(
            row["alert_key"], row["severity"], row["subject"], row["plain"], row["html"]
        ),
    )


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
