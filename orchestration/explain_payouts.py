"""A payout at its own door: what it was made of, by category, and the bank lines it reached.

In: an open warehouse and a transaction. Out: Doors, none where it is no payout.
"""

from __future__ import annotations

from collections.abc import Iterator

from dbt_project.warehouse import Warehouse
from orchestration.explain_doors import Door, Row, door, money, readable
from orchestration.register import has_table

_PAYOUT = "select * from marts.payouts where transaction_id = $1"
_CATEGORIES = """
select * from marts.payout_categories where transaction_id = $1
order by net_minor desc, reporting_category
"""
_LINES = """
select lines.*, transactions.amount, transactions.native_id
from marts.payout_bank_lines as lines
inner join marts.transactions as transactions
    on lines.bank_transaction_id = transactions.transaction_id
where lines.payout_transaction_id = $1
order by lines.bank_date, lines.bank_transaction_id
"""


def payout(warehouse: Warehouse, key: str) -> Iterator[Door]:
    """What explains it, its categories with their shares, its bank lines."""
    if not has_table(warehouse, "marts", "payout_categories"):
        return
    for row in warehouse.rows(_PAYOUT, [key]):
        yield door(
            "payout",
            row,
            "state explained_by explained_bps member_count paid_on expected_on returned_on",
            paid=money(row["amount"], row["currency"]),
            explained=money(row["explained"], row["currency"]),
            unexplained=money(row["unexplained"], row["currency"]),
            arrived=money(row["arrived"], row["currency"]),
        )
        made_of = warehouse.rows(_CATEGORIES, [key])
        if made_of:
            yield Door("made of", tuple(_category(part) for part in made_of))
        lines = warehouse.rows(_LINES, [key])
        if lines:
            yield Door("on bank lines", tuple(_line(line) for line in lines))


def _category(row: Row) -> tuple[str, str]:
    net = readable(row["net"], row["currency"])
    gross = readable(row["gross"], row["currency"])
    fee = readable(row["fee"], row["currency"])
    share = "" if row["share_bps"] is None else f", {percent(int(row['share_bps']))}"
    count = row["member_count"]
    return row["reporting_category"], f"{net} ({count}: gross {gross}, fee {fee}){share}"


def percent(bps: int) -> str:
    """Basis points as a percentage, exactly: -1820 is -18.20 %."""
    sign = "-" if bps < 0 else ""
    whole, part = divmod(abs(bps), 100)
    return f"{sign}{whole}.{part:02d} %"


def _line(row: Row) -> tuple[str, str]:
    shared = f", with {row['payout_count'] - 1} other payouts" if row["payout_count"] > 1 else ""
    amount = readable(row["amount"], row["currency"])
    return f"{row['bank_date']} {row['native_id']}", f"{amount}, {row['match_status']}{shared}"
