"""The world of test_states.py: what lands first, what lands late, and what is looked at.

In: Settings of an empty warehouse. Out: rows in raw and ops as landing leaves them; rows of marts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.dbt.worlds import World, insert

CONTROLS = (
    "clearing_equals_open_items",
    "summary_ties",
    "discrepancies_cover",
    "match_groups",
    "matched_or_open",
)
TABLES = (
    *("internal_transactions", "generic_transactions", "bank_entries"),
    *("stripe_balance_changes", "stripe_payouts"),
)
DAY = {"transaction_date": "2026-10-30 09:00:00"}
NEXT_DAY = {"transaction_date": "2026-10-31 09:00:00"}
Row = dict[str, Any]


def world() -> World:
    """Proposals of two rows and of three, a late pair, a pair to come apart, a fan of three."""
    made = World("w")
    for name, left, right in (
        ("yes", "ORD-1001-77", "ORD-1010-77"),
        ("no", "KEY-20055", "KEY-20505"),
    ):
        amount = {"yes": "50.00", "no": "61.00"}[name]
        made.book(f"b_{name}", amount, reference_number=left)
        made.told(f"p_{name}", amount, reference_number=right)
    for name, parts in (("1", ("60", "40")), ("2", ("170", "35"))):
        for place, part in enumerate(parts):
            made.payout(f"t{name}{place}", f"-{part}.00", f"po_{name}{place}")
        made.line(f"{sum(map(int, parts))}.00", "STRIPE")
    made.book("b_late", "20.00", reference_number="LATE", **DAY)
    made.book("b_back", "33.00", reference_number="BACK")
    made.told("p_back", "33.00", reference_number="BACK")
    for number in ("1", "2", "3"):
        made.book(f"f{number}", reference_number="R-1", order_id="R-1")
        made.change(f"g{number}", merchant_reference="R-1", automatic_payout_id="po_r")
        day = {"effective_at_utc": f"2026-10-0{number} 00:00:00"}
        made.payout(f"h{number}", "-10.00", "po_r", trace_id="R-1", **day)
        made.line("10.00", "STRIPE PO_R", end_to_end_id="R-1", booking_date=f"2026-10-0{number}")
    return made


def land_late(settings: Settings) -> None:
    """The row that was missing, and another amount for one that was matched."""
    late = World("w").told("p_late", "20.00", reference_number="LATE", **NEXT_DAY)
    late.told("p_back", "34.00", reference_number="BACK")
    document = {
        "document_id": "doc_late",
        "tenant_id": "w",
        "source": "generic",
        "name": "late",
        "logical_key": "late",
        "revision": 1,
        "sha256": "late",
        "received_at": datetime(2026, 11, 3, 8, 0),
        "state": "landed",
        "time_zone": "UTC",
        "source_account": "",
    }
    origin = {"_document_id": "doc_late", "_source_file": "late"}
    rows = [{**row, **origin, "_source_line": n} for n, row in enumerate(late.house["generic"], 2)]
    with open_warehouse(settings) as warehouse:
        insert(warehouse, "ops.documents", [document])
        insert(warehouse, "raw.generic_transactions", rows)
        warehouse.execute("delete from ops.document_rows")
    count_rows(settings)


def count_rows(settings: Settings) -> None:
    """Writes into the register what landing would have: how many rows each document has where."""
    with open_warehouse(settings) as warehouse:
        for table in TABLES:
            warehouse.execute(
                "insert into ops.document_rows (document_id, record, landed_rows) select"
                f" _document_id, '{table}', count(*) from raw.{table} group by _document_id"
            )
        warehouse.execute(
            "update ops.documents set landed_rows = (select sum(r.landed_rows) from"
            " ops.document_rows as r where r.document_id = documents.document_id)"
        )


def look(settings: Settings) -> dict[str, list[Row]]:
    """What the tests ask, by name."""
    names = "matches order_chains discrepancies reconciliation_summary period_differences payouts"
    asked = {name: f"select * from marts.{name}" for name in names.split()}
    asked["states"] = (
        "select t.native_id, o.state, o.reason_code from marts.open_items as o"
        " inner join marts.transactions as t on o.transaction_id = t.transaction_id union all"
        " select t.native_id, m.status, null from marts.match_members as m"
        " inner join marts.transactions as t on m.transaction_id = t.transaction_id"
    )
    asked["ledger"] = (
        "select t.native_id, l.match_id from marts.ledger_entries as l"
        " inner join marts.transactions as t on l.transaction_id = t.transaction_id"
    )
    asked["members"] = (
        "select m.match_id, m.status, t.native_id from marts.match_members as m"
        " inner join marts.transactions as t on m.transaction_id = t.transaction_id"
    )
    asked["controls"] = " union all ".join(
        f"select control, scope, currency, expected, found from intermediate.int_controls__{name}"
        for name in CONTROLS
    )
    with open_warehouse(settings, read_only=True) as warehouse:
        return {name: warehouse.rows(query) for name, query in asked.items()}
