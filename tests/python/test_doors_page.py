"""Every block of docs/doors.md is accepted as it stands, and every kind of door has one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from dbt_project.settings import PROJECT_ROOT, ConfigurationError, load_settings
from dbt_project.settings_doors import KINDS as SETTINGS
from ingestion.catalogue import catalogue
from ingestion.sources.doors import KINDS
from ingestion.sources.sftp import host_key_of

PAGE = (PROJECT_ROOT / "docs" / "doors.md").read_text(encoding="utf-8")
BLOCKS = {
    yaml.safe_load(block)["doors"][0]["kind"]: block
    for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
}


def test_every_kind_has_settings_a_module_and_a_block() -> None:
    assert set(BLOCKS) == set(KINDS) == set(SETTINGS)


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_block_is_accepted_as_it_stands(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tieout.yml").write_text(BLOCKS[kind], encoding="utf-8")
    monkeypatch.setenv("TIEOUT_CONFIG", str(tmp_path / "tieout.yml"))
    (door,) = load_settings().doors
    assert door.kind == kind
    assert door.source in catalogue()
    if door.kind == "sftp":
        assert host_key_of(door).get_name() == "ssh-ed25519"


@pytest.mark.parametrize("kind", BLOCKS)
def test_an_unknown_key_is_refused_with_its_line(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = BLOCKS[kind].rstrip() + "\n    colour: red\n"
    (tmp_path / "tieout.yml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("TIEOUT_CONFIG", str(tmp_path / "tieout.yml"))
    with pytest.raises(
        ConfigurationError, match=rf"yml:{len(text.splitlines())}: doors\.0\.colour"
    ):
        load_settings()


@pytest.mark.parametrize("kind", BLOCKS)
def test_every_key_of_a_block_is_read(kind: str) -> None:
    """A secret stands in no block, and what names one is a variable of ours."""
    named = re.findall(r"_variable: (\S+?)[}\s]", BLOCKS[kind])
    assert all(name.startswith("TIEOUT_SECRET_") for name in named)
    assert not re.search(r"^\s+(password|secret|token|key):", BLOCKS[kind], re.M)


def test_every_failure_word_is_explained() -> None:
    """What a door raises in capitals stands in the page."""
    raised: set[str] = set()
    for file in (PROJECT_ROOT / "ingestion" / "sources").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        raised |= set(re.findall(r"TransferError\(\s*f?\"([A-Z]{3,}_?[A-Z_]+) ", text))
    assert {"PAGE_LOOP", "INCOMPLETE", "ARCHIVE_UNPROVEN"} <= raised
    assert [word for word in sorted(raised) if f"`{word}`" not in PAGE] == []
