"""`tieout webhooks`: what it shows, and why it does not start."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dbt_project.settings import load_settings
from orchestration import cli
from tests.python.webhooks.calls import event, sale, spooled

CONFIG = """
webhooks:
  providers:
    - {name: stripe, scheme: stripe, source: stripe, secret_variables: [TIEOUT_SECRET_NEW]}
    - {name: shop, scheme: hmac, source: internal, secret_variables: [TIEOUT_SECRET_OLD]}
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deployment's tieout.yml with two providers."""
    file = tmp_path / "tieout.yml"
    file.write_text(CONFIG, encoding="utf-8")
    monkeypatch.setenv("TIEOUT_CONFIG", str(file))
    return file


def tieout(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """The exit code of a call."""
    monkeypatch.setattr(sys, "argv", ["tieout", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_the_list_counts_events_by_kind_and_refused_calls(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load_settings()
    spooled(settings, event("evt_1"), event("evt_2"), provider="stripe")
    spooled(settings, sale(1))
    assert tieout(monkeypatch, "webhooks", "--list") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "stripe waiting charge.succeeded 2" in out
    assert "shop waiting" in out


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("[TIEOUT_SECRET_NEW]", "[TIEOUT_SECRET_NOT_THERE]"), "TIEOUT_SECRET_NOT_THERE is empty"),
        (("[TIEOUT_SECRET_NEW]", "[MY_SECRET]"), "providers.0.secret_variables.0"),
        (("source: internal", "source: intrenal"), "intrenal"),
        (("scheme: stripe", "scheme: square"), "square signs its url"),
        (("name: shop", "name: stripe"), "two providers have one name"),
        ((CONFIG, "tenant: a\n"), "names nobody who may call"),
    ],
)
def test_it_does_not_start_with_wrong_settings(
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    change: tuple[str, str],
    words: str,
) -> None:
    config.write_text(CONFIG.replace(*change), encoding="utf-8")
    assert tieout(monkeypatch, "webhooks", "--port", "0") == 1
    assert words in " ".join(capsys.readouterr().err.split())
