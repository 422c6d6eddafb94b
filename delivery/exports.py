"""breaks.csv, matched.csv, proposed.csv: every break and member of a match, page by page.

In: an open warehouse. Out: files. A mart is read in steps by its key, so that a month of millions
needs no more memory than a day. A mart that was not built gives a file with its header only.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from dbt_project.warehouse import Warehouse
from delivery.contents import SEVERITY_RANK
from delivery.csv_export import write_csv
from delivery.money import exact

STEP = 20_000

BREAK_COLUMNS = (
    "kind",
    "severity",
    "reconciliation",
    "source",
    "business_date",
    "reference",
    "native_id",
    "currency",
    "expected",
    "found",
    "difference",
    "amount_at_risk",
    "age_days",
    "ageing_bucket",
    "first_seen_on",
    "explanation",
    "what_to_do",
    "is_accepted",
    "accepted_by",
    "accepted_on",
    "accepted_reason",
    "tenant_id",
    "discrepancy_id",
    "transaction_id",
    "counterpart_transaction_id",
    "match_id",
    "_document_id",
    "_source_file",
    "_source_line",
)
MATCHED_COLUMNS = (
    "match_id",
    "reconciliation",
    "pass",
    "rule_id",
    "rule_version",
    "confidence",
    "role",
    "source",
    "native_id",
    "event_type",
    "business_date",
    "reference",
    "processor_reference",
    "description",
    "currency",
    "amount",
    "fee",
    "left_amount",
    "right_amount",
    "difference",
    "days_apart",
    "explanation",
    "tenant_id",
    "transaction_id",
    "_document_id",
    "_source_file",
    "_source_line",
)
# A sort key is one text, so that the next page can begin after it; its order is for readers.
_BREAKS = (
    f"select * from (select discrepancies.*, {SEVERITY_RANK} || ' ' || kind || ' '"
    " || business_date || ' ' || discrepancy_id as sort_key"
    " from marts.discrepancies as discrepancies) as breaks"
    " where sort_key > $1 order by sort_key limit $2"
)
_MEMBERS = (
    "select * from (select matches.reconciliation || ' ' || matches.matched_on || ' '"
    " || matches.match_id || ' ' || members.role || ' ' || members.transaction_id as sort_key,"
    " matches.match_id, matches.reconciliation, matches.tenant_id, matches.pass, matches.rule_id,"
    " matches.rule_version, matches.confidence, matches.left_amount, matches.right_amount,"
    " matches.difference, matches.days_apart, matches.explanation, members.role,"
    " moves.transaction_id, moves.source, moves.native_id, moves.event_type, moves.business_date,"
    " moves.reference, moves.processor_reference, moves.description, moves.currency, moves.amount,"
    " moves.fee, moves._document_id, moves._source_file, moves._source_line"
    " from marts.match_members as members"
    " inner join marts.matches as matches on members.match_id = matches.match_id"
    " and members.reconciliation = matches.reconciliation"
    " inner join marts.transactions as moves on members.transaction_id = moves.transaction_id"
    " where matches.status = '{status}') as members where sort_key > $1 order by sort_key limit $2"
)


def write_breaks(warehouse: Warehouse, file: Path) -> int:
    """Every break, accepted ones too; returns how many."""
    return write_csv(file, BREAK_COLUMNS, _pages(warehouse, _BREAKS, ["discrepancies"]))


def write_matched(warehouse: Warehouse, file: Path) -> int:
    """Every transaction in a match that stands, beside what it says; returns how many."""
    return _write_members(warehouse, file, "matched")


def write_proposed(warehouse: Warehouse, file: Path) -> int:
    """Every transaction in a match that waits for a person; returns how many."""
    return _write_members(warehouse, file, "proposed")


def _write_members(warehouse: Warehouse, file: Path, status: str) -> int:
    needs = ["match_members", "matches", "transactions"]
    query = _MEMBERS.replace("{status}", status)
    return write_csv(file, MATCHED_COLUMNS, _pages(warehouse, query, needs))


def _pages(warehouse: Warehouse, query: str, needs: list[str]) -> Iterator[dict[str, Any]]:
    there = {
        row["table_name"]
        for row in warehouse.rows(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        )
    }
    if not there.issuperset(needs):
        return
    exponents = {
        row["currency"]: int(row["exponent"])
        for row in warehouse.rows("select currency, exponent from seeds.currencies")
    }
    last = ""
    while rows := warehouse.rows(query, [last, STEP]):
        for row in rows:
            places = exponents.get(row["currency"], 4)
            yield {
                name: Decimal(exact(value, places)) if isinstance(value, Decimal) else value
                for name, value in row.items()
            }
        last = rows[-1]["sort_key"]
