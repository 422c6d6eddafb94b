"""A dispute at its own door: where it stands, its history step by step, the documents for it.

In: an open warehouse, and a transaction or the id of a dispute. Out: Doors, none where there is no
dispute. Of a document only name and hash are told: what is in it stays in the archive.
"""

from __future__ import annotations

from collections.abc import Iterator

from dbt_project.warehouse import Warehouse
from orchestration.explain_doors import Door, Row, door, money, readable
from orchestration.register import has_table

_OF_TRANSACTION = """
select chargebacks.* from marts.chargebacks as chargebacks
where
    chargebacks.sale_transaction_id = $1
    or chargebacks.chargeback_id in (
        select events.chargeback_id from marts.chargeback_events as events
        where events.transaction_id = $1
    )
order by chargebacks.opened_at, chargebacks.chargeback_id
"""
_NAMED = """
select * from marts.chargebacks
where chargeback_id = $1 or native_id = $1
    or chargeback_id in (
        select breaks.transaction_id from marts.discrepancies as breaks
        where breaks.discrepancy_id = $1
    )
order by chargeback_id
"""
_EVENTS = "select * from marts.chargeback_events where chargeback_id = $1 order by sequence"
_DOCUMENTS = """
select * from marts.chargeback_evidence where chargeback_id = $1 order by added_at, evidence_id
"""


def disputes(warehouse: Warehouse, key: str) -> Iterator[Door]:
    """The disputes that a transaction moved the money of, or is the sale of."""
    if has_table(warehouse, "marts", "chargebacks"):
        for row in warehouse.rows(_OF_TRANSACTION, [key]):
            yield from doors_of(warehouse, row)


def named(warehouse: Warehouse, identity: str) -> list[Row]:
    """Disputes of that id, the source's or their own, or of a break."""
    if not has_table(warehouse, "marts", "chargebacks"):
        return []
    return warehouse.rows(_NAMED, [identity])


def transactions_of(warehouse: Warehouse, chargeback_id: str) -> set[str]:
    """The transactions that moved its money."""
    rows = warehouse.rows(_EVENTS, [chargeback_id])
    return {row["transaction_id"] for row in rows if row["transaction_id"]}


def doors_of(warehouse: Warehouse, row: Row) -> Iterator[Door]:
    """The dispute, its history, and what was registered to answer it."""
    yield door(
        "dispute",
        row,
        "chargeback_id native_id stage outcome reason reason_category network merchant"
        " respond_by respond_by_from is_overdue evidence_count",
        disputed=money(row["amount"], row["currency"]),
        cost_so_far=money(row["net_effect"], row["settlement_currency"]),
    )
    events = warehouse.rows(_EVENTS, [row["chargeback_id"]])
    yield Door("dispute history", tuple(_step(event) for event in events))
    documents = warehouse.rows(_DOCUMENTS, [row["chargeback_id"]])
    if documents:
        said = tuple((one["name"], f"sha256 {one['sha256']}") for one in documents)
        yield Door("documents for it", said)


def _step(event: Row) -> tuple[str, str]:
    moved = f", {readable(event['net'], event['currency'])}" if event["transaction_id"] else ""
    fault = f" – {event['fault'].replace('_', ' ')}" if event["fault"] else ""
    step = event["stage"] or "fee"
    if event["is_change"] and event["from_stage"]:
        step = f"{event['from_stage']} → {step}"
    return f"{event['occurred_at']:%Y-%m-%d %H:%M} {event['native_event']}", f"{step}{moved}{fault}"
