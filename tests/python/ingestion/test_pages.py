"""A statement in pages: in one file or in several, each line keeps a place of its own."""

from __future__ import annotations

from ingestion.landing.land import LandingResult
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import balance, camt, entry, statement


def page(number: int, opens: str, closes: str) -> str:
    """A page with two equal entries, to which the bank gave no reference."""
    balances = balance("OPBD" if number == 1 else "ITBD", opens), balance("ITBD", closes)
    tag = f"<StmtPgntn><PgNb>{number}</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>"
    return statement(*balances, entry("5.00"), entry("5.00"), identity="P1", page=tag)


def places(desk: Desk, result: LandingResult) -> list[int]:
    """Where a document says its entries stand in the statement."""
    return sorted(int(row["entry_index"]) for row in desk.raw(result, "bank_entries"))


def test_entries_of_two_pages_never_share_a_place(desk: Desk) -> None:
    pages = page(1, "100.00", "110.00"), page(2, "110.00", "120.00")
    first, second = (desk.land("bank", camt(part), "page.xml") for part in pages)
    assert (places(desk, first), places(desk, second)) == ([1, 2], [100_001, 100_002])
    whole = desk.land("bank", camt(*pages), "whole.xml")
    assert places(desk, whole) == [1, 2, 100_001, 100_002]
