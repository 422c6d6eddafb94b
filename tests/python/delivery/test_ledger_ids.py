"""What an accounting program shows of an entry leads back to it, and to its transaction."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from delivery.ledger.export import export_ledger
from delivery.ledger.ids import short_id, told, without_part
from delivery.ledger.selection import Selection
from orchestration.explain import explain
from orchestration.explain_entries import entries, transactions_told
from tests.python.delivery.ledger_readers import SAP_PLACES
from tests.python.delivery.ledger_world import change, make_books

SOME = random.Random(7)
IDS = [f"ent_{SOME.getrandbits(128):032x}" for _ in range(200)]


@pytest.mark.parametrize("length", [11, 16, 18, 20, 26])
def test_letters_give_the_first_digits_back(length: int) -> None:
    for identity in IDS:
        for part in ("", "-1", "-12"):
            short = short_id(f"{identity}{part}", length)
            assert len(short) == length
            said = told(short)
            assert said
            assert identity[4:].startswith(said.digits)
            assert len(said.digits) == (length - len(part)) * 5 // 4
            assert said.is_of(identity)
            assert not any(said.is_of(other) for other in IDS if other != identity)
    shorts = {short_id(f"{one}{part}", length) for one in IDS for part in ("", "-1", "-2", "-12")}
    assert len(shorts) == 4 * len(IDS)


def test_other_ids_have_letters_too() -> None:
    assert short_id("ent_long-1", 16) != short_id("ent_long-2", 16)
    assert len(short_id("ent_long-1", 16)) == 16
    assert told("ent_long") is None
    assert told("KJ7") is None
    assert without_part(f"{IDS[0]}-3") == IDS[0]
    assert without_part("ch_kw5001-3") == "ch_kw5001-3"


def shown(month: Settings, folder: Path) -> list[str]:
    """What SAP and both QuickBooks show of one entry in euro, and the entry's id."""
    with open_warehouse(month, read_only=True) as warehouse:
        [row] = warehouse.rows(
            "select entry_id from marts.ledger_entries where event_type = 'charge'"
            " and currency = 'EUR' and transaction_id like 'txn%' order by entry_id limit 1"
        )
    found = [str(row["entry_id"])]
    for target in ("sap", "quickbooks-desktop", "quickbooks-online"):
        wanted = Selection(target, month.tenant, "", entry=row["entry_id"])
        made = export_ledger(month, wanted, folder)
        file = made.folder / made.manifest["files"][0]["name"]
        lines = file.read_text().splitlines()
        if target == "sap":
            cells = lines[1].split("\t")
            found += [cells[SAP_PLACES[name][0]] for name in ("XBLNR", "ZUONR")]
        elif target == "quickbooks-desktop":
            found.append(
                dict(zip(lines[0].split("\t"), lines[3].split("\t"), strict=True))["DOCNUM"]
            )
        else:
            found.append(next(csv.DictReader(lines))["*JournalNo"])
    return found


def test_every_id_in_an_export_is_explained(month: Settings, tmp_path: Path) -> None:
    entry, reference, assignment, number, journal = shown(month, tmp_path)
    with open_warehouse(month, read_only=True) as warehouse:
        [lines] = warehouse.rows(
            "select min(transaction_id) as name, count(*) as n from marts.ledger_entries"
            " where entry_id = $1",
            [entry],
        )
        for identity in (entry, reference, number, journal, f"{entry}-2", f"{reference}-2"):
            first, second = explain(warehouse, identity)
            assert (first.identity, second.identity) == (entry, lines["name"])
            assert len(first.doors[1].facts) == lines["n"]
            assert {door.name for door in second.doors} >= {"file", "ledger"}
        assert [story.identity for story in explain(warehouse, assignment)] == [lines["name"]]
        assert explain(warehouse, short_id(IDS[0], 16)) == []


def test_an_entry_of_the_books_in_one_currency_is_explained(month: Settings) -> None:
    change(month, "drop table if exists marts.functional_entries")
    change(
        month,
        "create table marts.functional_entries as select 'fen_' || md5(entry_id) as"
        " functional_entry_id, ledger_line_id as functional_line_id, 'booked' as line_kind,"
        " entry_id, transaction_id, posted_on, posting_period, account_code, account_name,"
        " amount_minor, debit, credit, currency from marts.ledger_entries",
    )
    with open_warehouse(month, read_only=True) as warehouse:
        [row] = warehouse.rows(
            "select functional_entry_id as name, transaction_id from marts.functional_entries"
            " where transaction_id like 'txn%' order by functional_line_id limit 1"
        )
        for identity in (row["name"], short_id(row["name"], 20)):
            first, second = explain(warehouse, identity)
            assert (first.identity, second.identity) == (row["name"], row["transaction_id"])
            assert dict(first.doors[0].facts)["of_entry"].startswith("ent_")


def test_both_engines_find_an_entry_by_its_letters(engine_settings: Settings) -> None:
    make_books(engine_settings, 100)
    for side in ("debit", "credit"):
        change(
            engine_settings, f"alter table marts.ledger_entries add column {side} decimal(28, 4)"
        )
    with open_warehouse(engine_settings, read_only=True) as warehouse:
        [row] = warehouse.rows(
            "select entry_id, min(transaction_id) as name, count(*) as n from marts.ledger_entries"
            " group by entry_id order by entry_id limit 1"
        )
        for identity in (row["entry_id"], short_id(row["entry_id"], 11)):
            [found] = entries(warehouse, identity)
            assert (found.identity, found.transactions) == (row["entry_id"], (row["name"],))
            assert len(found.doors[1].facts) == row["n"]
        assert transactions_told(warehouse, short_id(row["name"], 18)) == [row["name"]]
        assert transactions_told(warehouse, short_id(IDS[0], 18)) == []
