"""Publishing on DuckDB: a fresh file beside the old one, filled, checked, synced, swapped in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from dbt_project.settings import Settings
from dbt_project.warehouse import open_duckdb
from delivery.facts import PublishError


def publish_duckdb(settings: Settings) -> dict[str, int]:
    """Rows by table of the new copy. Views become tables, so that the file needs no other."""
    final = settings.published
    fresh = final.with_name(f".{final.name}.{os.getpid()}")
    try:
        fresh.unlink(missing_ok=True)
        connection = open_duckdb(fresh)
        try:
            tables = _fill(connection, settings)
        finally:
            connection.close()
        _sync(fresh)
        fresh.replace(final)
        _sync(final.parent)
    finally:
        fresh.unlink(missing_ok=True)
    return tables


def _fill(connection: Any, settings: Settings) -> dict[str, int]:
    if not settings.warehouse.exists():
        raise PublishError(f"{settings.warehouse} is not there; run `tieout build` first")
    connection.execute(f"attach {_text(str(settings.warehouse))} as built (read_only)")
    connection.execute("create schema marts")
    found = connection.execute(
        "select table_name from information_schema.tables"
        " where table_catalog = 'built' and table_schema = 'marts' order by table_name"
    ).fetchall()
    if not found:
        raise PublishError(f"{settings.warehouse} has no marts; run `tieout build` first")
    tables = {name: _copy(connection, name) for (name,) in found}
    _comment(connection)
    connection.execute(
        "create table marts.publication as select run_id, as_of,"
        f" cast({_text(str(settings.clock()))} as timestamp) as published_at"
        " from built.ops.runs order by started_at desc, run_id desc limit 1"
    )
    connection.execute("detach built")
    connection.execute("checkpoint")
    return tables


def _copy(connection: Any, name: str) -> int:
    table = _name(name)
    connection.execute(f"create table marts.{table} as select * from built.marts.{table}")
    built, copied = connection.execute(
        f"select (select count(*) from built.marts.{table}), (select count(*) from marts.{table})"
    ).fetchone()
    if built != copied:
        raise PublishError(f"{name}: {built} rows built, {copied} copied; nothing published")
    return int(copied)


def _comment(connection: Any) -> None:
    where = "database_name = 'built' and schema_name = 'marts' and comment is not null"
    found = connection.execute(
        f"select table_name, null, comment from duckdb_tables() where {where} union all"
        f" select view_name, null, comment from duckdb_views() where {where} union all"
        f" select table_name, column_name, comment from duckdb_columns() where {where}"
    ).fetchall()
    for table, column, comment in found:
        target = f"marts.{_name(table)}"
        what = f"column {target}.{_name(column)}" if column else f"table {target}"
        connection.execute(f"comment on {what} is {_text(comment)}")


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
