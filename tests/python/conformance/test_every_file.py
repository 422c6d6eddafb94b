"""Every file other people published, on both engines: it becomes what the list says, row for row.

`python -m tests.python.conformance.foreign` prints the same run as a report.
"""

from __future__ import annotations

from typing import Any

import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python import sample_month
from tests.python.conformance.foreign import SAMPLES, Outcome, desk_settings, expectations, outcomes
from tests.python.conftest import new_database
from tests.python.fingerprint import Fingerprint, fingerprints

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason=f"{SAMPLES} is not here: foreign sample files are not ours to ship"
)
ENGINES = ("duckdb", "postgres")
Landed = dict[str, tuple[Settings, list[Outcome]]]


@pytest.fixture(scope="module")
def landed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, postgres_server: Any
) -> Landed:
    """All files, and the marts built over what landed: on each engine when it is to be thorough."""
    folders = {engine: tmp_path_factory.mktemp(engine) for engine in ENGINES}
    on_postgres = {"target": "postgres", "postgres": new_database(postgres_server)}
    deployments = {
        "duckdb": desk_settings(folders["duckdb"]),
        "postgres": desk_settings(folders["postgres"], **on_postgres),
    }
    if not request.config.getoption("thorough"):
        del deployments["postgres"]
    done = {
        engine: (settings, list(outcomes(settings))) for engine, settings in deployments.items()
    }
    for settings in deployments.values():
        sample_month.build(settings)
    return done


def prints(settings: Settings, schema: str) -> dict[str, Fingerprint]:
    """The fingerprint of every relation of a schema."""
    with open_warehouse(settings, read_only=True) as warehouse:
        return fingerprints(warehouse, schema)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_file_becomes_what_the_list_says(landed: Landed, engine: str) -> None:
    others = [
        f"{o.file}: {o.result.state} {o.result.message}"
        for o in landed[engine][1]
        if not o.as_expected and o.result
    ]
    assert others == []
    assert len(landed[engine][1]) > 200


def test_every_line_of_the_list_speaks_of_a_file() -> None:
    assert [line.files for line in expectations() if not list(SAMPLES.glob(line.files))] == []


@pytest.mark.parametrize("schema", ["raw", "marts"])
def test_postgres_has_the_same_rows(landed: Landed, schema: str) -> None:
    duckdb, postgres = (prints(landed[engine][0], schema) for engine in ENGINES)
    assert [name for name in duckdb if duckdb[name] != postgres.get(name)] == []
    assert set(duckdb) == set(postgres)
    assert sum(found.rows for found in duckdb.values()) > 500
