"""A whole deployment in a temporary folder: its tieout.yml, its inbox, its command line."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from dbt_project.settings import PROJECT_ROOT, Settings, load_settings
from orchestration import cli

INBOX = PROJECT_ROOT / "samples" / "inbox"


@dataclass(frozen=True)
class Answer:
    """What a command said: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Deployment:
    """A folder with a tieout.yml that names everything in it."""

    folder: Path

    @property
    def config(self) -> Path:
        """Its tieout.yml."""
        return self.folder / "tieout.yml"

    def settings(self, monkeypatch: pytest.MonkeyPatch) -> Settings:
        """Its settings; from now on commands are about this deployment."""
        monkeypatch.setenv("TIEOUT_CONFIG", str(self.config))
        return load_settings()


def deploy(folder: Path, **choices: Any) -> Deployment:
    """Makes a deployment of the samples' merchant; `choices` are keys of tieout.yml."""
    folder.mkdir(parents=True, exist_ok=True)
    values = {
        "tenant": "kestrel_wren",
        "now": "2026-11-01T04:00:00Z",
        "warehouse": "tieout.duckdb",
        "published": "published.duckdb",
        "state": "state",
        "archive": "archive",
        "inbox": "inbox",
        "reports": "reports",
        "target_path": "target",
        "sources": {
            "internal": {"time_zone": "Europe/Amsterdam"},
            "thrive_cash": {"currency": "EUR"},
        },
        "limits": {"max_quarantine_percent": 10},
        **choices,
    }
    deployment = Deployment(folder)
    deployment.config.write_text(yaml.safe_dump(values), encoding="utf-8")
    return deployment


def fill_inbox(deployment: Deployment) -> None:
    """Puts the samples into the inbox."""
    shutil.copytree(INBOX, deployment.folder / "inbox", dirs_exist_ok=True)


def smtp_choice(port: int) -> dict[str, Any]:
    """The alerts section for a mail server on loopback."""
    return {
        "smtp": {
            "host": "127.0.0.1",
            "port": port,
            "security": "none",
            "sender": "tieout@books.example",
            "recipients": ["finance@books.example"],
        }
    }


def call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> Answer:
    """`tieout` with these words, in this process: the same entry point as the installed command."""
    capsys.readouterr()
    monkeypatch.setattr(sys, "argv", ["tieout", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    return Answer(int(ended.value.code or 0), said.out, said.err)
