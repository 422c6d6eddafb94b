"""A database that lost its tail is made whole from the archive (F22, F23), and says so before."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import DuckDBWarehouse, Warehouse, open_warehouse
from ingestion.landing.again import lost, reject, reland, release
from ingestion.landing.facts import FACTS
from ingestion.landing.land import ensure_schema, land_file, refresh_archive_listing
from ingestion.landing.schema import raw_tables
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS, Desk
from tests.python.ingestion.declared import PROCESSOR, declared_in, lines
from tests.python.ingestion.make import STRIPE, books, camt, entry, table, tied

FIVE: list[tuple[str, str, bytes]] = [
    ("internal", "monday.csv", books({"amount": "10.00"}, {"amount": "x"})),
    ("internal", "tuesday.csv", books({"amount": "20.00", "fee": "0.10"})),
    ("stripe", "stripe.csv", table(STRIPE)),
    ("bank", "statement.xml", camt(tied(entry()))),
    ("bank", "unbalanced.xml", camt(tied(entry(), closing="999.00", identity="S2"))),
]


def fingerprint(warehouse: Warehouse) -> dict[str, list[str]]:
    """Every row of raw, register, quarantine, totals and decisions, as text in its own order."""
    names = [f"raw.{name}" for name in raw_tables()]
    names += [f"ops.{n}" for n in ("documents", "document_rows", "quarantine", "control_totals")]
    names += ["ops.document_decisions"]
    found = {}
    for name in names:
        rows = warehouse.rows(f"select * from {name}")
        found[name] = sorted(repr(sorted(row.items())) for row in rows)
    return found


def missing(settings: Settings, warehouse: Warehouse) -> int:
    """How many archived files the register does not know: control archive_in_register."""
    refresh_archive_listing(settings, warehouse)
    rows = warehouse.rows(
        "select count(*) as n from ops.archive_listing as a left join ops.documents as d"
        " on a.archived_as = d.archived_as where d.document_id is null"
    )
    return int(rows[0]["n"])


def land_five(
    settings: Settings, warehouse: Warehouse, folder: Path, first: int, last: int
) -> None:
    """Some of the five files, an hour apart; the one that is held is released."""
    start: datetime = settings.clock()
    for number in range(first, last):
        source, name, content = FIVE[number]
        path = folder / name
        path.write_bytes(content)
        late = settings.model_copy(update={"now": start + timedelta(hours=number)})
        result = land_file(late, warehouse, source, path, door=f"door {number}", within="in/day")
        if result.state == "held":
            later = settings.model_copy(update={"now": start + timedelta(days=1)})
            release(later, warehouse, result.document_id, by="Ada", reason="the bank confirmed")


def rebuilt(settings: Settings, folder: Path, harm: Callable[[Path], None]) -> Any:
    """Fingerprints before the harm and after the repair, and what was missing in between."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        land_five(settings, warehouse, folder, 0, 2)
    shutil.copyfile(settings.warehouse, folder / "yesterday")
    with open_warehouse(settings) as warehouse:
        land_five(settings, warehouse, folder, 2, 5)
        before = fingerprint(warehouse)
        assert missing(settings, warehouse) == 0
    harm(settings.warehouse)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        gone = missing(settings, warehouse)
        states = [result.state for result in reland(settings, warehouse, "test")]
        return before, fingerprint(warehouse), gone, states


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    """An empty DuckDB deployment with the desk's words."""
    return make_settings(tmp_path, **WORDS)


def test_fault_f23_yesterdays_backup_is_completed_from_the_archive(
    place: Settings, tmp_path: Path
) -> None:
    def restore(warehouse: Path) -> None:
        shutil.copyfile(tmp_path / "yesterday", warehouse)

    before, after, gone, states = rebuilt(place, tmp_path, restore)
    assert (gone, states) == (3, ["landed"] * 3)
    assert after == before


def test_fault_f22_a_database_file_that_is_gone_is_made_anew(
    place: Settings, tmp_path: Path
) -> None:
    before, after, gone, states = rebuilt(place, tmp_path, Path.unlink)
    assert (gone, states) == (5, ["landed"] * 5)
    assert after == before


def test_fault_f22_rows_gone_from_under_the_register_come_back(engine_desk: Desk) -> None:
    settings, warehouse = engine_desk.settings, engine_desk.warehouse
    land_five(settings, warehouse, settings.state.parent, 0, 5)
    before = fingerprint(warehouse)
    warehouse.execute("delete from raw.internal_transactions where amount = '20.00'")
    assert fingerprint(warehouse) != before  # the control: the harm is seen
    assert len(lost(settings, warehouse)) == 1
    assert [result.state for result in reland(settings, warehouse, "test")] == ["landed"]
    assert fingerprint(warehouse) == before
    assert lost(settings, warehouse) == []
    kept = warehouse.rows("select replaced_by, landed_rows from ops.document_parses")
    assert kept == [{"replaced_by": "test", "landed_rows": 1}]


