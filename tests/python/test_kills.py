"""A short fight of tests/kills: each named place once and some random moments, on each engine."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import PROJECT_ROOT
from ingestion.landing.failpoints import NAMES
from tests.kills.kill_landing import Arena, fight

RANDOM = 4


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_f1_nothing_acknowledged_is_lost_and_nothing_is_there_twice(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server: Any = request.getfixturevalue("postgres_server") if engine == "postgres" else None
    arena = Arena(tmp_path, server, seed=os.getpid())
    asked = [*NAMES, *["random"] * RANDOM]
    random.Random(1).shuffle(asked)
    found, ends = fight(arena, asked)
    assert found == []
    assert ends["killed"] >= len(NAMES) - 1


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_without_the_transaction_the_checker_finds_half_a_file(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The control: what holds above is the transaction, and the checker sees when it is gone."""
    server: Any = request.getfixturevalue("postgres_server") if engine == "postgres" else None
    arena = Arena(tmp_path, server, seed=os.getpid() + 1)
    found, _ = fight(arena, ["after_rows", "after_register"], is_guarded=False)
    assert any("half" in wrong for wrong in found)


def test_the_environment_arms_a_place_and_nothing_does_not() -> None:
    words = "from ingestion.landing.failpoints import reached; reached('after_archive'); print(1)"
    for armed, code in (("after_archive", -signal.SIGKILL), ("after_rows", 0), ("", 0)):
        environment = {**os.environ, "TIEOUT_FAILPOINT": armed}
        died = subprocess.run(
            [sys.executable, "-c", words], env=environment, cwd=PROJECT_ROOT, check=False
        )
        assert died.returncode == code
