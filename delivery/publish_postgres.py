"""Publishing on PostgreSQL: new tables are made beside the old ones and take their names at commit.

The schema itself stays, and with it usage grants and default privileges; what was granted on a
table is granted on its successor. A reader in the middle of a query finishes it on the old tables.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.sql import SQL, Composable, Identifier, Literal

from dbt_project.settings import Settings
from dbt_project.warehouse import postgres_dsn
from delivery.facts import PublishError

SCHEMA = "published"
# Waiting for a reader's lock also makes later readers wait; a run gives up before that hurts.
LOCK_TIMEOUT = "60s"

Connection = psycopg.Connection[Any]


def publish_postgres(settings: Settings) -> dict[str, int]:
    """Rows by table of the new copy. Raises PublishError; the transaction is then undone."""
    with psycopg.connect(postgres_dsn(settings)) as connection:
        names = _tables(connection, "marts")
        if not names:
            raise PublishError("the database has no marts; run `tieout build` first")
        connection.execute(SQL("set local lock_timeout = {}").format(Literal(LOCK_TIMEOUT)))
        connection.execute(SQL("create schema if not exists {}").format(Identifier(SCHEMA)))
        tables = {name: _copy(connection, name) for name in names}
        connection.execute(
            SQL(
                "create table {} as select run_id, as_of, cast({} as timestamp) as published_at"
                " from ops.runs order by started_at desc, run_id desc limit 1"
            ).format(_next("publication"), Literal(str(settings.clock())))
        )
        _swap(connection, [*names, "publication"])
    return tables


def _copy(connection: Connection, name: str) -> int:
    source = Identifier("marts", name)
    connection.execute(SQL("create table {} as select * from {}").format(_next(name), source))
    _comment(connection, name)
    counts = SQL("select (select count(*) from {}), (select count(*) from {})")
    row = connection.execute(counts.format(source, _next(name))).fetchone()
    built, copied = row or (0, 0)
    if built != copied:
        raise PublishError(f"{name}: {built} rows built, {copied} copied; nothing published")
    return int(copied)


def _comment(connection: Connection, name: str) -> None:
    found = connection.execute(
        "select attribute.attname, description.description from pg_description as description"
        " left join pg_attribute as attribute on attribute.attrelid = description.objoid"
        " and attribute.attnum = description.objsubid and description.objsubid > 0"
        " where description.classoid = 'pg_class'::regclass and description.objoid = %s::regclass",
        [Identifier("marts", name).as_string(connection)],
    ).fetchall()
    for column, comment in found:
        what: Composable = SQL("table {}").format(_next(name))
        if column:
            what = SQL("column {}.{}").format(_next(name), Identifier(column))
        connection.execute(SQL("comment on {} is {}").format(what, Literal(comment)))


def _swap(connection: Connection, names: list[str]) -> None:
    old = [name for name in _tables(connection, SCHEMA) if not name.startswith("next ")]
    try:
        for name in old:
            if name in names:
                _grant(connection, name)
            connection.execute(SQL("drop table {}").format(Identifier(SCHEMA, name)))
    except (psycopg.errors.LockNotAvailable, psycopg.errors.DependentObjectsStillExist) as error:
        raise PublishError(
            f"{SCHEMA}.{name} could not be replaced, the old copy stays: {_words(error)}."
            " Drop a view of your own on a published table before a run and make it again after;"
            " end a query that never ends."
        ) from error
    for name in names:
        rename = SQL("alter table {} rename to {}")
        connection.execute(rename.format(_next(name), Identifier(name)))


def _words(error: psycopg.Error) -> str:
    found = (error.diag.message_primary, error.diag.message_detail)
    return "; ".join(text for text in found if text)


def _grant(connection: Connection, name: str) -> None:
    """What others may do with the old table they may do with the new one."""
    found = connection.execute(
        "select case when entry.grantee = 0 then null else entry.grantee::regrole::text end,"
        " entry.privilege_type from pg_class cross join aclexplode(pg_class.relacl) as entry"
        " where pg_class.oid = %s::regclass and entry.grantee != pg_class.relowner",
        [Identifier(SCHEMA, name).as_string(connection)],
    ).fetchall()
    for role, privilege in found:
        # Both come from the server's own catalogue, the role already quoted by regrole.
        to = SQL("public") if role is None else SQL(role)
        grant = SQL("grant {} on {} to {}").format(SQL(privilege), _next(name), to)
        connection.execute(grant)


def _tables(connection: Connection, schema: str) -> list[str]:
    rows = connection.execute(
        "select table_name from information_schema.tables where table_schema = %s"
        " order by table_name",
        [schema],
    ).fetchall()
    return [str(name) for (name,) in rows]


def _next(name: str) -> Identifier:
    return Identifier(SCHEMA, f"next {name}")
