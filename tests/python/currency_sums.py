"""Finds sums that may add amounts of two currencies, in SQL as dbt compiled it.

In: SQL text, or a folder of compiled models. Out: the sums of money whose rows are not kept apart
by a currency: neither grouped nor partitioned by one, nor by a key of ONE_CURRENCY, nor filtered
to one. A sum is of money when a column in it is named like an amount, here or where a renamed
column comes from; a currency counts by its exact name, that of the family the amounts are of.
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
# What a currency of amounts is called; amounts in a tenant's own currency have one of their own.
CURRENCIES = {
    "currency", "transaction_currency", "settlement_currency", "disputed_currency",
    "presentment_currency", "sale_currency", "fault_currency", "currency_code",
}  # fmt: skip
FUNCTIONAL = {"functional_currency"}
FUNCTIONAL_MONEY = {"functional_minor", "functional", "carrying_minor", "gain_minor"}
# Keys whose rows are of one currency, and why.
ONE_CURRENCY = {
    "transaction_id": "a transaction has one currency",
    "reward_transaction_id": "and so has an event of rewards",
    "earned_reward_transaction_id": "a lot is spent in its own currency",
    "match_id": "matches stay within one currency (a test of its own)",
    "entry_id": "the legs of an entry are of its transaction",
    "functional_entry_id": "and those of books in one currency are of one",
    "payout_transaction_id": "a payout is explained by movements of its currency",
    "schedule_id": "a price list is of one currency",
    "group_key": "the matching makes it from the currency and what else must be equal",
}
# Models where one more key is enough.
OF_MODELS = {
    "int_controls__raw_money": {"_document_id"},  # files of card acquirers are in BRL
    "int_discrepancies__file_total_differs": {"told_in"},  # a currency by another name
    "int_fx__settled": {"settled_in"},  # of a match its currency; of a conversion nothing is added
}
DEPTH = 40  # renamed columns are followed so far
Ctes = dict[str, exp.Expression]


@dataclass(frozen=True)
class Sum:
    """A sum of money, and the columns whose rows it keeps apart."""

    sql: str
    amounts: tuple[str, ...]
    apart: tuple[str, ...]

    def is_of_one_currency(self, model: str = "") -> bool:
        """Whether no two currencies meet in it."""
        keys = {*ONE_CURRENCY, *OF_MODELS.get(model, ()), *CURRENCIES}
        if FUNCTIONAL_MONEY.issuperset(self.amounts):
            keys |= FUNCTIONAL
        return not keys.isdisjoint(self.apart)


def sums(sql: str) -> Iterator[Sum]:
    """Every sum of money in a statement."""
    root = sqlglot.parse_one(sql, read="duckdb")
    ctes: Ctes = {each.alias.lower(): each.this for each in root.find_all(exp.CTE)}
    for found in root.find_all(exp.Sum, exp.Avg):
        select = found.find_ancestor(exp.Select)
        assert select is not None
        amounts = set[str]()
        for column in found.find_all(exp.Column):
            names = {column.name.lower(), origin(column, select, ctes)}
            amounts |= {name for name in names if MONEY.fullmatch(name)}
        if amounts:
            yield Sum(
                found.sql(), tuple(sorted(amounts)), tuple(sorted(_apart(found, select, ctes)))
            )


def origin(column: exp.Column, select: exp.Select, ctes: Ctes, depth: int = 0) -> str:
    """What a column is called where it comes from, as far as it is only renamed."""
    for source in _sources(column, select, ctes):
        for projection in source.expressions:
            inner = projection.unalias()
            if isinstance(inner, exp.Star) or (isinstance(inner, exp.Column) and inner.is_star):
                table = inner.args.get("table") if isinstance(inner, exp.Column) else None
                below = exp.Column(this=column.this.copy(), table=table and table.copy())
            elif projection.alias_or_name.lower() == column.name.lower():
                if not isinstance(inner, exp.Column):
                    return column.name.lower()
                below = inner
            else:
                continue
            deeper = depth < DEPTH
            found = origin(below, source, ctes, depth + 1) if deeper else below.name.lower()
            if found != column.name.lower() or below is inner:
                return found
    return column.name.lower()


def _sources(column: exp.Column, select: exp.Select, ctes: Ctes) -> Iterator[exp.Select]:
    """The selects of this statement that the column may come from."""
    start = select.args.get("from_") or select.args.get("from")
    tables = [start.this] if start else []
    tables += [join.this for join in select.args.get("joins") or []]
    for table in tables:
        if column.table and table.alias_or_name.lower() != column.table.lower():
            continue
        query = table.this if isinstance(table, exp.Subquery) else None
        if isinstance(table, exp.Table) and not table.db:
            query = ctes.get(table.name.lower())
        while isinstance(query, exp.SetOperation | exp.Subquery):
            query = query.this
        if isinstance(query, exp.Select) and query is not select:
            yield query


def _apart(found: exp.AggFunc, select: exp.Select, ctes: Ctes) -> set[str]:
    """What the rows of a sum have in common, called as where it comes from."""
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
    columns = [c for each in (*kept, *equal) for c in each.find_all(exp.Column)]
    return {origin(c, select, ctes) for c in columns}


def _partition(window: exp.Window, select: exp.Select) -> list[exp.Expression]:
    """What a window is partitioned by, itself or the named one it is made of."""
    own = list(window.args.get("partition_by") or [])
    named = {each.name: each for each in select.args.get("windows") or []}
    base = named.get(window.alias)
    return own if own or base is None or base is window else _partition(base, select)


def folder_sums(folder: Path) -> dict[str, list[Sum]]:
    """The sums of every compiled model below a folder, by the model's name; not of unit tests."""
    files = [file for file in sorted(folder.rglob("*.sql")) if ".yml" not in f"{file.parent}"]
    return {file.stem: list(sums(file.read_text(encoding="utf-8"))) for file in files}


def crossed(folder: Path) -> list[str]:
    """The sums that may cross currencies, with their models."""
    return [
        f"{model}: {each.sql} by {', '.join(each.apart) or 'nothing'}"
        for model, found in folder_sums(folder).items()
        for each in found
        if not each.is_of_one_currency(model)
    ]
