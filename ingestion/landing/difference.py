"""What a new parse of a document changes: rows gained, lost and changed, and its money.

In: the rows that are in raw and the ones that would be there, both as text. Out: a Difference.
Rows are compared by their native key in slices of the keys, so that a big document needs no more
memory than a small one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse
from ingestion.catalogue import Record, SourceSpec
from ingestion.formats.parsed import Scratch
from ingestion.known_sources import spec_of
from ingestion.landing.again import parse_again
from ingestion.landing.documents import BY_HAND, Document, known
from ingestion.landing.not_held import unknown
from ingestion.landing.stage import Staged

BIG = 100_000
SLICES = "0123456789abcdef"
Totals = dict[str, Decimal]


class LookedError(Exception):
    """A trial has seen what it wanted; nothing is written."""


@dataclass
class Difference:
    """One document before and after; `state` is what the new parse came to."""

    document_id: str
    source: str
    name: str
    before_version: str | None
    after_version: str
    state: str = ""
    message: str | None = None
    rows_before: int = 0
    rows_after: int = 0
    gained: int = 0
    lost: int = 0
    changed: int = 0
    totals_before: Totals = field(default_factory=dict)
    totals_after: Totals = field(default_factory=dict)

    @property
    def is_none(self) -> bool:
        """Whether every row is as it was."""
        return not (self.gained or self.lost or self.changed)


def outdated(
    settings: Settings, warehouse: Warehouse, source: str | None, named: list[str]
) -> list[dict[str, Any]]:
    """Archived documents that another parser version read, or the named ones, oldest first.

    Raises KeyError when a named one is not in the register or not in the archive.
    """
    rows = warehouse.rows(
        "select * from ops.documents where archived_as is not null"
        " and state in ('landed', 'held', 'rejected') order by received_at, document_id"
    )
    if named:
        by_id = {row["document_id"]: row for row in rows}
        if missing := [name for name in named if name not in by_id]:
            raise KeyError("; ".join(_cannot(warehouse, name) for name in missing))
        return [by_id[name] for name in named]
    return [
        row
        for row in rows
        if source in (None, row["source"])
        and row["code"] != BY_HAND
        and row["parser_version"] != spec_of(settings, row["source"]).parser_version
    ]


def _cannot(warehouse: Warehouse, name: str) -> str:
    """Why a named document cannot be read again."""
    row = known(warehouse, name)
    if row is None:
        return unknown(warehouse, name)
    return (
        f"{row['name']} ({name}) is {row['state']} and its bytes were not archived"
        f"{': ' + row['code'] if row['code'] else ''}; have it sent again"
    )


def reprocess(
    settings: Settings, warehouse: Warehouse, row: dict[str, Any], by: str, *, is_trial: bool
) -> Difference:
    """Parses one document anew, replaces its rows unless this is a trial, and compares."""
    spec = spec_of(settings, row["source"])
    words = (row["document_id"], row["source"], row["name"], row["parser_version"])
    found = Difference(*words, spec.parser_version)

    def inspect(scratch: Scratch, staged: Staged, document: Document) -> None:
        found.state, found.message = document.state, document.message
        if document.state == "landed":
            _compare(warehouse, scratch, staged, spec, document, found)
        if is_trial:
            raise LookedError

    try:
        result = parse_again(settings, warehouse, row, by, inspect)
    except LookedError:
        return found
    found.state, found.message = result.state, result.message
    return found


def _compare(
    warehouse: Warehouse,
    scratch: Scratch,
    staged: Staged,
    spec: SourceSpec,
    document: Document,
    found: Difference,
) -> None:
    new = {table.record: table for table in staged.tables}
    for name, record in spec.records.items():
        raw = f"raw.{name} where _document_id = '{document.document_id}'"
        before = int(warehouse.rows(f"select count(*) as n from {raw}")[0]["n"])
        after = new[name].rows if name in new else 0
        found.rows_before += before
        found.rows_after += after
        if name not in new:
            found.lost += before
            continue
        for part in SLICES if max(before, after) > BIG else ("",):
            old = list(_keys(warehouse, raw, record, part))
            gained, lost, changed = _slice(scratch, new[name].table, record, old, part)
            found.gained, found.lost = found.gained + gained, found.lost + lost
            found.changed += changed
        if record.control_amount:
            query = _money(record, raw, document.currency)
            _add(found.totals_before, [tuple(r.values()) for r in warehouse.rows(query)])
            query = _money(record, f"{new[name].table} where true", document.currency)
            _add(found.totals_after, scratch.all(query))


def _keyed(record: Record) -> tuple[str, str]:
    """A row's key and the hash of all it says, in SQL both engines read the same."""
    key = ", '|', ".join(f"coalesce({name}, '')" for name in record.native_key)
    said = ", '|', ".join(f"coalesce({name}, '~')" for name in (*record.column_names, "_extra"))
    return f"concat({key})", f"md5(concat({said}))"


def _grouped(record: Record, relation: str, part: str) -> str:
    key, said = _keyed(record)
    sliced = f" and substr(md5({key}), 1, 1) = '{part}'" if part else ""
    rows = f"select {key} as k, {said} as h from {relation}{sliced}"
    return (
        f"select k, count(*) as n, string_agg(h, ',' order by h) as h from ({rows}) as r group by k"
    )


def _keys(
    warehouse: Warehouse, raw: str, record: Record, part: str
) -> Iterator[tuple[str, int, str]]:
    for row in warehouse.rows(_grouped(record, raw, part)):
        yield row["k"], int(row["n"]), row["h"]


def _slice(
    scratch: Scratch, staged: str, record: Record, old: list[tuple[str, int, str]], part: str
) -> tuple[int, int, int]:
    columns = [[row[place] for row in old] for place in range(3)]
    kinds = (pa.string(), pa.int64(), pa.string())
    arrays = [pa.array(c, kind) for c, kind in zip(columns, kinds, strict=True)]
    scratch.connection.register("old_rows", pa.table(arrays, ["k", "n", "h"]))
    new = _grouped(record, f"{staged} where true", part)
    counted = scratch.all(
        "select coalesce(sum(greatest(coalesce(a.n, 0) - coalesce(b.n, 0), 0)), 0),"
        " coalesce(sum(greatest(coalesce(b.n, 0) - coalesce(a.n, 0), 0)), 0),"
        " coalesce(sum(case when a.n = b.n and a.h != b.h then a.n else 0 end), 0)"
        f" from ({new}) as a full outer join old_rows as b on a.k = b.k"
    )[0]
    scratch.connection.unregister("old_rows")
    gained, lost, changed = (int(number) for number in counted)
    return gained, lost, changed


def _money(record: Record, relation: str, currency: str | None) -> str:
    column = next(c for c in record.columns if c.name == record.control_amount)
    named = record.currency_column(column)
    of = f"upper({named})" if named else f"'{currency or ''}'"
    amount = f"cast({record.control_amount} as decimal(28, 6))"
    return f"select {of} as currency, sum({amount}) as amount from {relation} group by 1"


def _add(totals: Totals, rows: list[tuple[Any, ...]]) -> None:
    for currency, amount in rows:
        totals[currency] = totals.get(currency, Decimal(0)) + (amount or Decimal(0))
