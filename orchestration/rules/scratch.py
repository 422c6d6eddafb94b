"""A place of its own where the matching room can run without touching the warehouse.

In: Settings. Out: Settings of a DuckDB file in the state folder that holds what the room reads:
the transactions, the seeds, people's decisions. Both engines match alike, so a PostgreSQL
deployment is compared in such a file too, and its server is only read. The caller deletes it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import psycopg
import yaml

from dbt_project.project import DbtRun, run_dbt
from dbt_project.settings import PROJECT_ROOT, Settings
from dbt_project.warehouse import open_duckdb, open_warehouse, postgres_dsn
from orchestration.register import has_table
from orchestration.rules.rows import Row, Rules, RulesError

DECLARED = PROJECT_ROOT / "seeds" / "_seeds_match_rules.yml"
READ = (("marts", "transactions"), ("ops", "match_decisions"))
ROOM = "path:models/intermediate/matching"
SELECTED = (f"+matches,{ROOM}", f"+match_members,{ROOM}", "matches", "match_members")
_TYPES = {
    "text": "varchar",
    "character varying": "varchar",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
}
_NOTHING = "\\N"  # what stands for null between the engines


@contextmanager
def scratch(settings: Settings) -> Iterator[Settings]:
    """Settings of a copy of what matching reads; the copy is gone afterwards."""
    home = settings.state / "rules"
    home.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=home))
    copy = settings.model_copy(
        update={
            "target": "duckdb",
            # dbt calls the database by the file, and keeps its parse for that name
            "warehouse": folder / settings.warehouse.name,
            "target_path": home / "target",
        }
    )
    try:
        _fill(settings, copy.warehouse)
        yield copy
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(settings: Settings, file: Path) -> None:
    with open_warehouse(settings, read_only=True) as warehouse:
        if not has_table(warehouse, "marts", "transactions"):
            raise RulesError("nothing was built yet: call tieout build first")
        seeds = warehouse.rows(
            "select table_name from information_schema.tables where table_schema = 'seeds'"
        )
    tables = [*READ, *(("seeds", str(row["table_name"])) for row in seeds)]
    if settings.target == "postgres":
        copy_from_postgres(settings, file, tables)
    else:
        _from_duckdb(settings, file, tables)


def _from_duckdb(settings: Settings, file: Path, tables: list[tuple[str, str]]) -> None:
    connection = open_duckdb(file)
    try:
        origin = str(settings.warehouse).replace("'", "''")
        connection.execute(f"attach '{origin}' as the_warehouse (read_only)")
        for schema, table in tables:
            connection.execute(f'create schema if not exists "{schema}"')
            connection.execute(
                f'create table "{schema}"."{table}" as from the_warehouse."{schema}"."{table}"'
            )
    finally:
        connection.close()


def copy_from_postgres(settings: Settings, file: Path, tables: list[tuple[str, str]]) -> None:
    """Copies tables of the server into a DuckDB file, in one transaction that only reads."""
    connection = open_duckdb(file)
    cells = file.with_suffix(".csv")
    quoted = str(cells).replace("'", "''")
    try:
        with psycopg.connect(postgres_dsn(settings)) as server:
            server.execute("set transaction isolation level repeatable read, read only")
            server.execute("set time zone 'UTC'")
            for schema, table in tables:
                with (
                    cells.open("wb") as out,
                    server.cursor().copy(
                        f'copy "{schema}"."{table}" to stdout (format csv, null \'{_NOTHING}\')'
                    ) as copy,
                ):
                    for part in copy:
                        out.write(part)
                columns = ", ".join(_columns(server, schema, table))
                connection.execute(f'create schema if not exists "{schema}"')
                connection.execute(f'create table "{schema}"."{table}" ({columns})')
                if cells.stat().st_size:
                    connection.execute(
                        f'copy "{schema}"."{table}" from \'{quoted}\' (format csv, header false,'
                        " auto_detect false, delimiter ',', quote '\"', escape '\"',"
                        f" new_line '\\n', max_line_size 100000000,"
                        f" nullstr '{_NOTHING}', allow_quoted_nulls false)"
                    )
    finally:
        connection.close()


def _columns(server: psycopg.Connection, schema: str, table: str) -> list[str]:
    found = server.execute(
        "select column_name, data_type, numeric_precision, numeric_scale"
        " from information_schema.columns where table_schema = %s and table_name = %s"
        " order by ordinal_position",
        (schema, table),
    )
    return [
        f'"{name}" decimal({precision or 38}, {scale or 0})'
        if kind == "numeric"
        else f'"{name}" {_TYPES.get(kind, kind)}'
        for name, kind, precision, scale in found
    ]


def put_rules(copy: Settings, rules: Rules) -> None:
    """Makes these the rules of the copy, with the types that the warehouse's have."""
    connection = open_duckdb(copy.warehouse)
    try:
        declared = yaml.safe_load(DECLARED.read_text(encoding="utf-8"))["seeds"]
        types = next(s["config"]["column_types"] for s in declared if s["name"] == "match_rules")
        shape = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
        connection.execute(f"create or replace table seeds.match_rules ({shape})")
        for row in rules.rows:
            names = ", ".join(f'"{name}"' for name in row)
            cells = ", ".join(
                f"cast(nullif(${place}, '') as {types[name]})" for place, name in enumerate(row, 1)
            )
            try:
                connection.execute(
                    f"insert into seeds.match_rules ({names}) values ({cells})",
                    [cell.strip() for cell in row.values()],
                )
            except duckdb.ConversionException as error:
                rule = f"{row['rule_id']} version {row['rule_version']}"
                raise RulesError(f"{rules.origin}: rule {rule}: {error}") from error
    finally:
        connection.close()


def refused(copy: Settings) -> list[str]:
    """The tests of the seed that refuse the rules of the copy, with the rules they name."""
    seeds = ["match_rules", "reconciliations", "business_calendars"]
    ran = run_dbt(copy, ["test", "--select", *seeds, "--indirect-selection", "cautious"])
    return [f"{node.name}: {_named(copy, node.compiled_code)}" for node in ran.failed()]


def _named(copy: Settings, sql: str) -> str:
    with open_warehouse(copy, read_only=True) as warehouse:
        rows: list[Row] = warehouse.rows(sql)
    names = {str(row[name]) for row in rows for name in ("rule_id", "other_rule_id") if name in row}
    values = {str(value) for row in rows for value in row.values()}
    return ", ".join(sorted(names or values))


def match(copy: Settings, moment: str) -> DbtRun:
    """Runs the matching room in the copy, as of a moment."""
    ran = run_dbt(copy, ["run", "--select", *SELECTED], {"as_of": moment})
    if not ran.succeeded:
        raise RulesError("the matching did not run:\n" + ran.output[-2000:])
    return ran
