"""One writer at a time: whoever lands or builds holds this lock, others are told who does.

In: Settings. Out: a context that gives a Lock; WarehouseBusyError at once when it is taken.
Two dbt runs at once on PostgreSQL end well and double rows; two in one checkout share target/.
Both locks are the operating system's or the server's, so a killed process never leaves one behind.
But a server that restarts, or drops the line, gives its lock to the next who asks, and says nothing
to us: so each step that writes asks first whether the lock is still held, and the last one after.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from dbt_project.settings import Settings
from dbt_project.warehouse import WarehouseBusyError, postgres_dsn

SECONDS_A_LOOK = 2.0
# A line that is dead is known within a minute, also when nothing is said on it for hours.
ALIVE: dict[str, Any] = {
    "keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3,
    "tcp_user_timeout": 30_000, "connect_timeout": 10,
}  # fmt: skip
STILL_HELD = """
select count(*) from pg_locks
where locktype = 'advisory' and granted and pid = pg_backend_pid() and objsubid = 1
    and database = (select oid from pg_database where datname = current_database())
    and ((classid::bigint << 32) | objid::bigint) = %s
"""
PATIENT = "select set_config(name, '0', false) from pg_settings where name = 'idle_session_timeout'"


class LockLostError(Exception):
    """The lock is gone: somebody else may be writing, so nothing more is written here."""


class Lock:
    """A lock that is held; `asked` are its parts, each of which raises LockLostError."""

    def __init__(self, *asked: Callable[[], None]) -> None:
        self._asked, self._looked = asked, time.monotonic()

    def check(self) -> None:
        """Before a step that writes or publishes. Raises LockLostError."""
        self._looked = time.monotonic()
        for ask in self._asked:
            ask()

    def watching(self, on_line: Callable[[str], None] | None = None) -> Callable[[str], None]:
        """Hears a long step line by line, and checks every few seconds while it speaks."""

        def heard(line: str) -> None:
            if time.monotonic() - self._looked > SECONDS_A_LOOK:
                self.check()
            if on_line:
                on_line(line)

        return heard


@contextmanager
def single_writer(settings: Settings) -> Iterator[Lock]:
    """Held while raw or marts are written: a file lock here, an advisory lock on PostgreSQL.

    Raises LockLostError at the end when it was lost in between.
    """
    with ExitStack() as held:
        asked = [held.enter_context(_file_lock(settings))]
        if settings.target == "postgres":
            asked.append(held.enter_context(_advisory_lock(settings)))
        lock = Lock(*asked)
        yield lock
        lock.check()


@contextmanager
def _file_lock(settings: Settings) -> Iterator[Callable[[], None]]:
    file = settings.state / "writer.lock"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            raise WarehouseBusyError(
                f"Another run is at work ({handle.read().strip() or 'just starting'}); "
                "wait until it has finished, or stop it."
            ) from error
        handle.truncate(0)
        handle.write(f"process {os.getpid()}")
        handle.flush()
        ours = os.fstat(handle.fileno())
        yield lambda: _same_file(file, ours)


def _same_file(file: Path, ours: os.stat_result) -> None:
    """Who deletes the file lets another run lock a new one of that name."""
    if not file.exists() or not os.path.samestat(file.stat(), ours):
        raise LockLostError(_lost(f"{file} was deleted or replaced"))


@contextmanager
def _advisory_lock(settings: Settings) -> Iterator[Callable[[], None]]:
    key = advisory_key(settings.tenant)
    with psycopg.connect(postgres_dsn(settings), autocommit=True, **ALIVE) as connection:
        connection.execute(PATIENT)
        taken = connection.execute("select pg_try_advisory_lock(%s)", (key,)).fetchone()
        if taken is None or not taken[0]:
            raise WarehouseBusyError(
                f"Another run is at work on PostgreSQL database {settings.postgres.database} for "
                f"tenant {settings.tenant}; wait until it has finished (pg_locks shows it)."
            )
        yield lambda: _still_held(connection, key)


def _still_held(connection: psycopg.Connection[Any], key: int) -> None:
    try:
        found = connection.execute(STILL_HELD, (key,)).fetchone()
    except psycopg.Error as error:
        raise LockLostError(_lost("the server restarted, or the line to it broke")) from error
    if found is None or not found[0]:
        raise LockLostError(_lost("the server no longer knows of it"))


def _lost(why: str) -> str:
    return (
        f"The writer's lock was lost ({why}): another run may have written meanwhile, so this one"
        " stops here. What is landed stays landed; call `tieout run` again."
    )


def advisory_key(tenant: str) -> int:
    """The advisory lock's number: one for each project and tenant, the same on every host."""
    digest = hashlib.sha256(f"tieout|{tenant}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
