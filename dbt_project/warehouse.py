"""Reading and writing the warehouse by hand: one small face over DuckDB and PostgreSQL.

In: Settings. Out: a Warehouse whose `rows` returns dictionaries, with Decimal for exact numbers.
SQL with parameters uses $1, $2, … on both engines. Larger statements belong in dbt models.
Errors: WarehouseBusyError when another process holds the DuckDB file, WarehouseDamagedError when it
is not what was written; the drivers' own otherwise.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import duckdb
import psycopg
from psycopg.conninfo import make_conninfo

from dbt_project.settings import Settings, secret

STORAGE = "v1.4.0"  # the newest file format that DuckDB 1.x clients (BI tools) can read

DAMAGE = (
    "Corrupt database file",
    "replaying WAL",
    "Could not read enough bytes",
    "not a valid DuckDB database",
)
WAY_OUT = (
    "Nothing that landed is lost while the archive is there: move the file and its .wal away (keep"
    " both), put a backup of both in their place if you have one, then call `tieout reland` and"
    " `tieout build`."
)
STEP = 10_000  # rows of a stream that are in memory at once
CONNECT_PAUSES = (0.5, 1.0, 2.0)  # seconds between tries


class WarehouseBusyError(Exception):
    """Another process has the DuckDB file open; the message names it."""


class WarehouseDamagedError(duckdb.Error):
    """The DuckDB file, or the log of changes beside it, is not what was written."""


class Warehouse(Protocol):
    """What readers and writers of the warehouse may do."""

    engine: str

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """All rows of a query, by column name."""

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
        """The rows of a query one after another, however many: they are never all in memory."""

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Runs one statement."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""

    def reopen(self) -> None:
        """Drops a connection that is of no use any more and makes a new one."""


class DuckDBWarehouse:
    """The embedded engine: one file, one writing process."""

    engine = "duckdb"

    def __init__(self, connection: Any, connect: Callable[[], Any] | None = None) -> None:
        self.connection, self._connect = connection, connect

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """All rows of a query, by column name."""
        cursor = self.connection.execute(sql, list(parameters))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
        """The rows of a query one after another, on a cursor of their own."""
        cursor = self.connection.cursor().execute(sql, list(parameters))
        names = [column[0] for column in cursor.description]
        while rows := cursor.fetchmany(STEP):
            yield from (dict(zip(names, row, strict=True)) for row in rows)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Runs one statement."""
        self.connection.execute(sql, list(parameters))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self.connection.execute("begin transaction")
        try:
            yield
        except BaseException:
            with suppress(duckdb.Error):  # a connection that a full disk broke cannot roll back
                self.connection.execute("rollback")
            raise
        self.connection.execute("commit")

    def reopen(self) -> None:
        """Drops a connection that is of no use any more and makes a new one."""
        with suppress(duckdb.Error):
            self.connection.close()
        if self._connect:
            self.connection = self._connect()


class PostgresWarehouse:
    """The team's server."""

    engine = "postgres"

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        connect: Callable[[], psycopg.Connection[Any]] | None = None,
    ) -> None:
        self.connection, self._connect = connection, connect

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """All rows of a query, by column name."""
        cursor = self.connection.execute(_numbered(sql), _named(parameters))
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
        """The rows of a query one after another, from a cursor that the server keeps."""
        with self.connection.transaction(), self.connection.cursor(name="stream") as cursor:
            cursor.itersize = STEP
            cursor.execute(_numbered(sql), _named(parameters))
            names = [column.name for column in cursor.description or ()]
            yield from (dict(zip(names, row, strict=True)) for row in cursor)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Runs one statement."""
        self.connection.execute(_numbered(sql), _named(parameters))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        with self.connection.transaction():
            yield

    def reopen(self) -> None:
        """Drops a connection that is of no use any more and makes a new one."""
        self.connection.close()
        if self._connect:
            self.connection = self._connect()


def _numbered(sql: str) -> str:
    return re.sub(r"\$(\d+)", r"%(p\1)s", sql.replace("%", "%%"))


def _named(parameters: Sequence[Any]) -> dict[str, Any]:
    return {f"p{number}": value for number, value in enumerate(parameters, start=1)}


@contextmanager
def open_warehouse(settings: Settings, read_only: bool = False) -> Iterator[Warehouse]:
    """The warehouse of the chosen target, closed again at the end.

    Read-only, of a DuckDB file that does not exist, is an empty warehouse in memory.
    """
    if settings.target == "postgres":
        server = PostgresWarehouse(
            _patiently(partial(_connect, settings)), partial(_connect, settings)
        )
        try:
            yield server
        finally:
            server.connection.close()
        return
    again = partial(open_duckdb, settings.warehouse, read_only)
    duck = DuckDBWarehouse(again(), again)
    try:
        yield duck
    finally:
        duck.connection.close()


def _connect(settings: Settings) -> psycopg.Connection[Any]:
    connection = psycopg.connect(postgres_dsn(settings), autocommit=True)
    connection.execute("set time zone 'UTC'")
    return connection


def _patiently(connect: Callable[[], psycopg.Connection[Any]]) -> psycopg.Connection[Any]:
    """A server that restarts is waited for a few seconds; one that is down is an error."""
    for pause in CONNECT_PAUSES:
        try:
            return connect()
        except psycopg.OperationalError:
            time.sleep(pause)
    return connect()


def open_duckdb(file: Path, read_only: bool = False) -> Any:
    """A connection to a DuckDB file in the format that 1.x clients read, in UTC."""
    if read_only and not file.exists():
        return duckdb.connect(":memory:")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(
            str(file), read_only=read_only, config={"storage_compatibility_version": STORAGE}
        )
    except duckdb.Error as error:
        if isinstance(error, duckdb.IOException) and "lock" in str(error):
            raise WarehouseBusyError(
                f"{file} is open in another process; wait for it or stop it. DuckDB says: {error}"
            ) from error
        if any(words in str(error) for words in DAMAGE):
            raise WarehouseDamagedError(
                f"{file} is damaged. {WAY_OUT} DuckDB says: {error}"
            ) from error
        raise
    connection.execute("set TimeZone = 'UTC'")
    return connection


def postgres_dsn(settings: Settings) -> str:
    """Connection words for libpq, quoted by the driver; the password comes from the environment."""
    server = settings.postgres
    return make_conninfo(
        host=server.host,
        port=server.port,
        user=server.user,
        dbname=server.database,
        sslmode=server.tls,
        password=secret("DBT_ENV_SECRET_POSTGRES_PASSWORD"),
    )
