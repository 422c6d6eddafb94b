"""Decimals, long entries, and the sample month, which has dinars and yen."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbt_project.settings import Settings
from tests.python.conftest import make_settings
from tests.python.delivery.ledger_readers import READERS, journals
from tests.python.delivery.ledger_world import balance, change, make_books
from tests.python.delivery.test_ledger_exports import expected, export, moved


def test_currencies_of_no_and_three_decimals(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, tenant="acme")
    make_books(settings, 300, ("KWD", "JPY"))
    made = export(settings, "sap", tmp_path / "out")
    postings = list(READERS["sap"](made.folder))
    assert moved(postings) == expected(settings, "sap")
    places = {line.currency: line.amount.as_tuple().exponent for line in postings}
    assert places == {"KWD": -3, "JPY": 0}
    made = export(settings, "netsuite", tmp_path / "out", currencies=("JPY",))
    assert {line.currency for line in READERS["netsuite"](made.folder)} == {"JPY"}
    assert [left["currency"] for left in made.manifest["left_out"]] == ["KWD"]


@pytest.mark.parametrize(
    ("target", "count", "sizes"),
    [
        ("xero", 702, [300, 300, 102]),
        ("netsuite", 702, [200, 200, 200, 102]),
        ("netsuite", 200, [200]),
        ("quickbooks-online", 1002, [998, 4]),
        ("sap", 1002, [998, 4]),
    ],
)
def test_an_entry_above_the_limit_leaves_in_balanced_parts(
    tmp_path: Path, target: str, count: int, sizes: list[int]
) -> None:
    own_books = make_settings(tmp_path, tenant="acme")
    make_books(own_books, 200)
    many_lines(own_books, count - 2)
    made = export(own_books, target, tmp_path / "out", currencies=("EUR",))
    lines = list(READERS[target](made.folder))
    whole = {len(of) for of in journals(lines).values()} - {2, 3}
    parts = [len(of) for of in journals(lines).values() if len(of) > 3]
    assert (parts, whole) == (sizes, {*sizes})
    assert made.manifest["documents"] == made.manifest["entries"] + len(sizes) - 1
    assert moved(lines) == {
        key: sums for key, sums in expected(own_books, target).items() if key[1] == "EUR"
    }


def test_a_file_of_quickbooks_online_has_a_thousand_rows_with_its_header(tmp_path: Path) -> None:
    own_books = make_settings(tmp_path, tenant="acme")
    make_books(own_books, 1_000, ("EUR",))
    folder = export(own_books, "quickbooks-online", tmp_path / "out").folder
    rows = [len(file.read_text().splitlines()) for file in sorted(folder.glob("*.csv"))]
    assert all(998 <= n <= 1_000 for n in rows[:-1]), rows
    assert len(rows) > 1


def many_lines(settings: Settings, count: int) -> None:
    """An entry of so many pairs of a debit and a credit line, of which the last takes two."""
    change(
        settings,
        "insert into marts.ledger_entries select 'lin_long' || leg, 'ent_long', 'acme',"
        " date '2026-10-05', date '2026-10-01', case when leg % 2 = 0 then '1100' else '4000' end,"
        " 'Account', case when leg % 2 = 0 then -100 - leg else 100 + leg + 1 end, 'EUR', 'charge',"
        " 'txn_long', 'original', null, 'Long', 'rule_long', leg, timestamp '2026-11-01 04:00:00'"
        f" from generate_series(1, {count + 2}) as legs (leg)",
    )
    balance(settings)


def test_the_sample_month_comes_back_and_ties(month: Settings, tmp_path: Path) -> None:
    for target, reader in READERS.items():
        # the month has dinars, which only SAP takes
        wanted = ("EUR", "JPY", "KWD", "USD") if target == "sap" else ("EUR", "JPY", "USD")
        made = export(month, target, tmp_path, currencies=wanted)
        postings = list(reader(made.folder))
        assert moved(postings) == {
            key: sums for key, sums in expected(month, target).items() if key[1] in wanted
        }
        assert len(journals(postings)) == made.manifest["entries"]
