"""Batches that say themselves what they add up to: the payout that closes one is the sum of it.

In: the mapped rows of a file, the contract's `batch` checks. Out: a Total for each closed batch and
currency: what its closing rows take out, beside what its other rows bring in.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingestion.catalogue import BatchCheck, Record, SourceSpec
from ingestion.formats.parsed import Parsed, Scratch, Total


def batch_totals(scratch: Scratch, parsed: Parsed, spec: SourceSpec) -> Iterator[Total]:
    """The totals of every batch that is closed; all lines count, refused ones included."""
    for table in parsed.tables:
        record = spec.records[table.record]
        for check in record.checks:
            if isinstance(check, BatchCheck):
                yield from _totals(scratch, table.record, record, check)


def _totals(scratch: Scratch, name: str, record: Record, check: BatchCheck) -> Iterator[Total]:
    currency_of = {column.name: record.currency_column(column) for column in record.columns}
    debit, credit = (
        f"coalesce(try_cast({amount} as decimal(24, 6)), 0)"
        for amount in (check.debit, check.credit)
    )
    closing = ", ".join(f"'{word}'" for word in check.closing)
    closes = f"coalesce(lower(trim({check.of})) in ({closing}), false)"
    scope = f"'batch ' || concat_ws(' ', {', '.join(check.by)})"
    rows = scratch.all(
        f"select {scope}, upper({currency_of[check.debit]}),"
        f" sum({debit} - {credit}) filter (where {closes}),"
        f" coalesce(sum({credit} - {debit}) filter (where not {closes}), 0)"
        f" from mapped_{name} group by 1, 2 having count(*) filter (where {closes}) > 0"
        " order by 1, 2"
    )
    for batch, currency, declared, found in rows:
        yield Total(batch, currency, "amount", declared, found)
