"""Fixtures of the orchestration tests: a mail server and the command line of a deployment."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from dbt_project.settings import Settings
from tests.python.orchestration.deployment import Answer, call
from tests.python.orchestration.life import Life, lived
from tests.python.orchestration.mail_server import MailServer

Tieout = Callable[..., Answer]


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server that is down until it is started."""
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def tieout(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tieout:
    """Calls `tieout` and answers with exit code and output."""
    return lambda *words: call(monkeypatch, capsys, *words)


@pytest.fixture(scope="session")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """A deployment after two whole runs; see life.py."""
    with lived(tmp_path_factory.mktemp("life")) as story:
        yield story


@pytest.fixture
def settings(life: Life, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of the deployment with a life."""
    return life.deployment.settings(monkeypatch)
