"""The sample month on DuckDB, built once a test run for all workers; each test copies it.

In: pytest's factory of folders. Out: the warehouse's file; do not write into it.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from tests.python.conftest import make_settings
from tests.python.sample_month import STORY, build, land, sample_files


def shared_month(factory: pytest.TempPathFactory) -> Path:
    """The first worker that asks builds it, the others wait."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # the run's folder; the worker's own is in it
    folder = base / "shared_month"
    folder.mkdir(exist_ok=True)
    built = folder / "built"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            settings = make_settings(folder, **STORY)
            land(settings, sample_files())
            build(settings)
            built.touch()
    return make_settings(folder).warehouse
