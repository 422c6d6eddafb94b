"""One writer at a time: whoever lands or builds holds this lock, others are told who does.

In: Settings. Out: a context; WarehouseBusyError at once when the lock is taken.
Two dbt runs at once on PostgreSQL end well and double rows; two in one checkout share target/.
Both locks are the operating system's or the server's, so a killed process never leaves one behind.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import psycopg

from dbt_project.settings import Settings
from dbt_project.warehouse import WarehouseBusyError, postgres_dsn


@contextmanager
def single_writer(settings: Settings) -> Iterator[None]:
    """Held while raw or marts are written: a file lock here, an advisory lock on PostgreSQL."""
    elsewhere = _advisory_lock(settings) if settings.target == "postgres" else nullcontext()
    with _file_lock(settings), elsewhere:
        yield


@contextmanager
def _file_lock(settings: Settings) -> Iterator[None]:
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
        yield


@contextmanager
def _advisory_lock(settings: Settings) -> Iterator[None]:
    key = advisory_key(settings.tenant)
    with psycopg.connect(postgres_dsn(settings), autocommit=True) as connection:
        taken = connection.execute("select pg_try_advisory_lock(%s)", (key,)).fetchone()
        if taken is None or not taken[0]:
            raise WarehouseBusyError(
                f"Another run is at work on PostgreSQL database {settings.postgres.database} for "
                f"tenant {settings.tenant}; wait until it has finished (pg_locks shows it)."
            )
        yield


def advisory_key(tenant: str) -> int:
    """The advisory lock's number: one for each project and tenant, the same on every host."""
    digest = hashlib.sha256(f"tieout|{tenant}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
