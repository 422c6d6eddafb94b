"""The quick question never waves through a row that an exact rule would refuse.

Every record of the catalogue is asked of thousands of rows put together from hard cells.
"""

from __future__ import annotations

import random
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest

from ingestion.catalogue import Record, catalogue
from ingestion.landing import quick_pass
from ingestion.landing.contract_sql import rules, unit_columns

CELLS = [
    *(None, "", " ", "\u00a0", "\u200b", "0", "-0", "1", "-1", "12.3", "12.34", "-12.345", "1."),
    *(".5", "1e3", "1_000", "+1", "1,5", "1.234567", "1.2345678", "999999999999", "9999999999999"),
    *("123456789012345", "1234567890123456", "-123456789012.34", "12.300000", "１２", "−1", "NaN"),
    *(
        "1050",
        "100.50",
        "100.5",
        "0.001",
        "0.0001",
        "true",
        "false",
        "CRDT",
        "DBIT",
        "x",
        "~",
        "\x7f",
    ),
    *("2026-10-01", "2026-02-29", "2024-02-29", "1989-12-31", "1990-01-01", "2100-12-31"),
    *("2101-01-01", "2026-10-01 24:00:00", "2026-10-01 23:59:60", "2026-10-01T10:00:00Z"),
    *(
        "2026-10-01 10:00:00.1234567890",
        "2026-10-01 10:00:00+0530",
        "03/04/2026",
        "now",
        "infinity",
    ),
    *("1759276800", "1759276800000", "-5", "0000-00-00", "2026-13-01", "2026-10-01 10:00:00 PST"),
    *("EUR", "eur", "other_tenant", "demo", " leading", "é", "a\tb", "a\nb"),
]
UNITS = [None, *(Decimal(unit) for unit in (1, 10, 100, 1000, 10000))]
ROWS = 4_000
RECORDS = [
    pytest.param(record, id=name)
    for spec in catalogue().values()
    for name, record in spec.records.items()
]


def waved_through(record: Record, currency: str | None) -> int:
    """Rows that the quick question calls good although a rule refuses them."""
    pick = random.Random(20261031)
    units = [f"{letter}_{name}" for name in unit_columns(record) for letter in "us"]
    units += ["u_document", "s_document"] if currency else []
    names = [*record.column_names, *units]
    pools = [*(CELLS for _ in record.column_names), *(UNITS for _ in units)]
    types = [*(pa.string() for _ in record.column_names), *(pa.decimal128(5, 0) for _ in units)]
    cells = pa.table(
        [pa.array(pick.choices(pool, k=ROWS), t) for pool, t in zip(pools, types, strict=True)],
        names,
    )
    database = duckdb.connect()
    database.register("m", cells)
    asked = rules(record, "demo", currency)
    found = 0
    for rule in asked:
        same_column = [other for other in asked if other.column == rule.column]
        good = quick_pass.surely_good(record, same_column, currency)
        found += database.execute(
            f"select count(*) from m where ({good}) and ({rule.condition})"
        ).fetchall()[0][0]
    return found


@pytest.mark.parametrize("currency", [None, "EUR"])
@pytest.mark.parametrize("record", RECORDS)
def test_what_is_surely_good_breaks_no_rule(record: Record, currency: str | None) -> None:
    assert waved_through(record, currency) == 0


def test_a_shortcut_that_is_too_wide_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with every amount called good, the comparison counts what slips through."""
    monkeypatch.setattr(quick_pass, "_amount", lambda record, column, currency: "true")
    assert waved_through(catalogue()["internal"].records["internal_transactions"], None) > 0
