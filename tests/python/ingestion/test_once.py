"""All or nothing, once, the same on both engines."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from ingestion.landing import commit, one_file, write
from ingestion.landing.archive import list_archive, sha256_of
from ingestion.landing.documents import known
from ingestion.landing.land import (
    LandingResult,
    ensure_schema,
    land_file,
    refresh_archive_listing,
    release,
)
from ingestion.landing.schema import OPS_TABLES, raw_tables
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS, Desk
from tests.python.ingestion.make import EARNED, STRIPE, books, camt, cash, entry, table, tied

ODD = 'tab\there\\ back\\slash \\N \\. "quote" é😀 \u2028 \x7f'

CASH = cash(EARNED)  # a workbook carries the moment it was made


def month(desk: Desk) -> list[LandingResult]:
    """A few files of every source, good and bad."""
    rows = [{"description": ODD + "\r\nline"}, {"amount": "x"}, {"merchant_id": "\\N"}]
    return [
        desk.land("internal", books(*rows)),
        desk.land("internal", books({"zone": "unknown column"}) + b"TRAILER,2\n"),
        desk.land("internal", b"<html>"),
        desk.land("stripe", table(STRIPE, {**STRIPE, "net": "1"})),
        desk.land("bank", camt(tied(entry())), "statement.xml"),
        desk.land("thrive_cash", CASH, "cash.xlsx"),
    ]


def everything(desk: Desk) -> dict[str, list[str]]:
    """Every row of raw and ops as text, in an order of its own."""
    relations = [*(f"raw.{t}" for t in raw_tables()), *(f"ops.{t}" for t in OPS_TABLES)]
    found = {}
    for relation in relations:
        rows = desk.warehouse.rows(f"select * from {relation}")
        found[relation] = sorted(repr(sorted(row.items())) for row in rows)
    return found


def test_both_engines_land_the_same(tmp_path: Path, postgres_settings: Settings) -> None:
    answers = []
    for engine in ("duckdb", "postgres"):
        folder = tmp_path / engine
        folder.mkdir()
        words = {**WORDS, "target": engine, "postgres": postgres_settings.postgres}
        settings = make_settings(folder, **words)
        with open_warehouse(settings) as warehouse:
            ensure_schema(warehouse)
            desk = Desk(settings, warehouse, folder)
            states = [(result.state, result.landed_rows) for result in month(desk)]
            release(
                settings, warehouse, desk.land("internal", books() + b"TRAILER,1\n").document_id
            )
            refresh_archive_listing(settings, warehouse)
            answers.append((states, everything(desk)))
    assert answers[0][0] == [
        ("landed", 2), ("held", 0), ("rejected", 0), ("landed", 1), ("landed", 4), ("landed", 3),
    ]  # fmt: skip
    assert answers[0] == answers[1]


def test_text_survives_the_way_into_the_warehouse(engine_desk: Desk) -> None:
    result = engine_desk.land("internal", books({"description": ODD + "\r\nline"}))
    (row,) = engine_desk.raw(result, "internal_transactions")
    assert row["description"] == ODD + "\r\nline"


STEPS = ["write_quarantine", "write_totals", "register", "deliver"]


@pytest.mark.parametrize("step", STEPS)
def test_a_failure_inside_the_transaction_leaves_nothing(
    engine_desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    content = books({}, {"amount": "x"})
    before = everything(engine_desk)

    def die(*_: Any) -> None:
        raise KeyboardInterrupt(step)

    with monkeypatch.context() as patch:
        patch.setattr(commit, step, die)
        with pytest.raises(KeyboardInterrupt):
            engine_desk.land("internal", content)
    assert everything(engine_desk) == before
    assert [engine_desk.land("internal", content).state for _ in range(2)] == [
        "landed",
        "duplicate",
    ]
    assert engine_desk.count("raw.internal_transactions") == 1


def test_without_the_transaction_the_same_failure_leaves_rows(
    fresh_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the guard above is the transaction and nothing else."""
    real = fresh_desk.warehouse.execute

    def without(sql: str, parameters: Any = ()) -> None:
        real(sql, parameters)
        if "ops.document_rows" in sql and sql.startswith("insert"):
            real("commit")
            real("begin transaction")
            raise KeyboardInterrupt

    monkeypatch.setattr(fresh_desk.warehouse, "execute", without)
    with pytest.raises(KeyboardInterrupt):
        fresh_desk.land("internal", books({}))
    assert fresh_desk.count("raw.internal_transactions") == 1
    assert fresh_desk.count("ops.documents") == 0


