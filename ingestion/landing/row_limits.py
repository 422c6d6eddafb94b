"""Limits on how much a file may hold and how much money its refused lines may carry."""

from __future__ import annotations

from decimal import Decimal

from dbt_project.settings import Limits
from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, Suspicion
from ingestion.formats.parsed import Parsed, Scratch


def refuse_too_many_rows(scratch: Scratch, parsed: Parsed, limits: Limits) -> None:
    """Raises TOO_MANY_ROWS when a file has more lines than the deployment wants to take at once."""
    rows = len(parsed.faults)
    rows += sum(int(scratch.one(f"select count(*) from {t.table}")) for t in parsed.tables)
    if rows > limits.max_rows:
        raise FileFault(
            "TOO_MANY_ROWS",
            f"{rows} rows, more than limits.max_rows = {limits.max_rows} in tieout.yml; send it in"
            " parts, or raise the limit",
        )


def too_much_refused(
    scratch: Scratch, parsed: Parsed, spec: SourceSpec, currency: str | None, limits: Limits
) -> Suspicion | None:
    """Why the money in refused lines holds the file, where a currency has a limit.

    Signs do not cancel out. A line whose amount cannot be read has none; the limit in percent
    counts it.
    """
    if not limits.max_quarantine_amount:
        return None
    refused: dict[str, Decimal] = {}
    for table in parsed.tables:
        for name, amount in _refused(scratch, table.record, spec, currency):
            refused[name] = refused.get(name, Decimal(0)) + amount
    for name, most in sorted(limits.max_quarantine_amount.items()):
        if refused.get(name, Decimal(0)) > most:
            return Suspicion(
                "QUARANTINE_AMOUNT",
                f"the refused lines carry {refused[name]:f} {name}, more than"
                f" limits.max_quarantine_amount.{name} = {most}; correct and send again, or"
                " release it",
            )
    return None


def _refused(
    scratch: Scratch, name: str, spec: SourceSpec, currency: str | None
) -> list[tuple[str, Decimal]]:
    record = spec.records[name]
    if not record.control_amount:
        return []
    column = next(c for c in record.columns if c.name == record.control_amount)
    named = record.currency_column(column)
    of = f"upper(m.{named})" if named else f"'{currency or ''}'"
    amount = f"sum(abs(try_cast(m.{record.control_amount} as decimal(24, 6))))"
    if column.unit != "major":  # the sender's unit becomes the currency's own
        sent = "max(c.sent_factor)" if column.unit == "minor" else "100"
        amount = f"{amount} / {sent}"
    rows = scratch.all(
        f"select {of}, cast({amount} as decimal(28, 6)) from mapped_{name} as m"
        f" inner join refused_{name} as r on m._row = r._row"
        f" left join currencies as c on c.currency = {of} group by 1"
    )
    return [(str(of_rows), amount or Decimal(0)) for of_rows, amount in rows if of_rows]
