"""A receiver that runs, and the keys it knows."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from dbt_project.settings import Settings
from tests.python.webhooks.calls import SECRETS, running, with_webhooks


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The secrets in the environment."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def deployment(duckdb_settings: Settings) -> Settings:
    """A deployment that takes webhooks."""
    return with_webhooks(duckdb_settings)


@pytest.fixture
def address(deployment: Settings) -> Iterator[str]:
    """Where its receiver listens."""
    with running(deployment) as found:
        yield found


@pytest.fixture
def unused_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