def test_rows_lost_on_the_way_are_an_error(
    engine_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_desk.warehouse.engine
    real = getattr(write, f"_into_{engine}")
    monkeypatch.setattr(write, f"_into_{engine}", lambda *words: real(*words) - 1)
    with pytest.raises(write.RowsLostError, match="took 0 of 1 rows"):
        engine_desk.land("internal", books({}))
    assert engine_desk.count("raw.internal_transactions") == 0


def test_a_held_file_sent_again_is_judged_again_and_lands_once_it_ties(fresh_desk: Desk) -> None:
    content = books({})[:-1]
    held = fresh_desk.land("internal", content)
    assert held.code == "FILE_TRUNCATED_SUSPECT"
    again = fresh_desk.land("internal", content, manifest=b'{"rows": 1}')
    assert (again.state, again.document_id, again.landed_rows) == ("landed", held.document_id, 1)
    assert fresh_desk.count("ops.documents") == 1
    assert fresh_desk.count("ops.control_totals") == 1


def test_loaders_of_the_same_bytes_at_the_same_time_land_them_once(
    postgres_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, loaders = postgres_settings, 4
    path = settings.state.parent / "file.csv"
    path.write_bytes(books({}))
    all_have_looked = threading.Barrier(loaders, timeout=60)

    def look(warehouse: Warehouse, identity: str) -> dict[str, Any] | None:
        found = known(warehouse, identity)
        all_have_looked.wait()
        return found

    def land(_: int) -> str:
        with open_warehouse(settings) as warehouse:
            return land_file(settings, warehouse, "internal", path).state

    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        monkeypatch.setattr(one_file, "known", look)
        with ThreadPoolExecutor(loaders) as pool:
            states = sorted(pool.map(land, range(loaders)))
        rows = warehouse.rows("select count(*) as n from raw.internal_transactions")[0]["n"]
    assert states == ["duplicate"] * (loaders - 1) + ["landed"]
    assert rows == 1


def test_a_released_total_is_kept_but_no_longer_enforced(fresh_desk: Desk) -> None:
    held = fresh_desk.land("internal", books({}) + b"TRAILER,1,9.99\n")
    release(fresh_desk.settings, fresh_desk.warehouse, held.document_id)
    totals = fresh_desk.warehouse.rows(
        "select measure, is_enforced from ops.control_totals order by measure"
    )
    assert totals == [
        {"measure": "amount", "is_enforced": False},
        {"measure": "rows", "is_enforced": True},
    ]


def test_the_register_knows_what_a_person_let_in(fresh_desk: Desk) -> None:
    held = fresh_desk.land("bank", camt(tied(entry(), closing="999.00")), "statement.xml")
    assert held.code == "STATEMENT_UNBALANCED"
    release(fresh_desk.settings, fresh_desk.warehouse, held.document_id)
    # Controls declared_totals and bank_statements_tie do not promise what a person overruled.
    assert fresh_desk.document(held)["door"] == "released"
    doors = fresh_desk.warehouse.rows("select door from ops.deliveries order by state")
    assert [row["door"] for row in doors] == ["folder", "released"]


def test_archive_is_outside_verified_and_written_once(fresh_desk: Desk) -> None:
    results = month(fresh_desk)
    listed = list_archive(fresh_desk.settings)
    assert {a.sha256 for a in listed} == {r.sha256 for r in results}
    for item in listed:
        place = fresh_desk.settings.archive / item.archived_as
        assert sha256_of(place) == item.sha256
        assert place.stat().st_mode & 0o222 == 0
    assert refresh_archive_listing(fresh_desk.settings, fresh_desk.warehouse) == len(results)
    assert fresh_desk.count("ops.archive_listing") == len(results)
    assert not list((fresh_desk.settings.archive / ".incoming").iterdir())


def test_bytes_sent_again_mend_a_damaged_archive(fresh_desk: Desk) -> None:
    fresh_desk.land("internal", books({}))
    (item,) = list_archive(fresh_desk.settings)
    place = fresh_desk.settings.archive / item.archived_as
    place.chmod(0o600)
    place.write_bytes(b"damaged")
    assert fresh_desk.land("internal", books({}), "other name.csv").state == "duplicate"
    assert sha256_of(place) == item.sha256
    assert len(list_archive(fresh_desk.settings)) == 1


def test_schema_is_made_once_and_widened_in_place(engine_desk: Desk) -> None:
    warehouse = engine_desk.warehouse
    warehouse.execute("alter table raw.internal_transactions drop column description")
    ensure_schema(warehouse)
    ensure_schema(warehouse)
    result = engine_desk.land("internal", books({"description": "again"}))
    assert engine_desk.raw(result, "internal_transactions")[0]["description"] == "again"
