"""The SQL door: a query of a PostgreSQL database of your own, as a file of JSON lines.

The server writes each row as JSON, so numbers and moments keep every digit they have. With a
watermark only what is new since the last time is read, and a little before it; the cursor is the
greatest watermark that was read. Without one the whole answer replaces the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from dbt_project.settings import Settings
from dbt_project.settings_polls import SqlDoor, Watermark
from ingestion.landing.cursors import cursor_of, moves
from ingestion.landing.result import Also, LandingResult
from ingestion.landing.snapshots import working_folder
from ingestion.sources.files import Here, Local, TransferError, Waiting, answering, secret_of

AT_ONCE = 5_000


@contextmanager
def open_sql(here: Here, door: SqlDoor) -> Iterator[Answers]:
    """The database, read only."""
    with _connected(door) as connection:
        yield Answers(here, door, connection)


def try_sql(_: Settings, door: SqlDoor) -> str:
    """That the query is one. Raises TransferError."""
    with _connected(door) as connection, answering(door, psycopg.Error):
        connection.execute(_asked(door, sql.SQL("select * from q limit 0")))
    return f"{door.database} on {door.host} answers the query"


@contextmanager
def _connected(door: SqlDoor) -> Iterator[psycopg.Connection[Any]]:
    password = secret_of(door, door.password_variable) if door.password_variable else None
    limit = int(door.timeout_seconds * 1000)
    with answering(door, psycopg.Error):
        connection = psycopg.connect(
            host=door.host,
            port=door.port,
            dbname=door.database,
            user=door.user,
            password=password,
            sslmode=door.sslmode,
            connect_timeout=10,
            options=f"-c statement_timeout={limit} -c default_transaction_read_only=on"
            " -c timezone=UTC -c extra_float_digits=1",
        )
    try:
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        yield connection
    finally:
        connection.close()


def _asked(door: SqlDoor, question: sql.Composable, has_values: bool = False) -> sql.Composed:
    """A question about the door's own query, which is named q."""
    query = door.query.strip().rstrip(";")
    text = sql.SQL(query.replace("%", "%%") if has_values else query)
    return sql.SQL("with q as ({}\n) {}").format(text, question)


class Answers:
    """A database while its answer is taken: one file."""

    def __init__(self, here: Here, door: SqlDoor, connection: psycopg.Connection[Any]) -> None:
        self.here, self.door, self.connection = here, door, connection
        self.path = Path()
        self.note: Also | None = None

    def ready(self, is_wanted: Callable[[Waiting], bool]) -> Iterator[Waiting]:
        """The answer as one file, if there is a row in it."""
        with working_folder(self.here.settings) as folder:
            self.path = folder / "rows.ndjson"
            with answering(self.door, psycopg.Error), self.connection.transaction():
                reached, rows, name = self._read()
            self.note = moves(self.here.settings, self.door.key, reached) if reached else None
            if rows:
                place = f"{self.door.key}/{name}"
                yield Waiting(
                    source=self.door.source,
                    place=place,
                    name=name,
                    fingerprint=reached or "",
                    passed_through=f"sql:{self.door.key}",
                    within=self.door.key,
                )

    @contextmanager
    def fetched(self, file: Waiting) -> Iterator[Local]:
        """The file; it brings the cursor's move."""

        def leave(_: LandingResult) -> None:
            return

        yield Local(self.path, leave, self.note)

    def _read(self) -> tuple[str | None, int, str]:
        """Writes the rows; returns the watermark they reach, their number, the file's name."""
        mark = self.door.watermark
        if mark is None:
            rows = self._write(sql.SQL("select row_to_json(q)::text from q order by 1"), ())
            return None, rows, f"{self.door.key}.ndjson"
        column = sql.Identifier(mark.column)
        cursor = cursor_of(self.here.settings, self.here.warehouse, self.door.key)
        since, values = self._since(mark, cursor)
        self._refuse_rows_without(mark, column)
        newest = self._one(
            sql.SQL("select cast(max({}) as text) from q where {}").format(column, since), values
        )
        if newest is None:
            return None, 0, ""
        question = sql.SQL("select row_to_json(q)::text from q where {} order by {}, 1")
        rows = self._write(question.format(since, column), values)
        times = f"{cursor or mark.start}_{newest}"
        safe = "".join(c if c.isalnum() else "-" for c in times)
        return newest, rows, f"{self.door.key}_{safe}.ndjson"

    def _since(self, mark: Watermark, cursor: str | None) -> tuple[sql.Composed, tuple[str, ...]]:
        """The condition for new rows: from the cursor on, less the overlap."""
        kind = sql.SQL(mark.type)
        column = sql.Identifier(mark.column)
        if cursor is None:
            return sql.SQL("{} >= cast(%s as {})").format(column, kind), (mark.start,)
        overlap = sql.SQL("bigint" if mark.type == "bigint" else "interval")
        words = "{} >= cast(%s as {}) - cast(%s as {})"
        return sql.SQL(words).format(column, kind, overlap), (cursor, mark.overlap)

    def _refuse_rows_without(self, mark: Watermark, column: sql.Identifier) -> None:
        """A row without watermark would never be read, today and every day."""
        lost = self._one(
            sql.SQL("select count(*)::text from q where {} is null").format(column), ()
        )
        if lost != "0":
            raise TransferError(f"WATERMARK_NULL {lost} rows have no {mark.column}; give them one")

    def _one(self, question: sql.Composable, values: tuple[str, ...]) -> str | None:
        asked = _asked(self.door, question, bool(values))
        row = self.connection.execute(asked, values or None).fetchone()
        return None if row is None or row[0] is None else str(row[0])

    def _write(self, question: sql.Composable, values: tuple[str, ...]) -> int:
        """The rows, a few thousand at a time, as the server wrote them."""
        count = 0
        with (
            self.connection.cursor(name="tieout") as cursor,
            self.path.open("w", encoding="utf-8", newline="") as target,
        ):
            cursor.itersize = AT_ONCE
            cursor.execute(_asked(self.door, question, bool(values)), values or None)
            for (line,) in cursor:
                target.write(line + "\n")
                count += 1
        return count
