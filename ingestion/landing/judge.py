"""Whether a file that can be read may land by itself, or is held until a person says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from dbt_project.settings import Limits as LimitSettings
from ingestion.catalogue import SourceSpec, SumCheck
from ingestion.faults import Suspicion
from ingestion.formats.parsed import Parsed, Scratch, Total
from ingestion.landing.batch_totals import batch_totals
from ingestion.landing.stage import Staged


def found_totals(
    scratch: Scratch, parsed: Parsed, declared: list[Total], spec: SourceSpec, currency: str | None
) -> list[Total]:
    """Declared totals with what the file really holds: all its lines, refused ones included."""
    totals = [
        *parsed.totals,
        *declared,
        *_sums_inside(scratch, parsed, spec),
        *batch_totals(scratch, parsed, spec),
    ]
    if all(total.found is not None for total in totals):
        return totals
    rows, amounts = _sums(scratch, parsed, spec, currency)
    whole = sum(amounts.values(), Decimal(0))
    return [
        total
        if total.found is not None
        else replace(
            total,
            found=Decimal(rows)
            if total.measure == "rows"
            else (amounts.get(total.currency, Decimal(0)) if total.currency else whole),
        )
        for total in totals
    ]


def reason_to_hold(
    parsed: Parsed, staged: Staged, spec: SourceSpec, limits: LimitSettings
) -> Suspicion | None:
    """The first reason why this file needs a person, or None."""
    return next(_reasons(parsed, staged, spec, limits), None)


def _reasons(
    parsed: Parsed, staged: Staged, spec: SourceSpec, limits: LimitSettings
) -> Iterator[Suspicion]:
    yield from parsed.suspicions
    for total in parsed.totals:
        if total.is_enforced and total.declared != total.found:
            of = f" {total.currency}" if total.currency else ""
            yield Suspicion(
                "CONTROL_TOTAL_MISMATCH",
                f"the {total.scope} declares {total.measure}{of} {total.declared}, the file holds"
                f" {total.found}; ask for the whole file, or release it",
            )
    bad, good = len(staged.faults), sum(table.rows for table in staged.tables)
    has_rows_total = any(total.measure == "rows" for total in parsed.totals)
    if not parsed.ends_cleanly and not has_rows_total:
        yield Suspicion(
            "FILE_TRUNCATED_SUSPECT",
            "the last line has no end and no trailer or manifest says it is whole; ask for the"
            " file again, or release it",
        )
    says_empty = any(t.measure == "rows" and t.declared == 0 for t in parsed.totals)
    if bad + good == 0 and not (spec.allows_empty and says_empty):
        yield Suspicion(
            "FILE_NO_ROWS",
            "a header and no rows; a day without movement is said by a trailer TRAILER,0 or a"
            ' manifest {"rows": 0}',
        )
    if bad and spec.whole_file:
        yield Suspicion("ROWS_REFUSED", f"{bad} refused; {staged.faults[0].describe('first')}")
    if bad * 100 > limits.max_quarantine_percent * (bad + good):
        yield Suspicion(
            "TOO_MANY_QUARANTINED",
            f"{bad} of {bad + good} lines are refused, more than"
            f" limits.max_quarantine_percent = {limits.max_quarantine_percent}; first:"
            f" {staged.faults[0].describe('line')}",
        )


def _sums_inside(scratch: Scratch, parsed: Parsed, spec: SourceSpec) -> Iterator[Total]:
    """Totals that a file's own rows must give, currency by currency."""
    for table in parsed.tables:
        for check in spec.records[table.record].checks:
            if not isinstance(check, SumCheck):
                continue
            kind = f"lower(trim({check.by}))"
            amount = f"try_cast({check.amount} as decimal(24, 6))"
            parts = ", ".join(f"'{part}'" for part in check.parts)
            for currency, total, found in scratch.all(
                f"select upper(currency), sum({amount}) filter (where {kind} = '{check.total}'),"
                f" sum({amount}) filter (where {kind} in ({parts}))"
                f" from mapped_{table.record} group by 1 order by 1"
            ):
                zero = Decimal(0)
                yield Total(check.total, currency, "amount", total or zero, found or zero)


def _sums(
    scratch: Scratch, parsed: Parsed, spec: SourceSpec, currency: str | None
) -> tuple[int, dict[str, Decimal]]:
    rows = len(parsed.faults)
    amounts: dict[str, Decimal] = {}
    for table in parsed.tables:
        record = spec.records[table.record]
        rows += int(scratch.one(f"select count(*) from mapped_{table.record}"))
        if not record.control_amount:
            continue
        column = next(c for c in record.columns if c.name == record.control_amount)
        named = record.currency_column(column)
        of = f"upper({named})" if named else f"'{currency or ''}'"
        sums = scratch.all(
            f"select {of}, sum(try_cast({record.control_amount} as decimal(24, 6)))"
            f" from mapped_{table.record} group by 1"
        )
        for name, amount in sums:
            amounts[name] = amounts.get(name, Decimal(0)) + (amount or Decimal(0))
    return rows, amounts
