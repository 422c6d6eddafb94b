"""The law of entries that follow one another finds each way in which they could not.

A ledger of a few lines is planted, each fault alone, and the test's own SQL runs over it, on both
engines. Run alone: pytest tests/python/dbt/test_entry_laws.py
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.dbt.planted_marts import plant

LAW = "a_reversal_takes_back_the_entry_before_it"
ENTRIES = "marts.ledger_entries"
KINDS = {1: "original", 2: "reversal", 3: "correction", 4: "reversal", 5: "correction"}


def lines(transaction: str, entries: int) -> list[dict[str, Any]]:
    """Entries of a transaction, two lines each, every second the one before turned round."""
    return [
        {
            "ledger_line_id": f"{transaction} {sequence} {leg}",
            "entry_id": f"{transaction} {sequence}",
            "reverses_entry_id": f"{transaction} {sequence - 1}" if sequence % 2 == 0 else None,
            "transaction_id": transaction, "sequence": sequence, "entry_kind": KINDS[sequence],
            "leg": leg, "account_code": f"{leg}000", "currency": "EUR",
            "posted_on": date(2026, 10, (sequence + 1) // 2),
            "amount_minor": 100 * (1 if leg == 1 else -1) * (-1 if sequence % 2 == 0 else 1),
        }
        for sequence in range(1, entries + 1)
        for leg in (1, 2)
    ]  # fmt: skip


PLANTED = {
    "a cent": f"update {ENTRIES} set amount_minor = amount_minor + 1 where entry_id = 'b 2'",
    "another account": f"update {ENTRIES} set account_code = '9' where ledger_line_id = 'b 2 1'",
    "another day": f"update {ENTRIES} set posted_on = date '2026-10-09' where entry_id = 'b 2'",
    "a leg is missing": f"delete from {ENTRIES} where ledger_line_id = 'b 2 1'",
    "what is reversed is not there": f"delete from {ENTRIES} where entry_id = 'b 1'",
    "the reversal is not there": f"delete from {ENTRIES} where entry_id = 'b 2'",
    "corrected twice": f"update {ENTRIES} set sequence = 3 where entry_id = 'b 5'",
    "the first is a correction": f"update {ENTRIES} set entry_kind = 'correction'"
    " where entry_id = 'a 1'",
    "a later one is original": f"update {ENTRIES} set entry_kind = 'original'"
    " where entry_id = 'b 3'",
    "a line of another kind": f"update {ENTRIES} set entry_kind = 'reversal'"
    " where ledger_line_id = 'b 3 1'",
    "nothing at first": f"update {ENTRIES} set sequence = 2, entry_kind = 'correction'"
    " where entry_id = 'a 1'",
}


@pytest.fixture
def law(engine_settings: Settings) -> tuple[Settings, str]:
    """A sound ledger, and the law's SQL."""
    plant(engine_settings, "ledger_entries", [*lines("a", 1), *lines("b", 5)])
    ran = run_dbt(engine_settings, ["test", "--select", LAW])
    assert ran.succeeded, ran.output
    (found,) = ran.results
    return engine_settings, found.compiled_code


def test_each_fault_is_found_and_sound_entries_are_none(law: tuple[Settings, str]) -> None:
    settings, sql = law
    with open_warehouse(settings) as warehouse:
        warehouse.execute(f"create table marts.sound as select * from {ENTRIES}")
        for name, fault in PLANTED.items():
            warehouse.execute(fault)
            assert warehouse.rows(sql) != [], name
            warehouse.execute(f"delete from {ENTRIES}")
            warehouse.execute(f"insert into {ENTRIES} select * from marts.sound")
        assert warehouse.rows(sql) == []
