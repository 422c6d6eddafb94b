"""An entry of the books at its own door, by its id or by what an export has room for of it.

In: an open warehouse and an id: ent_…, fen_…, one of a part (ent_…-2), or the letters that SAP and
QuickBooks know an entry or its transaction by. Out: Entry values, none where it names none.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from dbt_project.warehouse import Warehouse
from delivery.ledger.ids import PREFIX, told, without_part
from orchestration.explain_doors import Door, Row, door, posting
from orchestration.register import has_table

# mart, its id of an entry, and what orders the lines of one
_BOOKS = (
    ("ledger_entries", "entry_id", "leg, ledger_line_id"),
    ("functional_entries", "functional_entry_id", "line_kind, account_code, functional_line_id"),
)


@dataclass(frozen=True)
class Entry:
    """An entry, its doors, and the transactions it is of."""

    identity: str
    title: str
    doors: tuple[Door, ...]
    transactions: tuple[str, ...]


def entries(warehouse: Warehouse, identity: str) -> list[Entry]:
    """Entries of that id or of those letters."""
    found = []
    for mart, key, order in _BOOKS:
        if has_table(warehouse, "marts", mart):
            rows = _lines(warehouse, mart, key, order, identity)
            found += [_entry(name, list(of)) for name, of in groupby(rows, key=itemgetter(key))]
    return found


def transactions_told(warehouse: Warehouse, identity: str) -> list[str]:
    """Transactions of the books whose id has those letters."""
    letters = told(identity)
    if not letters or not has_table(warehouse, "marts", "ledger_entries"):
        return []
    rows = warehouse.rows(
        "select distinct transaction_id from marts.ledger_entries"
        f" where {_begins('transaction_id', letters.digits)} order by transaction_id",
        [letters.digits],
    )
    return [row["transaction_id"] for row in rows if letters.is_of(row["transaction_id"])]


def _lines(warehouse: Warehouse, mart: str, key: str, order: str, identity: str) -> list[Row]:
    letters = told(identity)
    where, value = f"{key} = $1", without_part(identity)
    if letters:
        where, value = _begins(key, letters.digits), letters.digits
    rows = warehouse.rows(
        f"select * from marts.{mart} where {where} order by {key}, {order}", [value]
    )
    return [row for row in rows if not letters or letters.is_of(row[key])]


def _begins(column: str, digits: str) -> str:
    """The digits after the prefix begin so: as much as the letters say."""
    return f"substr({column}, {PREFIX + 1}, {len(digits)}) = $1"


def _entry(name: str, lines: list[Row]) -> Entry:
    first = lines[0]
    facts = door(
        "entry",
        first,
        "entry_kind event_type posting_rule_id reverses_entry_id posted_on recorded_at",
        booked_in=f"{first['posting_period']:%Y-%m}",
        of_entry=first["entry_id"] if first["entry_id"] != name else None,
    )
    postings = tuple((f"{n['account_code']} {n['account_name']}", posting(n)) for n in lines)
    of = tuple(sorted({n["transaction_id"] for n in lines if n["transaction_id"]}))
    title = f"entry of {len(lines)} lines, booked in {first['posting_period']:%Y-%m}"
    return Entry(name, title, (facts, Door("lines", postings)), of)
