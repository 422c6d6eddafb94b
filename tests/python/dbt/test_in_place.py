"""On DuckDB a relation takes the place of the old one in one step: macros/materializations.

A build, then another over changed data: a mart whose rows cannot be computed, a view where a table
was put and a table where a view was put.
"""

from __future__ import annotations

import pytest

from dbt_project.project import DbtRun, manifest, run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import ensure_schema
from tests.python.conftest import make_settings

RELATIONS = ["stg_documents__register", "file_gaps", "quarantine"]
NUMBERED = (
    "insert into ops.documents (document_id, tenant_id, source, name, logical_key, revision, state,"
    " received_at, landed_at, sequence_scope, sequence_number, sha256, byte_count, line_count,"
    " landed_rows, quarantined_rows, format) values ($1, 'default', 'rede', $1, $1, 0, 'landed',"
    " timestamp '2026-10-01', timestamp '2026-10-01', 'rede', $2, $1, 1, 1, 1, 0, 'rede')"
)
ENDS = (-(2**63), 2**63 - 1)  # what is missing between them is no bigint


def build(settings: Settings) -> DbtRun:
    return run_dbt(settings, ["run", "--select", *RELATIONS])


def number(settings: Settings, *numbers: int) -> None:
    with open_warehouse(settings) as warehouse:
        for value in numbers:
            warehouse.execute(NUMBERED, [f"doc_{value}", value])


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, DbtRun]:
    """Built, disturbed and built again."""
    settings = make_settings(tmp_path_factory.mktemp("in_place"))
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
    number(settings, 1, 5)
    first = build(settings)
    assert first.succeeded, first.output
    number(settings, *ENDS)
    with open_warehouse(settings) as warehouse:
        warehouse.execute("drop view staging.stg_documents__register")
        warehouse.execute("create table staging.stg_documents__register as select 1 as old")
        warehouse.execute("drop table marts.quarantine")
        warehouse.execute("create view marts.quarantine as select 1 as old")
    return settings, build(settings)


def test_a_model_that_fails_leaves_its_last_rows(rebuilt: tuple[Settings, DbtRun]) -> None:
    settings, run = rebuilt
    assert [node.name for node in run.failed()] == ["file_gaps"]
    with open_warehouse(settings) as warehouse:
        rows = warehouse.rows("select first_missing, last_missing from marts.file_gaps")
    assert rows == [{"first_missing": 2, "last_missing": 4}]


def test_a_view_takes_the_place_of_a_table_and_a_table_of_a_view(
    rebuilt: tuple[Settings, DbtRun],
) -> None:
    settings, _ = rebuilt
    with open_warehouse(settings) as warehouse:
        rows = warehouse.rows(
            "select table_name, table_type from information_schema.tables"
            " where table_name in ('stg_documents__register', 'quarantine')"
            " and table_schema in ('staging', 'marts')"
        )
    assert {row["table_name"]: row["table_type"] for row in rows} == {
        "stg_documents__register": "VIEW",
        "quarantine": "BASE TABLE",
    }


def test_descriptions_are_comments_of_relations_and_columns(
    rebuilt: tuple[Settings, DbtRun],
) -> None:
    settings, _ = rebuilt
    with open_warehouse(settings) as warehouse:
        columns = warehouse.rows(
            "select table_name as name, column_name, comment from duckdb_columns()"
            " where schema_name in ('marts', 'staging') and comment is not null"
        )
        relations = warehouse.rows(
            "select table_name as name, comment from duckdb_tables() where schema_name = 'marts'"
            " union all"
            " select view_name, comment from duckdb_views() where schema_name = 'staging'"
        )
    nodes = [n for n in manifest(settings)["nodes"].values() if n["name"] in RELATIONS]
    described = {
        (node["name"], name): column["description"]
        for node in nodes
        for name, column in node["columns"].items()
        if column["description"]
    }
    assert described
    assert {(row["name"], row["column_name"]): row["comment"] for row in columns} == described
    assert {row["name"]: row["comment"] for row in relations} == {
        node["name"]: node["description"] for node in nodes
    }
