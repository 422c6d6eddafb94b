"""Footers of PayPal's reports as control totals, reports sent again, and files of one day."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make_paypal import (
    ACCOUNT,
    TRR,
    footers,
    report,
    row,
    section,
    text,
)

RAW = "paypal_transactions"
NAME = "STL-20261005.01.009.CSV"


@pytest.mark.parametrize(
    ("kind", "place", "what"),
    [
        ("SF", 2, "gross credits"), ("SF", 3, "gross debits"), ("SF", 4, "fee credits"),
        ("SF", 5, "fee debits"), ("SC", 1, "rows"), ("RF", 2, "gross credits"),
        ("RC", 1, "rows"), ("FF", 1, "rows"),
    ],
)  # fmt: skip
def test_a_footer_that_does_not_tie_holds_the_file(
    desk: Desk, kind: str, place: int, what: str
) -> None:
    rows = [row(1, custom=f"{kind}{place}"), row(2)]
    lines = report(section(rows), rows=rows)
    at = next(i for i, line in enumerate(lines) if line[0] == kind)
    lines[at] = [*lines[at]]
    lines[at][place] = str(int(lines[at][place]) + 1)
    result = desk.land("paypal", text(lines), NAME)
    assert (result.state, result.code) == ("held", "CONTROL_TOTAL_MISMATCH")
    assert what in (result.message or "")


def test_footers_are_kept_per_currency(desk: Desk) -> None:
    rows = [
        row(1),
        row(2, currency="JPY", amount="15000", fee="4300"),
        row(3, side="DR", amount="1200", fee_side="CR", fee="35"),
    ]
    result = desk.land("paypal", text(report(section(rows), rows=rows)), NAME)
    found = desk.warehouse.rows(
        "select currency, sum(found) as total from ops.control_totals where document_id = $1 and"
        " scope like 'section 1 (SF) gross%' group by currency order by currency",
        [result.document_id],
    )
    assert [(r["currency"], r["total"]) for r in found] == [
        ("JPY", Decimal(150)),
        ("USD", Decimal(64)),
    ]


def converted() -> list[dict[str, str]]:
    """A payment in reais, converted away whole."""
    return [
        row(1, code="T0003", currency="BRL", amount="1700", fee="344"),
        row(2, code="T0200", side="DR", currency="BRL", amount="1356", fee="", fee_side=""),
        row(3, code="T0200", currency="USD", amount="251", fee="", fee_side=""),
    ]


def test_a_currency_that_is_converted_away_needs_no_footer(desk: Desk) -> None:
    rows = converted()
    assert [footer[1] for footer in footers("SF", rows)] == ["USD"]
    assert desk.land("paypal", text(section(rows)), NAME).state == "landed"


def test_a_currency_that_stays_needs_its_footer(desk: Desk) -> None:
    rows = converted()[::2]
    lines = [line for line in section(rows) if line[:2] != ["SF", "BRL"]]
    result = desk.land("paypal", text(lines), NAME)
    assert (result.state, result.code) == ("held", "CONTROL_TOTAL_MISMATCH")
    assert "BRL 0" in (result.message or "")


@pytest.mark.parametrize("cut", ["FF", "SF"])
def test_a_file_that_starts_whole_must_end_whole(desk: Desk, cut: str) -> None:
    rows = [row(1, custom=cut)]
    lines = report(section(rows), rows=rows)
    end = next(i for i, line in enumerate(lines) if line[0] == cut)
    result = desk.land("paypal", text(lines[:end]), NAME)
    assert (result.state, result.code) == ("held", "FILE_TRUNCATED_SUSPECT")


def test_a_day_without_movement_is_said_by_its_counts(desk: Desk) -> None:
    said = desk.land("paypal", text(report(section([]))), NAME)
    assert (said.state, said.landed_rows) == ("landed", 0)
    unsaid = desk.land("paypal", text(section([])[:2]), NAME)
    assert (unsaid.state, unsaid.code) == ("held", "FILE_NO_ROWS")


def test_a_report_sent_again_replaces_the_one_before(desk: Desk) -> None:
    old = report(section([row(1, custom="again")]))
    new = report(
        section([row(1, custom="again", amount="5300")]), generated="2026/10/07 02:00:00 -0700"
    )
    late, early = desk.land("paypal", text(new), NAME), desk.land("paypal", text(old), NAME)
    first, second = desk.document(late), desk.document(early)
    assert first["logical_key"] == second["logical_key"]
    assert first["revision"] > second["revision"]


def test_reports_of_one_day_are_told_apart(desk: Desk) -> None:
    day = ("2026/10/11 00:00:00 -0700", "2026/10/11 23:59:59 -0700")

    def key(name: str, lines: list[list[str]]) -> str:
        return str(desk.document(desk.land("paypal", text(lines), name))["logical_key"])

    rows = [row(1, status="S")]
    keys = [
        key("STL-20261011.01.009.CSV", report(section(rows, period=day))),
        key("STL-20261011.02.009.CSV", report(section(rows, period=day), number="02")),
        key("TRR-20261011.01.012.CSV", report(section(rows, TRR, period=day))),
        key("STL-20261011.01.009.CSV", report(section(rows, account="OTHER", period=day))),
        key("STL-20261012.01.009.CSV", report(section(rows))),
    ]
    assert len(set(keys)) == 5


def test_totals_of_a_report_in_several_files_bind_in_none_but_the_first(desk: Desk) -> None:
    first, second = [row(1, custom="two files")], [row(2, custom="two files")]
    lines = report(section(second), rows=[*first, *second], number="02")
    result = desk.land("paypal", text(lines), "STL-20261005.02.009.CSV")
    assert (result.state, result.code) == ("landed", None)
    document = desk.document(result)
    place = (document["sequence_scope"], document["sequence_number"])
    assert place == (f"STL A {ACCOUNT} 2026-10-05", 2)
    control = report(section(second), rows=[*first, *second])
    held = desk.land("paypal", text(control), NAME)
    assert (held.state, held.code) == ("held", "CONTROL_TOTAL_MISMATCH")


SIDES = st.sampled_from(["CR", "DR"])
ROWS = st.lists(
    st.builds(
        lambda side, amount, fee, fee_side, currency: {
            "side": side, "amount": str(amount * 100), "fee": str(fee * 100), "fee_side": fee_side,
            "currency": currency,
        },
        SIDES, st.integers(0, 10**9), st.integers(0, 10**6), SIDES, st.sampled_from(["USD", "JPY"]),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(rows=ROWS, data=st.data())
def test_any_split_and_order_of_rows_gives_the_same_money(
    desk: Desk, rows: list[dict[str, str]], data: st.DataObject
) -> None:
    """One file, or its rows shuffled over sections and files: the same rows, and totals tie."""
    made = [row(n, **r) for n, r in enumerate(rows, start=1)]
    shuffled = data.draw(st.permutations(made))
    cut = sorted(data.draw(st.lists(st.integers(0, len(made)), min_size=2, max_size=2)))
    parts = [shuffled[: cut[0]], shuffled[cut[0] : cut[1]], shuffled[cut[1] :]]
    files = [
        text(report(section(made), rows=made)),
        text(report(section(parts[0]), section(parts[1], account="SECOND"))),
        text(report(section(parts[2]), number="02")),
    ]
    one, *split = [desk.land("paypal", content, NAME) for content in files]
    assert {one.state, *(r.state for r in split)} <= {"landed", "duplicate"}

    def money(*documents: str) -> list[tuple[str, ...]]:
        names = ("transaction_id", "credit_debit", "gross_amount", "gross_currency", "fee_amount")
        numbers = ", ".join(f"${n}" for n in range(1, len(documents) + 1))
        found = desk.warehouse.rows(
            f"select {', '.join(names)} from raw.{RAW} where _document_id in ({numbers})",
            list(documents),
        )
        return sorted(tuple(str(r[name]) for name in names) for r in found)

    assert money(one.document_id) == money(*{r.document_id for r in split})
