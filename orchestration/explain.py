"""Every door one record passed: file, line, staging, transaction, match or reason, break, ledger.

In: an open warehouse, and an id of any kind. Out: a Story for each transaction, entry, reward row
or document it stands for, an empty list when it is nowhere. Nothing is changed.
Run alone: tieout explain ID
"""

from __future__ import annotations

from dataclasses import dataclass

from dbt_project.warehouse import Warehouse
from orchestration.explain_chargebacks import disputes, doors_of, named, transactions_of
from orchestration.explain_doors import (
    Door,
    Row,
    answers,
    breaks,
    door,
    ledger,
    money,
    origin,
    readable,
)
from orchestration.explain_entries import entries, transactions_told
from orchestration.explain_evidence import evidence
from orchestration.explain_payouts import payout
from orchestration.register import has_table

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

_REWARDS = """
select * from marts.reward_transactions
where
    trans_id = $1 or reward_transaction_id = $1
    or reward_transaction_id in (
        select breaks.transaction_id from marts.discrepancies as breaks
        where breaks.discrepancy_id = $1
    )
order by reward_transaction_id
"""

_LOTS = """
select * from marts.reward_allocations
where earned_reward_transaction_id = $1 or redeemed_reward_transaction_id = $1
order by earned_at, earned_trans_id, redeemed_at, redeemed_trans_id
"""


@dataclass(frozen=True)
class Story:
    """One record from its file to the ledger."""

    identity: str
    title: str
    doors: tuple[Door, ...]


def explain(warehouse: Warehouse, identity: str) -> list[Story]:
    """The stories of an id: a transaction's, match's, break's, reward row's, document's, native.

    An entry's is followed by those of its transaction; so are the letters an export knows it by.
    """
    of_books = entries(warehouse, identity)
    names = dict.fromkeys(name for entry in of_books for name in entry.transactions)
    names |= dict.fromkeys(transactions_told(warehouse, identity))
    booked = [Story(entry.identity, entry.title, entry.doors) for entry in of_books[:MOST]]
    behind = [story for name in [*names][:MOST] for story in _explain(warehouse, name)]
    return [*booked, *behind, *_explain(warehouse, identity)]


def _explain(warehouse: Warehouse, identity: str) -> list[Story]:
    stories: list[Story] = []
    if has_table(warehouse, "marts", "transactions"):
        found = warehouse.rows(_CANDIDATES, [identity])[:MOST]
        stories += [_transaction(warehouse, row) for row in found]
    stories += _disputes(warehouse, identity, {story.identity for story in stories})
    if has_table(warehouse, "marts", "reward_transactions"):
        stories += [_reward(warehouse, row) for row in warehouse.rows(_REWARDS, [identity])]
    if has_table(warehouse, "ops", "documents"):
        documents = warehouse.rows("select * from ops.documents where document_id = $1", [identity])
        stories += [_document(warehouse, row) for row in documents]
    return stories


def _transaction(warehouse: Warehouse, row: Row) -> Story:
    key = row["transaction_id"]
    doors = [
        *origin(warehouse, row["_document_id"], row["_source_line"]),
        door(
            "transaction",
            row,
            "transaction_id side source source_account event_type native_id status occurred_at "
            "business_date reference processor_reference payout_id times_reported has_conflict",
            amount=money(row["amount"], row["currency"]),
            fee=money(row["fee"], row["currency"]),
            net=money(row["net"], row["currency"]),
        ),
        *payout(warehouse, key),
        *disputes(warehouse, key),
        *answers(warehouse, key),
        *evidence(warehouse, key),
        *breaks(warehouse, key),
        *ledger(warehouse, key),
    ]
    title = f"{row['event_type']} {money(row['amount'], row['currency'])} at {row['source']}"
    return Story(key, title, tuple(doors))


def _disputes(warehouse: Warehouse, identity: str, told: set[str]) -> list[Story]:
    """Disputes of an id that no story of a transaction tells of already."""
    stories = []
    for row in named(warehouse, identity):
        key = row["chargeback_id"]
        if not transactions_of(warehouse, key) & told:
            where = origin(warehouse, row["_document_id"], row["_source_line"])
            doors = (*where, *doors_of(warehouse, row), *breaks(warehouse, key))
            title = f"dispute of {money(row['amount'], row['currency'])} at {row['source']}"
            stories.append(Story(key, title, doors))
    return stories


def _reward(warehouse: Warehouse, row: Row) -> Story:
    key = row["reward_transaction_id"]
    lots = tuple(
        (
            f"{lot['earned_trans_id']} → {lot['redeemed_trans_id']}",
            readable(lot["allocated"], lot["currency"]),
        )
        for lot in warehouse.rows(_LOTS, [key])
    )
    doors = [
        *origin(warehouse, row["_document_id"], row["_source_line"]),
        door("reward", row, " ".join(name for name in row if not name.startswith("_"))),
        *([Door("lots used, earned → redeemed", lots)] if lots else []),
        *breaks(warehouse, key),
        *ledger(warehouse, key),
    ]
    title = f"{row['type']} {money(row['amount'], row['currency'])} of {row['customer_id']}"
    return Story(key, title, tuple(doors))


def _document(warehouse: Warehouse, row: Row) -> Story:
    faults = warehouse.rows(
        "select * from ops.quarantine where document_id = $1"
        " order by source_line, column_number, code",
        [row["document_id"]],
    )
    doors = [
        door(
            "file",
            row,
            "name source format state code message received_at door logical_key revision "
            "line_count landed_rows quarantined_rows archived_as sha256",
        ),
        *(
            door(f"refused line {fault['source_line']}", fault, "code column_name message")
            for fault in faults
        ),
    ]
    return Story(row["document_id"], f"file {row['name']}", tuple(doors))
