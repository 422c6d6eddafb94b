"""Finds sums that may add amounts of two currencies, in SQL as dbt compiled it.

In: SQL text, or a folder of compiled models. Out: the sums of money whose rows are not kept apart
by a currency: neither grouped nor partitioned by one, nor by a key of ONE_CURRENCY, nor filtered
to one. A sum is of money when a column in it is named like an amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import exp

MONEY = re.compile(
    r"(.*_)?(minor|amount|amounts|fee|fees|net|gross|debit|debits|credit|credits|balance|at_risk)"
)
# Keys whose rows are of one currency, and why.
ONE_CURRENCY = {
    "transaction_id": "a transaction has one currency",
    "reward_transaction_id": "and so has an event of rewards",
    "earned_reward_transaction_id": "a lot is spent in its own currency",
    "match_id": "matches stay within one currency (a test of its own)",
    "entry_id": "the legs of an entry are of its transaction",
    "payout_transaction_id": "a payout is explained by movements of its currency",
    "chargeback_id": "a dispute is about one amount",
    "schedule_id": "a price list is of one currency",
    "group_key": "the matching makes it from the currency and what else must be equal",
    "told_in": "a currency by another name",
}
# Models where one more key is enough.
OF_MODELS = {"int_controls__raw_money": {"_document_id"}}  # files of card acquirers are in BRL


@dataclass(frozen=True)
class Sum:
    """A sum of money, and the columns whose rows it keeps apart."""

    sql: str
    apart: tuple[str, ...]

    def is_of_one_currency(self, model: str = "") -> bool:
        """Whether no two currencies meet in it."""
        keys = {*ONE_CURRENCY, *OF_MODELS.get(model, ())}
        return any("currency" in name or name in keys for name in self.apart)


def sums(sql: str) -> Iterator[Sum]:
    """Every sum of money in a statement."""
    for found in sqlglot.parse_one(sql, read="duckdb").find_all(exp.Sum, exp.Avg):
        columns = {column.name.lower() for column in found.find_all(exp.Column)}
        if any(MONEY.fullmatch(name) for name in columns):
            yield Sum(found.sql(), tuple(sorted(_apart(found))))


def _apart(found: exp.AggFunc) -> set[str]:
    """What the rows of a sum have in common."""
    select = found.find_ancestor(exp.Select)
    assert select is not None
    over = found.find_ancestor(exp.Window, exp.Select)
    if isinstance(over, exp.Window) and any(
        each is found for each in over.this.find_all(type(found))
    ):
        kept = _partition(over, select)
    else:
        group = select.args.get("group")
        kept = list(group.expressions) if group else []
    where = select.args.get("where")
    equal = [e.this for e in where.find_all(exp.EQ) if e.expression.is_string] if where else []
    return {c.name.lower() for each in (*kept, *equal) for c in each.find_all(exp.Column)}


def _partition(window: exp.Window, select: exp.Select) -> list[exp.Expression]:
    """What a window is partitioned by, itself or the named one it is made of."""
    own = list(window.args.get("partition_by") or [])
    named = {each.name: each for each in select.args.get("windows") or []}
    base = named.get(window.alias)
    return own if own or base is None or base is window else _partition(base, select)


def folder_sums(folder: Path) -> dict[str, list[Sum]]:
    """The sums of every compiled model below a folder, by the model's name."""
    files = sorted(folder.rglob("*.sql"))
    return {file.stem: list(sums(file.read_text(encoding="utf-8"))) for file in files}


def crossed(folder: Path) -> list[str]:
    """The sums that may cross currencies, with their models."""
    return [
        f"{model}: {each.sql} by {', '.join(each.apart) or 'nothing'}"
        for model, found in folder_sums(folder).items()
        for each in found
        if not each.is_of_one_currency(model)
    ]
