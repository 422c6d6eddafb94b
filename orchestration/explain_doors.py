"""The stations of one record, each read from where it stands: file, raw line, staging, marts.

In: an open warehouse and a key. Out: Door values in the order a record walks. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from csv import DictReader
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from io import StringIO
from typing import Any

from dbt_project.settings import PROJECT_ROOT
from dbt_project.warehouse import Warehouse
from orchestration.register import has_table

Row = dict[str, Any]

_MATCHES = """
select matches.*
from marts.matches as matches
inner join marts.match_members as members on matches.match_id = members.match_id
where members.transaction_id = $1
order by matches.reconciliation, matches.match_id
"""

_PARTNERS = """
select members.side, transactions.*
from marts.match_members as members
inner join marts.transactions as transactions
    on members.transaction_id = transactions.transaction_id
where members.match_id = $1 and members.transaction_id != $2
order by transactions.transaction_id
"""

_BREAKS = """
select * from marts.discrepancies
where
    transaction_id = $1
    or match_id in (select members.match_id from marts.match_members as members
                    where members.transaction_id = $1)
order by kind, discrepancy_id
"""


@dataclass(frozen=True)
class Door:
    """One station of a record: its name, and what is known there, in order."""

    name: str
    facts: tuple[tuple[str, str], ...]


def origin(warehouse: Warehouse, document_id: str, line: int | None) -> Iterator[Door]:
    """The file, the line's own cells, and what staging made of its amount."""
    for document in warehouse.rows(
        "select * from ops.documents where document_id = $1", [document_id]
    ):
        yield door(
            "file", document, "name source received_at archived_as sha256 document_id", line=line
        )
    records = warehouse.rows(
        "select record from ops.document_rows where document_id = $1 order by record", [document_id]
    )
    for record in records:
        cells = warehouse.rows(
            f'select * from raw."{record["record"]}" where _document_id = $1 and _source_line = $2',
            [document_id, line],
        )
        for cell in cells:
            named = [name for name in cell if not name.startswith("_")]
            yield door(f"raw line {line} of {record['record']}", cell, " ".join(named))
    yield from _staged(warehouse, document_id, line)


def _staged(warehouse: Warehouse, document_id: str, line: int | None) -> Iterator[Door]:
    views = warehouse.rows(
        "select table_name from information_schema.columns where table_schema = 'staging'"
        " and column_name in ('amount_minor', '_source_line', '_document_id')"
        " group by table_name having count(*) = 3 order by table_name"
    )
    for view in views:
        rows = warehouse.rows(
            f'select amount_minor, currency from staging."{view["table_name"]}"'
            " where _document_id = $1 and _source_line = $2",
            [document_id, line],
        )
        for row in rows:
            yield door(f"staging {view['table_name']}", row, "amount_minor currency")


def answers(warehouse: Warehouse, key: str) -> Iterator[Door]:
    """Its matches with the rule and the partners, and where it is open, why."""
    for match in warehouse.rows(_MATCHES, [key]):
        partners = warehouse.rows(_PARTNERS, [match["match_id"], key])
        yield door(
            f"match in {match['reconciliation']}",
            match,
            "match_id pass rule_id rule_version match_type confidence status difference_minor "
            "days_apart explanation",
            partner="; ".join(_named(partner) for partner in partners),
        )
    for item in warehouse.rows(
        "select * from marts.open_items where transaction_id = $1 order by reconciliation", [key]
    ):
        yield door(
            f"open in {item['reconciliation']}",
            item,
            "state reason rivals expected_by age_days ageing_bucket",
        )


def breaks(warehouse: Warehouse, key: str) -> Iterator[Door]:
    """Its own breaks and those of its matches."""
    for found in warehouse.rows(_BREAKS, [key]):
        yield door(
            f"break: {found['kind']}",
            found,
            "discrepancy_id severity reconciliation explanation currency expected found difference "
            "amount_at_risk counterpart_transaction_id first_seen_on age_days what_to_do "
            "is_accepted accepted_by accepted_reason",
        )


def ledger(warehouse: Warehouse, key: str) -> Iterator[Door]:
    """Its journal lines."""
    if not has_table(warehouse, "marts", "ledger_entries"):
        return
    lines = warehouse.rows(
        "select * from marts.ledger_entries where transaction_id = $1"
        " order by sequence, entry_id, account_code, amount_minor desc",
        [key],
    )
    if lines:
        yield Door(
            "ledger",
            tuple(
                (f"{line['account_code']} {line['account_name']}", posting(line)) for line in lines
            ),
        )


def door(name: str, row: Row, columns: str, **more: Any) -> Door:
    """A door with the named columns that say something, then `more`."""
    facts = [(column, row.get(column)) for column in columns.split()] + list(more.items())
    return Door(
        name,
        tuple(
            (name, readable(value, row.get("currency")))
            for name, value in facts
            if value not in (None, "")
        ),
    )


def money(amount: Any, currency: Any) -> str:
    """An amount with its currency, or nothing."""
    return "" if amount is None else f"{readable(amount, currency)} {currency}"


def readable(value: Any, currency: str | None = None) -> str:
    """Any value as text; an exact decimal with as many places as its currency has, or needs."""
    if not isinstance(value, Decimal):
        return str(value)
    places = exponents().get(currency or "", 2)
    whole, _, fraction = f"{value:f}".partition(".")
    shown = fraction.rstrip("0").ljust(places, "0")
    return f"{whole}.{shown}" if shown else whole


@lru_cache(maxsize=1)
def exponents() -> dict[str, int]:
    """How many places each currency has, from the seed."""
    text = (PROJECT_ROOT / "seeds" / "currencies.csv").read_text(encoding="utf-8")
    return {row["currency"]: int(row["exponent"]) for row in DictReader(StringIO(text))}


def _named(row: Row) -> str:
    where = f"{row['_source_file']}:{row['_source_line']}"
    amount = money(row["amount"], row["currency"])
    return f"{row['native_id']} {amount} ({row['source']}, {where}, {row['transaction_id']})"


def posting(line: Row) -> str:
    """A journal line: its side, amount and words, and where it was booked late."""
    side = "debit" if line["amount_minor"] > 0 else "credit"
    amount = line["debit"] if line["amount_minor"] > 0 else line["credit"]
    said = f"{side} {money(amount, line['currency'])} {line.get('memo') or ''}".strip()
    booked, day = line["posting_period"], line["posted_on"]
    is_late = booked != day.replace(day=1)
    return f"{said} ({day}, booked in {booked:%Y-%m})" if is_late else said
