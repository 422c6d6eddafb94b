"""The sample month, built once a session; each test gets its own copy to spoil."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import Settings
from delivery.facts import RunFacts
from tests.python.buckets import s3_server
from tests.python.conftest import make_settings
from tests.python.sample_month import STORY
from tests.python.shared_month import shared_month

MOMENT = datetime(2026, 11, 1, 4, 0)


def facts(**changes: Any) -> RunFacts:
    """A run that went well, unless told otherwise."""
    words: dict[str, Any] = {
        "run_id": "run_1234",
        "as_of": MOMENT,
        "started_at": MOMENT,
        "finished_at": MOMENT,
        **changes,
    }
    return RunFacts(**words)


@pytest.fixture(scope="session")
def built_month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The DuckDB file of the built sample month; do not write into it."""
    return shared_month(tmp_path_factory)


@pytest.fixture
def month(tmp_path: Path, built_month: Path) -> Settings:
    """A deployment of its own with a copy of the built month."""
    settings = make_settings(tmp_path, **STORY)
    shutil.copy(built_month, settings.warehouse)
    return settings


@pytest.fixture
def s3_endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An S3 server on this machine, and credentials it takes."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with s3_server() as address:
        yield address