def test_a_whole_database_has_lost_nothing_also_where_sources_share_a_table(tmp_path: Path) -> None:
    with declared_in(tmp_path / "shared") as declared:
        result = declared.land(PROCESSOR, lines("1;01.10.2026;12,00"))
        settings = declared.settings(PROCESSOR, result.source)
        assert lost(settings, declared.desk.warehouse) == []
        declared.desk.warehouse.execute("delete from raw.generic_transactions")
        assert len(lost(settings, declared.desk.warehouse)) == 1  # the control


def test_fault_f22_an_emptied_wal_is_harmless_after_a_landing(
    place: Settings, tmp_path: Path
) -> None:
    """Landing checkpoints: nothing is in the WAL alone. The control writes without doing so."""
    with open_warehouse(place) as warehouse:
        ensure_schema(warehouse)
        land_five(place, warehouse, tmp_path, 0, 2)
        copy = tmp_path / "copied.duckdb"
        shutil.copyfile(place.warehouse, copy)  # as if the WAL beside it were deleted
        assert isinstance(warehouse, DuckDBWarehouse)
        warehouse.connection.execute("create table later as select 1 as x")
        without = tmp_path / "without.duckdb"
        shutil.copyfile(place.warehouse, without)
    with duckdb.connect(str(copy)) as found:
        assert found.execute("select count(*) from ops.documents").fetchall() == [(2,)]
    with duckdb.connect(str(without)) as found, pytest.raises(duckdb.CatalogException):
        found.execute("select * from later")


def test_reland_keeps_what_a_person_refused_out(fresh_desk: Desk) -> None:
    settings, warehouse = fresh_desk.settings, fresh_desk.warehouse
    held = fresh_desk.land("bank", camt(tied(entry(), closing="999.00")), "statement.xml")
    reject(settings, warehouse, held.document_id, "Ada", "another bank's")
    assert fresh_desk.document(held)["code"] == "REJECTED_BY_HAND"
    before = fingerprint(warehouse)
    for name in ("documents", "document_rows", "quarantine", "control_totals"):
        warehouse.execute(f"delete from ops.{name}")
    warehouse.execute("delete from ops.document_decisions")
    assert [result.state for result in reland(settings, warehouse, "test")] == ["rejected"]
    assert fingerprint(warehouse) == before


@pytest.mark.parametrize("word", ["released", "rejected"])
def test_fault_f23_a_backup_from_before_a_decision_learns_it_from_the_archive(
    place: Settings, tmp_path: Path, word: str
) -> None:
    path = tmp_path / "statement.xml"
    path.write_bytes(camt(tied(entry(), closing="999.00")))
    with open_warehouse(place) as warehouse:
        ensure_schema(warehouse)
        held = land_file(place, warehouse, "bank", path).document_id
    shutil.copyfile(place.warehouse, tmp_path / "yesterday")
    with open_warehouse(place) as warehouse:
        if word == "released":
            release(place, warehouse, held, by="Ada", reason="the bank confirmed")
        else:
            reject(place, warehouse, held, by="Ada", reason="another bank's")
        before = fingerprint(warehouse)
    shutil.copyfile(tmp_path / "yesterday", place.warehouse)
    with open_warehouse(place) as warehouse:
        assert fingerprint(warehouse) != before  # the control: the decision is gone
        assert missing(place, warehouse) == 0
        assert len(lost(place, warehouse)) == 1
        assert [r.state for r in reland(place, warehouse, "test")] in (["landed"], ["rejected"])
        assert fingerprint(warehouse) == before
        assert lost(place, warehouse) == []


def test_a_file_whose_facts_are_lost_lands_by_what_its_place_tells(fresh_desk: Desk) -> None:
    settings, warehouse = fresh_desk.settings, fresh_desk.warehouse
    result = fresh_desk.land("internal", books({}), "day.csv")
    place = settings.archive / fresh_desk.document(result)["archived_as"]
    place.with_name(place.name + FACTS).unlink()
    for name in ("raw.internal_transactions", "ops.documents", "ops.document_rows"):
        warehouse.execute(f"delete from {name}")
    (again,) = reland(settings, warehouse, "test")
    assert (again.state, again.name, again.landed_rows) == ("landed", "day.csv", 1)
    assert fresh_desk.document(again)["door"] == "archive"


def test_reland_of_a_damaged_archive_is_loud(fresh_desk: Desk) -> None:
    settings, warehouse = fresh_desk.settings, fresh_desk.warehouse
    result = fresh_desk.land("internal", books({}), "day.csv")
    place = settings.archive / fresh_desk.document(result)["archived_as"]
    place.chmod(0o600)
    place.write_bytes(b"damaged")
    warehouse.execute("delete from ops.documents")
    with pytest.raises(OSError, match="other bytes than its hash"):
        list(reland(settings, warehouse, "test"))


def test_another_tenants_files_are_not_ours_to_land(fresh_desk: Desk) -> None:
    fresh_desk.land("internal", books({}), "day.csv")
    other = fresh_desk.settings.model_copy(update={"tenant": "other"})
    fresh_desk.warehouse.execute("delete from ops.documents")
    assert list(reland(other, fresh_desk.warehouse, "test")) == []
