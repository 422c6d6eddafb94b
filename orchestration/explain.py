"""Every door one record passed: file, line, staging, transaction, match or reason, break, ledger.

In: an open warehouse after a build, and an id of any kind. Out: a Story a transaction (or reward
row), each a list of doors with facts; an empty list when the id is nowhere. Nothing is changed.
Run alone: tieout explain ID
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dbt_project.warehouse import Warehouse
from orchestration.register import has_table

Row = dict[str, Any]

MOST = 50  # stories of one id; more is a search, not an explanation

_CANDIDATES = """
with candidates as (
    select transaction_id from marts.match_members where match_id = $1
    union all
    select transaction_id from marts.discrepancies where discrepancy_id = $1
    union all
    select members.transaction_id
    from marts.discrepancies as breaks
    inner join marts.match_members as members on breaks.match_id = members.match_id
    where breaks.discrepancy_id = $1
    union all
    select transaction_id from marts.transactions
    where
        transaction_id = $1 or native_id = $1 or processor_reference = $1
        or reference = $1 or order_id = $1
)

select transactions.*
from marts.transactions as transactions
where transactions.transaction_id in (select candidates.transaction_id from candidates)
order by transactions.business_date, transactions.side, transactions.transaction_id
"""

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


@dataclass(frozen=True)
class Story:
    """One record from its file to the ledger."""

    identity: str
    title: str
    doors: tuple[Door, ...]


def explain(warehouse: Warehouse, identity: str) -> list[Story]:
    """The stories of an id: a transaction, match or break id, a native id, or a reward row's."""
    stories: list[Story] = []
    if has_table(warehouse, "marts", "transactions"):
        found = warehouse.rows(_CANDIDATES, [identity])[:MOST]
        stories += [_transaction_story(warehouse, row) for row in found]
    if has_table(warehouse, "marts", "reward_transactions"):
        rewards = warehouse.rows(
            "select * from marts.reward_transactions where trans_id = $1", [identity]
        )
        stories += [_reward_story(warehouse, row) for row in rewards]
    return stories


def _transaction_story(warehouse: Warehouse, row: Row) -> Story:
    key = row["transaction_id"]
    doors = [
        *_origin(warehouse, row["_document_id"], row["_source_line"]),
        _door(
            "transaction",
            row,
            "transaction_id side source source_account event_type native_id status occurred_at "
            "business_date reference processor_reference payout_id times_reported has_conflict",
            amount=_money(row["amount"], row["currency"]),
            fee=_money(row["fee"], row["currency"]),
            net=_money(row["net"], row["currency"]),
        ),
        *_answers(warehouse, key),
        *_breaks(warehouse, key),
        *_ledger(warehouse, key),
    ]
    title = f"{row['event_type']} {_money(row['amount'], row['currency'])} at {row['source']}"
    return Story(key, title, tuple(doors))


def _origin(warehouse: Warehouse, document_id: str, line: int | None) -> Iterator[Door]:
    """The file, the line's own cells, and what staging made of its amount."""
    for document in warehouse.rows(
        "select * from ops.documents where document_id = $1", [document_id]
    ):
        yield _door(
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
            yield _door(f"raw line {line} of {record['record']}", cell, " ".join(named))
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
            yield _door(f"staging {view['table_name']}", row, "amount_minor currency")


def _answers(warehouse: Warehouse, key: str) -> Iterator[Door]:
    """Its matches with the rule and the partners, and where it is open, why."""
    for match in warehouse.rows(_MATCHES, [key]):
        partners = warehouse.rows(_PARTNERS, [match["match_id"], key])
        yield _door(
            f"match in {match['reconciliation']}",
            match,
            "match_id pass rule_id rule_version match_type confidence status difference_minor "
            "days_apart explanation",
            partner="; ".join(_named(partner) for partner in partners),
        )
    for item in warehouse.rows(
        "select * from marts.open_items where transaction_id = $1 order by reconciliation", [key]
    ):
        yield _door(
            f"open in {item['reconciliation']}",
            item,
            "state reason rivals expected_by age_days ageing_bucket",
        )


def _breaks(warehouse: Warehouse, key: str) -> Iterator[Door]:
    for found in warehouse.rows(_BREAKS, [key]):
        yield _door(
            f"break: {found['kind']}",
            found,
            "discrepancy_id severity reconciliation currency expected_minor found_minor "
            "difference_minor first_seen_on age_days what_to_do is_accepted accepted_by "
            "accepted_reason",
        )


def _ledger(warehouse: Warehouse, key: str) -> Iterator[Door]:
    if not has_table(warehouse, "marts", "ledger_entries"):
        return
    lines = warehouse.rows(
        "select * from marts.ledger_entries where transaction_id = $1"
        " order by entry_id, account_code, amount_minor desc",
        [key],
    )
    if lines:
        yield Door(
            "ledger",
            tuple(
                (f"{line['account_code']} {line['account_name']}", _posting(line)) for line in lines
            ),
        )


def _reward_story(warehouse: Warehouse, row: Row) -> Story:
    allocations = warehouse.rows(
        "select * from marts.reward_allocations where earned_trans_id = $1 or"
        " redeemed_trans_id = $1 order by earned_trans_id, redeemed_trans_id",
        [row["trans_id"]],
    )
    lots = tuple(
        (f"{lot['earned_trans_id']} → {lot['redeemed_trans_id']}", str(lot["allocated"]))
        for lot in allocations
    )
    doors = [
        *_origin(warehouse, row["_document_id"], row["_source_line"]),
        _door("reward", row, " ".join(name for name in row if not name.startswith("_"))),
        *([Door("lots used (earned → redeemed)", lots)] if lots else []),
    ]
    return Story(row["trans_id"], f"{row['type']} {row['amount']}", tuple(doors))


def _door(name: str, row: Row, columns: str, **more: Any) -> Door:
    """A door with the named columns that say something, then `more`."""
    facts = [(column, row.get(column)) for column in columns.split()] + list(more.items())
    return Door(name, tuple((name, str(value)) for name, value in facts if value not in (None, "")))


def _money(amount: Any, currency: Any) -> str:
    return "" if amount is None else f"{amount} {currency}"


def _named(row: Row) -> str:
    where = f"{row['_source_file']}:{row['_source_line']}"
    money = _money(row["amount"], row["currency"])
    return f"{row['native_id']} {money} ({row['source']}, {where}, {row['transaction_id']})"


def _posting(line: Row) -> str:
    side = "debit" if line["amount_minor"] > 0 else "credit"
    amount = line["debit"] if line["amount_minor"] > 0 else line["credit"]
    return f"{side} {_money(amount, line['currency'])} {line['memo'] or ''}".strip()
