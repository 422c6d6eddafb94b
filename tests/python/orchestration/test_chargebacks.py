"""`tieout chargeback`: documents are registered by hash, once, and are in the archive alone.

The disputes are planted by hand; no build is needed. Run alone: pytest, this file.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.again import lost
from ingestion.landing.archive import list_archive
from ingestion.landing.land import ensure_schema, refresh_archive_listing
from orchestration.chargebacks import add_evidence, chargeback, documents_of, open_chargebacks
from orchestration.repair import reland
from tests.python.conftest import make_settings

SECRET = b"Signed by Jane Miller, 12 Mill Lane, on delivery"
ROWS = "('cbk_1', 'default', 'dp_1', 'txn_1', 'MM-1', 'open', true, date '2026-10-20'), "
ROWS += "('cbk_2', 'default', 'dp_2', null, 'MM-1', 'open', false, date '2026-11-20')"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = make_settings(tmp_path)
    with open_warehouse(made) as warehouse:
        ensure_schema(warehouse)
        warehouse.execute("create schema marts")
        warehouse.execute(
            "create table marts.chargebacks (chargeback_id text, tenant_id text, native_id text,"
            " transaction_id text, reference text, outcome text, is_overdue boolean,"
            " respond_by date)"
        )
        warehouse.execute(f"insert into marts.chargebacks values {ROWS}")
        warehouse.execute(
            "create table marts.chargeback_events (chargeback_id text, transaction_id text)"
        )
    return made


def paper(folder: Path, name: str = "delivery_note.pdf", content: bytes = SECRET) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def registered(settings: Settings) -> list[dict[str, Any]]:
    with open_warehouse(settings, read_only=True) as warehouse:
        return warehouse.rows("select * from ops.chargeback_evidence order by evidence_id")


def test_the_same_bytes_are_registered_once_whatever_they_are_called(
    settings: Settings, tmp_path: Path
) -> None:
    first = add_evidence(settings, "dp_1", paper(tmp_path), "Ada", "signed")
    again = add_evidence(settings, "cbk_1", paper(tmp_path, "copy.pdf"), "Bob", "the same")
    other = add_evidence(settings, "cbk_1", paper(tmp_path, "b.pdf", b"other"), "Ada", "")
    assert (first.is_new, again.is_new, other.is_new) == (True, False, True)
    assert first.sha256 == again.sha256 == hashlib.sha256(SECRET).hexdigest()
    [one, two] = sorted(registered(settings), key=lambda row: row["byte_count"], reverse=True)
    assert (one["name"], one["added_by"], one["note"]) == ("delivery_note.pdf", "Ada", "signed")
    assert two["note"] is None
    assert len(list_archive(settings)) == 2


def test_what_is_in_it_is_in_the_archive_alone(settings: Settings, tmp_path: Path) -> None:
    add_evidence(settings, "cbk_1", paper(tmp_path), "Ada", "")
    (tmp_path / "delivery_note.pdf").unlink()
    holding = [f for f in tmp_path.rglob("*") if f.is_file() and SECRET in f.read_bytes()]
    assert [f.relative_to(tmp_path).parts[0] for f in holding] == ["archive"]
    assert holding[0].stat().st_mode & 0o222 == 0  # nobody writes into it


def test_it_survives_a_warehouse_that_is_gone(settings: Settings, tmp_path: Path) -> None:
    add_evidence(settings, "cbk_1", paper(tmp_path), "Ada", "signed")
    add_evidence(settings, "cbk_2", paper(tmp_path), "Bob", "")
    before = registered(settings)
    assert len(before) == 2
    settings.warehouse.unlink()
    assert list(reland(settings, "Ada")) == []  # no file of a source is made of it
    assert registered(settings) == before
    assert list(reland(settings, "Ada")) == []
    assert registered(settings) == before


def test_what_the_dispute_was_called_is_kept_beside_the_bytes(
    settings: Settings, tmp_path: Path
) -> None:
    add_evidence(settings, "cbk_1", paper(tmp_path), "Ada", "signed")
    settings.warehouse.unlink()
    assert list(reland(settings, "Ada")) == []
    [row] = registered(settings)
    assert (row["dispute_ref"], row["transaction_id"], row["reference"]) == (
        "dp_1",
        "txn_1",
        "MM-1",
    )


def test_documents_follow_a_dispute_that_has_another_id(settings: Settings, tmp_path: Path) -> None:
    made = add_evidence(settings, "cbk_1", paper(tmp_path), "Ada", "signed")
    with open_warehouse(settings) as warehouse:
        assert documents_of(warehouse, "cbk_2") == []
        warehouse.execute(
            f"create table marts.chargeback_evidence as select '{made.evidence_id}' as evidence_id,"
            " 'cbk_2' as chargeback_id"
        )
        assert [row["evidence_id"] for row in documents_of(warehouse, "cbk_2")] == [
            made.evidence_id
        ]


def test_a_name_that_is_no_text_is_refused_in_words(settings: Settings, tmp_path: Path) -> None:
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/note\xff.pdf"))
    file.write_bytes(SECRET)
    with pytest.raises(ConfigurationError, match=r"note\\xff.pdf is not UTF-8; give it another"):
        add_evidence(settings, "cbk_1", file, "Ada", "")
    assert registered(settings) == []


def test_it_is_no_file_that_was_lost(settings: Settings, tmp_path: Path) -> None:
    add_evidence(settings, "cbk_1", paper(tmp_path), "Ada", "")
    with open_warehouse(settings) as warehouse:
        assert refresh_archive_listing(settings, warehouse) == 1
        assert lost(settings, warehouse) == []


def test_an_id_that_names_nothing_or_too_much_is_refused(
    settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match="no dispute"):
        add_evidence(settings, "dp_9", paper(tmp_path), "Ada", "")
    with pytest.raises(ConfigurationError, match="several disputes: cbk_1, cbk_2"):
        add_evidence(settings, "MM-1", paper(tmp_path), "Ada", "")
    with pytest.raises(ConfigurationError, match="empty"):
        add_evidence(settings, "cbk_1", paper(tmp_path, "e.pdf", b""), "Ada", "")
    assert registered(settings) == []
    assert list_archive(settings) == []


def test_open_ones_are_listed_overdue_first(settings: Settings, tmp_path: Path) -> None:
    add_evidence(settings, "cbk_2", paper(tmp_path), "Ada", "")
    with open_warehouse(settings, read_only=True) as warehouse:
        rows = open_chargebacks(warehouse, "default", is_overdue=False)
        late = open_chargebacks(warehouse, "default", is_overdue=True)
        documents = documents_of(warehouse, "cbk_2")
        found = chargeback(warehouse, "default", "txn_1")
    assert [row["chargeback_id"] for row in rows] == ["cbk_1", "cbk_2"]
    assert [row["chargeback_id"] for row in late] == ["cbk_1"]
    assert [row["name"] for row in documents] == ["delivery_note.pdf"]
    assert found["chargeback_id"] == "cbk_1"
