"""What the footers of a PayPal report declare, beside what its rows add up to.

SF and RF give per currency credits and debits of amounts and fees (a settlement report also the
balances), or only a count; SC, RC and FF are counts of rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from ingestion.faults import FileFault, escaped
from ingestion.formats.parsed import ParsedTable, Scratch, Total

SUMS = ("gross credits", "gross debits", "fee credits", "fee debits")
COUNTS = {"SF": "section", "SC": "section", "RF": "report", "RC": "report", "FF": "file"}


class Sums(NamedTuple):
    """Hundredths of one currency, none of them signed."""

    gross_credits: Decimal = Decimal(0)
    gross_debits: Decimal = Decimal(0)
    fee_credits: Decimal = Decimal(0)
    fee_debits: Decimal = Decimal(0)

    def net(self) -> Decimal:
        """What they leave on the balance."""
        return self.gross_credits - self.gross_debits + self.fee_credits - self.fee_debits


@dataclass(frozen=True)
class Footer:
    """One footer line; `count` where it is a count of rows and nothing else."""

    kind: str
    section: int
    count: Decimal | None = None
    currency: str = ""
    sums: Sums = field(default_factory=Sums)
    begins: Decimal | None = None
    ends: Decimal | None = None


def footer_of(kind: str, fields: list[str], section: int, line: int) -> Footer:
    """Reads a footer. Raises TRAILER_INVALID."""
    values = [value.strip() for value in fields]
    filled = [value for value in values if value]
    if kind in ("SC", "RC", "FF") or len(filled) <= 1:
        return Footer(kind, section, _number(filled[0] if filled else "", kind, line))
    if len(values) < 5 or not re.fullmatch("[A-Za-z]{3}", values[0]):
        raise FileFault("TRAILER_INVALID", f"{kind} reads currency, four sums, balances", line)
    sums = Sums(*(_number(value or "0", kind, line) for value in values[1:5]))
    begins = ends = None
    if len(values) >= 9 and {values[5], values[7]} <= {"CR", "DR"}:
        begins, ends = (
            _number(values[i + 1], kind, line) * (1 if values[i] == "CR" else -1) for i in (5, 7)
        )
    return Footer(kind, section, None, values[0].upper(), sums, begins, ends)


def totals_of(
    scratch: Scratch,
    table: ParsedTable,
    footers: list[Footer],
    bodies: dict[int, int],
    file_number: str | None,
) -> list[Total]:
    """Declared and found, footer by footer; totals of a report in several files bind in none."""
    found = _found(scratch, table)
    is_first = file_number is None or file_number.strip("0") in ("", "1")
    totals: list[Total] = []
    for footer in footers:
        is_section = COUNTS[footer.kind] == "section"
        name = (
            f"{COUNTS[footer.kind]} {footer.section} ({footer.kind})" if is_section else footer.kind
        )
        binds = is_section or footer.kind == "FF" or is_first
        if footer.count is not None:
            rows = bodies.get(footer.section, 0) if is_section else sum(bodies.values())
            totals.append(Total(name, None, "rows", footer.count, Decimal(rows), binds))
        else:
            of = [
                sums
                for (section, currency), sums in found.items()
                if currency == footer.currency and (section == footer.section or not is_section)
            ]
            totals += _sums(footer, name, _added(of), binds)
    return totals + _without_footer(found, footers)


def _added(many: list[Sums]) -> Sums:
    return (
        Sums(*(sum(values, Decimal(0)) for values in zip(*many, strict=True))) if many else Sums()
    )


def _sums(footer: Footer, name: str, found: Sums, binds: bool) -> list[Total]:
    totals = [
        Total(f"{name} {what}", footer.currency, "amount", _major(said), _major(is_), binds)
        for what, said, is_ in zip(SUMS, footer.sums, found, strict=True)
    ]
    if footer.begins is not None and footer.ends is not None:
        # said for the record: PayPal's balance also moves by what no report of this kind lists
        reached = _major(footer.begins + found.net())
        balance = f"{name} closing balance"
        totals.append(
            Total(balance, footer.currency, "amount", _major(footer.ends), reached, False)
        )
    return totals


def _without_footer(found: dict[tuple[int, str], Sums], footers: list[Footer]) -> list[Total]:
    """A section that has footers has one for each currency that money stays in."""
    sections = {f.section for f in footers if f.kind == "SF" and f.currency}
    footed = {(f.section, f.currency) for f in footers if f.kind == "SF"}
    return [
        Total(f"section {section} (no SF)", currency, "amount", Decimal(0), _major(sums.net()))
        for (section, currency), sums in sorted(found.items())
        if section in sections and (section, currency) not in footed
    ]


def _found(scratch: Scratch, table: ParsedTable) -> dict[tuple[int, str], Sums]:
    place = dict(zip(table.headers, table.columns(), strict=True))
    parts = []
    for side, amount in (("credit_debit", "gross_amount"), ("fee_credit_debit", "fee_amount")):
        value = f"try_cast({place[amount]} as decimal(30, 0))"
        parts += [f"sum({value}) filter ({place[side]} = '{word}')" for word in ("CR", "DR")]
    sums = ", ".join(part.replace("filter (", "filter (where ") for part in parts)
    rows = scratch.all(
        f"select cast({place['section_number']} as integer), coalesce({place['gross_currency']},"
        f" ''), {sums} from {table.table} group by 1, 2"
    )
    return {(s, c): Sums(*(Decimal(value or 0) for value in values)) for s, c, *values in rows}


def _number(text: str, kind: str, line: int) -> Decimal:
    if not re.fullmatch("-?[0-9]{1,18}", text):
        raise FileFault("TRAILER_INVALID", f'{kind}: "{escaped(text[:40])}" is no number', line)
    return Decimal(text)


def _major(hundredths: Decimal) -> Decimal:
    return hundredths.scaleb(-2)
