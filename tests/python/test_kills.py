"""A short fight of tests/kills: named places and random moments, in every scene.

In processes of their own: the driver forks, and this one has threads and connections.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from dbt_project.settings import PROJECT_ROOT
from ingestion.landing.failpoints import NAMES
from tests.kills.arena import Arena
from tests.kills.kill_landing import SCENES

RANDOM = 4
FEW = 5  # rounds of a scene that is tried at length by hand
CAUGHT = {
    "decisions": "half a decision: ",
    "reprocess": "half read again: ",
    "webhooks": "an event twice",
    "polls": "the cursor ",
    "bucket": "registered and not in the bucket: ",
}


def fight(*words: str) -> subprocess.CompletedProcess[str]:
    """The driver as it is called by hand."""
    command = [sys.executable, "-m", "tests.kills.kill_landing", *words]
    return subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_fault_f1_nothing_acknowledged_is_lost_and_nothing_is_there_twice(engine: str) -> None:
    ended = fight("--engine", engine, "--kills", str(len(Arena.places) + RANDOM))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert " 0 wrongs" in ended.stdout


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_without_the_transaction_the_checker_finds_half_a_file(engine: str) -> None:
    """The control: what holds above is the transaction, and the checker sees when it is gone."""
    ended = fight("--engine", engine, "--kills", str(len(Arena.places)), "--unguarded")
    assert ended.returncode == 1
    assert "half: " in ended.stdout or "register and details differ" in ended.stdout


@pytest.mark.parametrize("scene", sorted(CAUGHT))
def test_fault_f1_decisions_new_parses_events_pages_and_a_bucket_survive_too(scene: str) -> None:
    ended = fight("--engine", "duckdb", "--scene", scene, "--kills", str(FEW))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert " 0 wrongs" in ended.stdout


@pytest.mark.parametrize("scene", sorted(CAUGHT))
def test_without_its_guard_every_scene_is_caught(scene: str) -> None:
    """The control: no transaction, batches forgotten, a hasty cursor, an upload after the rows."""
    ended = fight("--engine", "duckdb", "--scene", scene, "--kills", "26", "--unguarded")
    assert ended.returncode == 1
    assert CAUGHT[scene] in ended.stdout, ended.stdout + ended.stderr


def test_every_named_place_is_hit_in_a_scene() -> None:
    assert {place for scene in SCENES.values() for place in scene.places} == set(NAMES)


def test_the_environment_arms_a_place_and_nothing_does_not() -> None:
    words = "from ingestion.landing.failpoints import reached; reached('after_archive'); print(1)"
    for armed, code in (("after_archive", -signal.SIGKILL), ("after_rows", 0), ("", 0)):
        environment = {**os.environ, "TIEOUT_FAILPOINT": armed}
        died = subprocess.run(
            [sys.executable, "-c", words], env=environment, cwd=PROJECT_ROOT, check=False
        )
        assert died.returncode == code
