"""Every source and format on both engines: all land, answers are right, rows are the same."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.catalogue import catalogue
from ingestion.formats.parse import READERS
from ingestion.landing.land import LandingResult
from tests.python import sample_month
from tests.python.conftest import new_database
from tests.python.every_source import (
    FOLDER,
    Question,
    answer,
    deployment,
    files_of,
    land_all,
    questions,
    sources,
)
from tests.python.fingerprint import Fingerprint
from tests.python.split_files import rows_of, spread
from tests.python.split_world import (
    broken_controls,
    build,
    build_transactions,
    in_runs,
    land_parts,
    money,
    parts,
    split_settings,
)

QUESTIONS = questions()
ENGINES = ("duckdb", "postgres")


@dataclass(frozen=True)
class Built:
    """A deployment after landing and a tested build."""

    settings: Settings
    landed: list[tuple[Path, LandingResult]]
    marts: dict[str, Fingerprint]


def built(settings: Settings, tested: bool) -> Built:
    """Lands everything and builds it, with every data test of dbt or without."""
    landed = land_all(settings)
    assert settings.now is not None
    sample_month.build(settings, as_of=settings.now.astimezone(UTC), tested=tested)
    return Built(settings, landed, sample_month.marts(settings))


@pytest.fixture(scope="module")
def deployments(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: Any, pytestconfig: pytest.Config
) -> dict[str, Built]:
    """The same files on each engine; what dbt tests on one holds for the same rows on the other."""
    database = new_database(postgres_server)
    folders = {engine: tmp_path_factory.mktemp(engine) for engine in ENGINES}
    other = deployment(folders["postgres"], target="postgres", postgres=database)
    return {
        "duckdb": built(deployment(folders["duckdb"]), tested=True),
        "postgres": built(other, tested=bool(pytestconfig.getoption("thorough"))),
    }


def test_every_source_has_files_and_questions() -> None:
    asked = {question.source for question in QUESTIONS}
    assert set(catalogue()) - {"internal"} <= asked  # what a reader asks of the books is theirs
    assert [source for source in sources() if not files_of(source)] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_every_file_lands(deployments: dict[str, Built], engine: str) -> None:
    others = [
        f"{file.relative_to(FOLDER)}: {result.state} {result.message}"
        for file, result in deployments[engine].landed
        if result.state != "landed"
    ]
    assert others == []


def test_every_format_is_among_the_files(deployments: dict[str, Built]) -> None:
    with open_warehouse(deployments["duckdb"].settings, read_only=True) as warehouse:
        rows = warehouse.rows("select distinct format from ops.documents")
    # The sample month has the formats of the house: samples/inbox.
    of_the_month = {"ndjson", "xlsx"}
    assert set(READERS) - of_the_month <= {row["format"] for row in rows}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "question", QUESTIONS, ids=[f"{q.source}: {q.question}" for q in QUESTIONS]
)
def test_question(deployments: dict[str, Built], engine: str, question: Question) -> None:
    assert answer(deployments[engine].settings, question) == question.answer


def test_both_engines_have_the_same_rows(deployments: dict[str, Built]) -> None:
    duckdb, postgres = (deployments[engine].marts for engine in ENGINES)
    assert [name for name in duckdb if duckdb[name] != postgres.get(name)] == []
    assert set(duckdb) == set(postgres)
    assert duckdb["transactions"].rows > 0


@pytest.mark.parametrize("engine", ENGINES)
def test_every_control_passes(deployments: dict[str, Built], engine: str) -> None:
    with open_warehouse(deployments[engine].settings, read_only=True) as warehouse:
        failed = warehouse.rows("select * from marts.control_results where not passed")
    assert failed == []


@pytest.fixture(scope="module")
def split_in_two_steps(
    deployments: dict[str, Built], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Fingerprint, dict[str, Fingerprint], Settings]:
    """The marts of rows spread over other files: one row short at first, then whole."""
    folder = tmp_path_factory.mktemp("split")
    settings, files = split_settings(folder), parts(folder, random.Random(1))
    late = next(
        n for n, (source, file) in enumerate(files) if source == "generic" and file.suffix == ".csv"
    )
    assert in_runs(settings, files[:late] + files[late + 1 :]) == []
    short = build_transactions(settings)
    assert land_parts(settings, [files[late]]) == []
    build(settings)
    return short, money(settings), settings


def test_any_split_of_rows_into_files_gives_the_same_marts(
    deployments: dict[str, Built],
    split_in_two_steps: tuple[Fingerprint, dict[str, Fingerprint], Settings],
) -> None:
    _, split, settings = split_in_two_steps
    whole = money(deployments["duckdb"].settings)
    assert [name for name in whole if split[name] != whole[name]] == []
    assert broken_controls(settings) == []
    assert len(files_landed(settings)) > 15 + len(files_landed(deployments["duckdb"].settings))


def test_a_split_that_loses_rows_is_seen(
    deployments: dict[str, Built],
    split_in_two_steps: tuple[Fingerprint, dict[str, Fingerprint], Settings],
) -> None:
    """The control: before its last part came, the rows of one file were not there."""
    short, _, _ = split_in_two_steps
    assert short != money(deployments["duckdb"].settings)["transactions"]


def test_every_source_has_a_file_whose_rows_are_spread() -> None:
    """Others are wholes, cut by tests of their own: statements, card files, PayPal's reports."""
    spread = {s for s in sources() for file in files_of(s) if rows_of(file) is not None}
    assert set(sources()) - spread == {"bank", "nacha", "unica", "cielo", "rede"}


@pytest.mark.parametrize("seed", range(3))
def test_a_split_keeps_every_row(tmp_path: Path, seed: int) -> None:
    cut, chance = 0, random.Random(seed)
    for source in sources():
        for file in files_of(source):
            made = spread(file, tmp_path, chance)
            cut += len(made) > 1
            counts = [len(rows.items) for part in [file, *made] if (rows := rows_of(part))]
            assert counts == [] or counts[0] == sum(counts[1:]), file
    assert cut >= 10


def files_landed(settings: Settings) -> list[str]:
    """The names of the documents that are landed."""
    with open_warehouse(settings, read_only=True) as warehouse:
        rows = warehouse.rows("select name from ops.documents where state = 'landed'")
    return [str(row["name"]) for row in rows]
