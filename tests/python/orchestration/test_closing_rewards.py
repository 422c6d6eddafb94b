"""A month of rewards is closed once, in order, and what changes in it later is an adjustment.

What a late row does is asked of dbt's own models, on each engine; when a close is refused, of a
planted mart.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import open_warehouse
from orchestration.closing_rewards import (
    close_rewards,
    closed_reward_periods,
    last_closed,
    reopen_rewards,
)
from tests.python.orchestration.reward_close import MONTHS, ROWS, Closing

FIRST = datetime(2026, 11, 1, 3)  # after the month's end, when its workbook has come
ADJUSTMENTS = (
    "select customer_id, period, figure, was, is_now from marts.reward_period_adjustments"
    " order by customer_id, period, figure"
)


def adjustments(books: Closing) -> list[tuple[str, str, str, str, str]]:
    return [
        (
            row["customer_id"],
            f"{row['period']:%Y-%m}",
            row["figure"],
            f"{row['was']:.2f}",
            f"{row['is_now']:.2f}",
        )
        for row in books.rows(ADJUSTMENTS)
    ]


def october(settings: Settings) -> Closing:
    """Three customers in September and October; the October workbook is built."""
    books = Closing(settings).at(FIRST)
    books.prepare(*ROWS)
    books.earn("1", "ann", 1000, date(2026, 9, 30))
    books.spend("2", "ann", "1", 300, date(2026, 10, 2))
    books.earn("3", "bob", 500, date(2026, 10, 31))
    books.earn("6", "cid", 80, date(2026, 10, 5))
    books.earn("7", "cid", 80, date(2026, 10, 5))
    books.spend("8", "cid", "6", 80, date(2026, 10, 9))
    books.workbook("october.xlsx")
    books.build()
    return books


def come_late(books: Closing) -> Closing:
    """A backdated redemption, a row of the open month, and a redemption that another lot pays."""
    later = books.at(datetime(2026, 11, 9, 5))
    later.spend("4", "ann", "1", 200, date(2026, 9, 30))
    later.earn("5", "bob", 900, date(2026, 11, 2))
    later.execute(
        "update marts.reward_allocations set earned_trans_id = '7' where redeemed_trans_id = '8'"
    )
    later.build()
    return later


def test_a_close_freezes_what_late_rows_then_adjust(engine_settings: Settings) -> None:
    books = october(engine_settings)
    made = close_rewards(books.settings, "2026-10", "ada", "checked")
    assert (made["period"], made["closed_by"]) == (date(2026, 10, 1), "ada")
    assert made["fingerprint"].startswith("4:")  # ann in two months, bob and cid in one

    later = come_late(books)
    assert adjustments(later) == [
        ("ann", "2026-09", "liability", "10.00", "8.00"),
        ("ann", "2026-09", "rows", "1.00", "2.00"),
        ("ann", "2026-09", "spent", "0.00", "2.00"),
        ("cid", "2026-10", "rows", "3.00", "3.00"),
    ]
    [closed] = later.rows("select * from marts.reward_closed_periods")
    assert (closed["is_unchanged"], closed["adjusted_count"]) == (False, 2)
    assert closed["fingerprint"] == made["fingerprint"] != closed["fingerprint_now"]
    [frozen] = later.rows(
        "select sum(closing_minor) as n from ops.closed_reward_months where period = '2026-10-01'"
    )
    assert frozen["n"] == 700 + 500 + 80
    with open_warehouse(later.settings, read_only=True) as warehouse:
        assert [r["differing"] for r in closed_reward_periods(warehouse, "default")] == [2]

    opened = reopen_rewards(later.settings, "2026-10", "ben", "a row was missing")
    assert opened["closed_by"] == "ada"
    again = close_rewards(later.settings, "2026-10", "ada", is_forced=True)
    assert again["fingerprint"] == closed["fingerprint_now"]


@pytest.fixture
def planted(engine_settings: Settings) -> Closing:
    """A customer in September and October, built; the mart is written by hand."""
    books = Closing(engine_settings).at(FIRST)
    books.prepare(MONTHS)
    books.month("ann", date(2026, 9, 1), 1000)
    books.month("ann", date(2026, 10, 1), 700)
    books.month("bob", date(2026, 10, 1), 500)
    books.workbook("october.xlsx")
    books.note_run()
    return books


def refused(books: Closing, period: str) -> str:
    with pytest.raises(ConfigurationError) as told:
        close_rewards(books.settings, period, "ada")
    return str(told.value)


def test_months_are_closed_in_order_and_the_last_is_opened_first(planted: Closing) -> None:
    books = planted
    close_rewards(books.settings, "2026-09", "ada")
    close_rewards(books.settings, "2026-10", "ada")
    assert "closed up to 2026-10" in refused(books, "2026-10")
    assert "closed up to 2026-10" in refused(books, "2026-09")
    with pytest.raises(ConfigurationError, match="not the last closed month"):
        reopen_rewards(books.settings, "2026-09", "ada", "why not")
    reopen_rewards(books.settings, "2026-10", "ada", "a mistake")
    with open_warehouse(books.settings, read_only=True) as warehouse:
        assert last_closed(warehouse, "default") == date(2026, 9, 1)
    counts = books.rows(
        "select period, count(*) as n from ops.closed_reward_months group by period order by period"
    )
    assert [(f"{row['period']:%Y-%m}", row["n"]) for row in counts] == [
        ("2026-09", 1),
        ("2026-10", 2),
    ]


def test_a_month_that_is_not_finished_is_refused_and_forced(planted: Closing) -> None:
    books = planted
    assert "it ends on 2026-12-01" in refused(books, "2026-11")
    assert "the last workbook came 2026-11-01" in refused(
        books.at(datetime(2026, 12, 1)), "2026-11"
    )
    late = books.at(datetime(2026, 11, 1, 4))
    late.workbook("october.v2.xlsx")
    assert "the last build is as of 2026-11-01 03:00" in refused(late, "2026-10")
    late.note_run(is_partial=True)  # of some models: the workbook may not be in the others
    assert "the last build is as of 2026-11-01 03:00" in refused(late, "2026-10")
    late = late.at(datetime(2026, 11, 1, 4, 10))
    late.note_run("failed")
    late = late.at(datetime(2026, 11, 1, 4, 20))
    late.note_run(is_partial=True)
    assert "failed, so the marts may be half built" in refused(late, "2026-10")
    late = late.at(datetime(2026, 11, 1, 4, 30))
    late.note_run()
    assert "there is nothing in it" in refused(late, "2026-08")
    late = late.at(datetime(2026, 11, 1, 5))
    late.workbook("held.xlsx", received_at=datetime(2026, 11, 1, 2))
    assert "the last build is as of 2026-11-01 04:30" in refused(late, "2026-10")
    late.note_run()
    late.execute("insert into marts.reward_current_balances values ('default', 'EUR', 0, 1001, 1)")
    assert "balances and open lots differ by 1001.00 EUR" in refused(late, "2026-10")
    made = close_rewards(late.settings, "2026-10", "ada", is_forced=True)
    assert made["is_forced"]
