"""One list of entries written as camt.053, MT940, BAI2 and OFX, whole or in days and pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby


@dataclass(frozen=True)
class Line:
    """A movement of an account in cents, with or without the bank's reference."""

    day: date
    cents: int
    reference: str | None = None
    text: str = "CASH"


@dataclass(frozen=True)
class Part:
    """A stretch of lines with the balance before it."""

    opening: int
    lines: tuple[Line, ...]

    @property
    def closing(self) -> int:
        """The balance after the lines."""
        return self.opening + sum(line.cents for line in self.lines)


def cut(opening: int, lines: Sequence[Line], places: Sequence[int]) -> list[Part]:
    """The lines in parts that end at these places, each opening where the one before closed."""
    parts, start = [], 0
    for end in [*sorted(set(places)), len(lines)]:
        if end > start:
            parts.append(Part(opening, tuple(lines[start:end])))
            opening, start = parts[-1].closing, end
    return parts


def days(opening: int, lines: Sequence[Line]) -> list[Part]:
    """A part for each day."""
    ends, count = [], 0
    for _, group in groupby(lines, key=lambda line: line.day):
        count += len(list(group))
        ends.append(count)
    return cut(opening, lines, ends)


def money(cents: int, point: str = ".") -> str:
    """Cents as a decimal without sign."""
    return f"{abs(cents) // 100}{point}{abs(cents) % 100:02d}"


def mark(cents: int) -> str:
    """ISO's word for the direction."""
    return "DBIT" if cents < 0 else "CRDT"


def camt_file(
    account: str,
    part: Part,
    name: str,
    page: tuple[int, bool] | None = None,
    message: tuple[str, str, str] = ("camt.053.001.08", "BkToCstmrStmt", "Stmt"),
    number: int | None = None,
) -> bytes:
    """A message with one statement, or a page of it; `page` is its number and whether the last."""
    opens = "ITBD" if page and page[0] > 1 else "OPBD"
    closes = "ITBD" if page and not page[1] else "CLBD"
    first, last = part.lines[0].day, part.lines[-1].day
    version, root, element = message
    numbers = f"<StmtPgntn><PgNb>{page[0]}</PgNb></StmtPgntn>" if page else ""
    numbers += f"<ElctrncSeqNb>{number}</ElctrncSeqNb>" if number else ""
    ends = ((opens, part.opening, first), (closes, part.closing, last))
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{money(cents)}</Amt><CdtDbtInd>{mark(cents)}</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
        for kind, cents, day in ends
    )
    entries = "".join(
        f'<Ntry><Amt Ccy="EUR">{money(line.cents)}</Amt><CdtDbtInd>{mark(line.cents)}</CdtDbtInd>'
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{line.day}</Dt></BookgDt>"
        + (f"<AcctSvcrRef>{line.reference}</AcctSvcrRef>" if line.reference else "")
        + f"<AddtlNtryInf>{line.text}</AddtlNtryInf></Ntry>"
        for line in part.lines
    )
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{version}"><{root}><GrpHdr>'
        f"<MsgId>M</MsgId><CreDtTm>2026-11-01T00:00:00Z</CreDtTm></GrpHdr><{element}>"
        f"<Id>{name}</Id>{numbers}<CreDtTm>2026-11-01T00:00:00Z</CreDtTm>"
        f"<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>{balances}{entries}"
        f"</{element}></{root}></Document>"
    ).encode()


def mt940_file(account: str, parts: Sequence[Part], first_number: int = 1) -> bytes:
    """A file with a statement for each part."""
    texts = []
    for number, part in enumerate(parts, first_number):
        ends = [
            f"{'D' if cents < 0 else 'C'}{day:%y%m%d}EUR{money(cents, ',')}"
            for cents, day in (
                (part.opening, part.lines[0].day),
                (part.closing, part.lines[-1].day),
            )
        ]
        lines = "".join(
            f":61:{line.day:%y%m%d%m%d}{'D' if line.cents < 0 else 'C'}{money(line.cents, ',')}"
            f"NTRFNONREF{f'//{line.reference}' if line.reference else ''}\n:86:{line.text}\n"
            for line in part.lines
        )
        texts.append(
            f":20:STMT\n:25:{account}\n:28C:{number:05d}/001\n:60F:{ends[0]}\n{lines}:62F:{ends[1]}\n-\n"
        )
    return "".join(texts).replace("\n", "\r\n").encode("latin-1")


def bai2_file(account: str, parts: Sequence[Part]) -> bytes:
    """A file with a group for each part, which must be a day's."""
    records, all_groups = [f"01,BANK,ME,{parts[-1].lines[-1].day:%y%m%d},0500,1,,,2/"], 0
    for part in parts:
        entries = [
            f"16,{475 if line.cents < 0 else 165},{abs(line.cents)},Z,{line.reference or ''},,"
            f"{line.text}"
            for line in part.lines
        ]
        total = part.opening + part.closing + sum(abs(line.cents) for line in part.lines)
        records += [
            f"02,ME,BANK,1,{part.lines[0].day:%y%m%d},2400,EUR,2/",
            f"03,{account},EUR,010,{part.opening},,,015,{part.closing},,/",
            *entries,
            f"49,{total},{len(entries) + 2}/",
            f"98,{total},1,{len(entries) + 4}/",
        ]
        all_groups += total
    records.append(f"99,{all_groups},{len(parts)},{len(records) + 1}/")
    return "\n".join(records).encode() + b"\n"


def ofx_file(account: str, part: Part) -> bytes:
    """A download of one stretch, as SGML."""
    entries = "".join(
        f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{line.day:%Y%m%d}120000[-5:EST]"
        f"<TRNAMT>{'-' if line.cents < 0 else ''}{money(line.cents)}"
        + (f"<FITID>{line.reference}" if line.reference else "")
        + f"<MEMO>{line.text}</STMTTRN>\n"
        for line in part.lines
    )
    first, last = part.lines[0].day, part.lines[-1].day
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n<OFX>"
        "<BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>1"
        f"<ACCTID>{account}</BANKACCTFROM><BANKTRANLIST><DTSTART>{first:%Y%m%d}"
        f"<DTEND>{last:%Y%m%d}\n{entries}</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode()
