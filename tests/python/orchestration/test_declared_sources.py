"""A source that a manifest declares is one to every command, to doctor and to Dagster."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dbt_project.settings import PROJECT_ROOT

MANIFEST = PROJECT_ROOT / "samples" / "sources" / "acme_pay" / "acme_pay.yml"
ASSETS = """
from orchestration.schedule.raw import LOADERS, SOURCES
loads = {key.to_user_string(): asset for asset in LOADERS for key in asset.keys}
generic = next(spec for spec in loads["generic/generic_transactions"].specs)
print("acme_pay" in SOURCES, "acme_pay/generic_transactions" in loads)
print(sorted(dep.asset_key.to_user_string() for dep in generic.deps))
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A deployment that declares Acme Pay, with an inbox for it."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "acme_pay.yml").write_bytes(MANIFEST.read_bytes())
    (tmp_path / "inbox" / "acme_pay").mkdir(parents=True)
    (tmp_path / "tieout.yml").write_text("tenant: marlow\n")
    return tmp_path


def called(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command in that deployment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TIEOUT_")}
    return subprocess.run(
        [sys.executable, *words],
        cwd=PROJECT_ROOT,
        env={**kept, "TIEOUT_CONFIG": str(home / "tieout.yml"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def doctor_says(home: Path) -> str:
    """What doctor says of the configuration."""
    code = "from orchestration.doctor import _configuration as c; from dbt_project.settings import"
    code += " load_settings as s; found = c(s()); print(found.is_ok, found.detail)"
    ran = called(home, "-c", code)
    return ran.stdout + ran.stderr


def test_dagster_loads_it_before_the_table_it_shares(home: Path) -> None:
    ran = called(home, "-c", ASSETS)
    assert ran.stdout.splitlines() == ["True True", "['acme_pay/generic_transactions']"], ran.stderr


def test_without_its_manifest_nobody_knows_it(home: Path) -> None:
    """The control: the same questions, and the manifest gone."""
    (home / "sources" / "acme_pay.yml").unlink()
    assert called(home, "-c", ASSETS).stdout.splitlines() == ["False False", "[]"]
    assert "unknown sources acme_pay" in doctor_says(home)


def test_doctor_knows_its_inbox_and_names_what_is_wrong_in_its_manifest(home: Path) -> None:
    assert doctor_says(home).startswith("True")
    file = home / "sources" / "acme_pay.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("delimiter:", "delimitr:"))
    said = doctor_says(home)
    assert said.startswith("False")
    assert 'nearest is "delimiter"' in said


def test_run_takes_it_by_name_and_refuses_another(home: Path) -> None:
    ran = called(home, "-m", "orchestration.cli", "load", "acme_pya", str(home))
    assert ran.returncode == 2
    assert "no such source" in ran.stderr + ran.stdout
