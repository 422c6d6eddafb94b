"""A loader to be killed: lands what waits in the inbox and says so, a line a file, as it goes.

A child is forked from a parent that has the modules loaded and no connection open, so that a kill
costs milliseconds. `ack` is written after the door has let the file go: what was said must stay.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dbt_project.settings import Settings
from dbt_project.warehouse import DuckDBWarehouse, PostgresWarehouse, open_warehouse
from ingestion.landing.land import ensure_schema, fetch_doors

LONGEST = 600  # seconds; a loader that takes longer hangs


@contextmanager
def _no_transaction(_: object) -> Iterator[None]:
    yield


def fork(work: Callable[[], None]) -> int:
    """Runs the work in a child and returns its process id; the child ends with 0, or 1 loudly."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001 – nobody is above us to say it
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def without_transactions() -> None:
    """Takes the transaction away in this process (a control)."""
    DuckDBWarehouse.transaction = _no_transaction  # type: ignore[method-assign,assignment]
    PostgresWarehouse.transaction = _no_transaction  # type: ignore[method-assign,assignment]


def load(settings: Settings, acks: Path) -> None:
    """Lands everything at the doors."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        with acks.open("a", encoding="utf-8") as said:
            for result in fetch_doors(settings, warehouse):
                said.write(f"{result.document_id}\n")
                said.flush()


def wait(child: int, kill_after: float | None = None) -> int:
    """Waits for a child, killing it after some seconds; its exit code, or minus the signal."""
    end = time.monotonic() + (kill_after if kill_after is not None else LONGEST)
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
