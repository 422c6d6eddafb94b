"""Trying again where the trouble is the server's and passes: a restart, a deadlock, a lost line.

Each attempt is the whole landing of a file with a fresh connection. A commit whose answer was lost
is found by the next attempt, which then calls the file a duplicate.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import duckdb
import psycopg

from dbt_project.warehouse import DuckDBWarehouse, Warehouse

PAUSES = (0.5, 2.0, 5.0)  # seconds before the second, third and last attempt
PASSING = (psycopg.OperationalError, psycopg.InterfaceError)
LASTING = ("53", "28", "3D")  # full disk or memory, wrong password, no such database
T = TypeVar("T")


def trying(warehouse: Warehouse, work: Callable[[], T]) -> T:
    """The work's answer; its last error when it fails at the fourth time, others at once."""
    if isinstance(warehouse, DuckDBWarehouse):
        return _reopened_when_broken(warehouse, work)
    for number, pause in enumerate((*PAUSES, None)):
        try:
            if number:
                warehouse.reopen()
            return work()
        except PASSING as error:
            if pause is None or (getattr(error, "sqlstate", None) or "").startswith(LASTING):
                raise
            time.sleep(pause)
    raise AssertionError("the last attempt answers or raises")


def _reopened_when_broken(warehouse: DuckDBWarehouse, work: Callable[[], T]) -> T:
    """A full disk makes DuckDB refuse everything until its file is opened anew.

    Threads of one process that write the same rows conflict; the later one looks again.
    """
    for pause in (*PAUSES, None):
        try:
            return work()
        except (duckdb.TransactionException, duckdb.ConstraintException):
            if pause is None:
                raise
            time.sleep(pause)
        except duckdb.Error:
            try:
                warehouse.connection.execute("select 1")
            except duckdb.Error:
                warehouse.reopen()
            raise
    raise AssertionError("the last attempt answers or raises")
