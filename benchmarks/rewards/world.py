"""A deployment whose raw table holds N reward rows: a history, a document a million, and a day.

In: Settings, how many rows, a seed. Out: rows in raw.thrive_cash_transactions and ops.documents, as
landing writes them (landing itself is timed by benchmarks.landing). `add_day` brings the rest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import psycopg

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.schema import ensure_schema

PER_DOCUMENT = 1_000_000
COLUMNS = "trans_id, tctype, createdat, expiredat, customerid, orderid, amount, reason"
DAY_IN = 100  # one row of so many is of the last day
ODD = 5  # of a thousand customers
HISTORY_AT, DAY_AT = "2026-11-01 00:00:00", "2026-11-02 00:00:00"


def write_history(settings: Settings, rows: int, seed: int, odd: int = ODD) -> None:
    """Everything but the last day."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
    last = rows - rows // DAY_IN
    for start in range(0, last, PER_DOCUMENT):
        end = min(last, start + PER_DOCUMENT)
        _write(settings, _variables(rows, seed, odd, start, end), HISTORY_AT)


def add_day(settings: Settings, rows: int, seed: int, odd: int = ODD) -> None:
    """The last day: one row in a hundred."""
    _write(settings, _variables(rows, seed, odd, rows - rows // DAY_IN, rows), DAY_AT)


def _variables(rows: int, seed: int, odd: int, start: int, end: int) -> dict[str, int]:
    return {"rows": rows, "seed": seed, "odd": odd, "from_row": start, "to_row": end}


def _write(settings: Settings, variables: dict[str, int], received_at: str) -> None:
    document = f"doc_{variables['from_row']:012}"
    write = _into_duckdb if settings.target == "duckdb" else _into_postgres
    write(settings, variables, document)
    with open_warehouse(settings) as warehouse:
        warehouse.execute(
            "insert into ops.documents (document_id, tenant_id, source, name, logical_key, sha256,"
            " revision, received_at, landed_at, currency, state, landed_rows) values"
            " ($1, 'default', 'thrive_cash', $2, $3, $4, 1, cast($5 as timestamp),"
            " cast($6 as timestamp), 'EUR', 'landed', $7)",
            [document] * 4
            + [received_at, received_at, variables["to_row"] - variables["from_row"]],
        )


def world_of(connection: Any, variables: dict[str, int]) -> None:
    """The table `world`: rows of a workbook, of the variables that world.sql names."""
    for name, value in variables.items():
        connection.execute(f"set variable {name} = {value}")
    connection.execute(Path(__file__).with_name("world.sql").read_text(encoding="utf-8"))


def _into_duckdb(settings: Settings, variables: dict[str, int], document: str) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        world_of(connection, variables)
        connection.execute(
            f"insert into raw.thrive_cash_transactions ({COLUMNS}, _document_id, _source_file,"
            f" _source_line) select {COLUMNS}, '{document}', '{document}', place + 2 from world"
        )


def _into_postgres(settings: Settings, variables: dict[str, int], document: str) -> None:
    file = settings.state / f"{document}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        world_of(connection, variables)
        connection.execute(
            f"copy (select {COLUMNS}, '{document}', '{document}', place + 2 from world)"
            f" to '{file}' (header false)"
        )
    place = settings.postgres
    with (
        psycopg.connect(host=place.host, user=place.user, dbname=place.database) as server,
        server.cursor() as cursor,
        cursor.copy(
            f"copy raw.thrive_cash_transactions ({COLUMNS}, _document_id, _source_file,"
            " _source_line) from stdin (format csv)".encode()
        ) as copy,
        file.open("rb") as text,
    ):
        while block := text.read(1 << 20):
            copy.write(block)
    file.unlink()
