"""The bank's side: camt.053 statements, weekly of the euro and monthly of the dollar account.

In: PAYOUTS and the shop's other bank lines. Out: STATEMENTS and each as XML text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from samples.story.orders import major
from samples.story.processor import PAYOUTS, Payout

EURO_IBAN = "NL52TOUT0300456789"
DOLLAR_IBAN = "NL30TOUT0300456797"
NEVER_ARRIVED = "po_kw1015eur"
WITHOUT_TRACE = "po_kw1008eur"  # the bank lost the trace and kept only the text


@dataclass(frozen=True)
class Line:
    """One entry; amount is signed, + is money in."""

    booked_on: date
    amount: int
    reference: str
    family: tuple[str, str]
    counterparty: str
    text: str
    end_to_end: str = "NOTPROVIDED"
    is_pending: bool = False
    parts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Statement:
    """One statement of one account and period."""

    file: str
    statement_id: str
    sequence: int
    iban: str
    currency: str
    first_day: date
    last_day: date
    opening: int
    lines: tuple[Line, ...]
    version: int

    @property
    def closing(self) -> int:
        """Opening balance plus booked lines; a pending line does not count."""
        return self.opening + sum(line.amount for line in self.lines if not line.is_pending)


def _payout_line(payout: Payout) -> Line:
    lost = payout.payout_id == WITHOUT_TRACE
    return Line(
        payout.arrives_on,
        payout.amount,
        f"BK{payout.arrives_on:%m%d}-S",
        ("RCDT", "ESCT") if payout.amount > 0 else ("IDDT", "ESDD"),
        "STRIPE PAYMENTS EUROPE LTD",
        f"STRIPE PAYOUT {payout.payout_id}" if lost else f"STRIPE {payout.sent_on}",
        "NOTPROVIDED" if lost else payout.trace_id,
    )


def _day(day: int) -> date:
    return date(2026, 10, day)


_EURO_OTHERS = (
    Line(_day(1), -240000, "BK1001-1", ("ICDT", "ESCT"), "Havenkwartier Vastgoed", "Rent October"),
    Line(_day(2), 64000, "BK1002-1", ("RCDT", "ESCT"), "Cafe De Brug", "Invoice 2026-091"),
    Line(_day(9), -185000, "BK1009-1", ("ICDT", "ESCT"), "Guji Growers Union", "Lot 44, 10 bags"),
    Line(_day(15), -231000, "BK1015-1", ("ICDT", "ESCT"), "Tax office", "VAT third quarter"),
    Line(
        _day(23),
        -412000,
        "BK1023-1",
        ("ICDT", "SALA"),
        "",
        "Salaries October",
        parts=(("Salary 1", -165000), ("Salary 2", -140000), ("Salary 3", -107000)),
    ),
    Line(_day(30), -1450, "BK1030-1", ("MDOP", "CHRG"), "Bank", "Account charges October"),
    Line(_day(31), -7500, "BK1031-1", ("IDDT", "ESDD"), "Paper & Twine", "Boxes", is_pending=True),
)
_DOLLAR_OTHERS = (
    Line(_day(30), -500, "BK1030-2", ("MDOP", "CHRG"), "Bank", "Account charges October"),
)
_WEEKS = ((40, 1, 4), (41, 5, 11), (42, 12, 18), (43, 19, 25), (44, 26, 31))


def _lines(currency: str, others: Iterable[Line]) -> list[Line]:
    arrived = [
        _payout_line(payout)
        for payout in PAYOUTS
        if payout.currency == currency
        and payout.status == "paid"
        and payout.payout_id != NEVER_ARRIVED
    ]
    return sorted([*arrived, *others], key=lambda line: (line.booked_on, line.reference))


def _statements() -> list[Statement]:
    lines, balance, found = _lines("EUR", _EURO_OTHERS), 1825000, []
    for number, (week, first, last) in enumerate(_WEEKS, start=40):
        mine = tuple(line for line in lines if first <= line.booked_on.day <= last)
        name = f"EUR-2026-W{week}"
        statement = Statement(
            f"statement_{name}.xml",
            name,
            number,
            EURO_IBAN,
            "EUR",
            _day(first),
            _day(last),
            balance,
            mine,
            8,
        )
        balance = statement.closing
        found.append(statement)
    dollars = tuple(_lines("USD", _DOLLAR_OTHERS))
    found.append(
        Statement(
            "statement_USD-2026-10.xml",
            "USD-2026-10",
            10,
            DOLLAR_IBAN,
            "USD",
            _day(1),
            _day(31),
            100000,
            dollars,
            2,
        )
    )
    return found


STATEMENTS: tuple[Statement, ...] = tuple(_statements())


def _amount(amount: int, currency: str) -> str:
    sign = "CRDT" if amount >= 0 else "DBIT"
    text = major(abs(amount), currency)
    return f'<Amt Ccy="{currency}">{text}</Amt>\n        <CdtDbtInd>{sign}</CdtDbtInd>'


def _balance(code: str, amount: int, currency: str, day: date) -> str:
    return f"""      <Bal>
        <Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>
        {_amount(amount, currency)}
        <Dt><Dt>{day}</Dt></Dt>
      </Bal>
"""


def _details(line: Line, currency: str, version: int) -> str:
    role = "Dbtr" if line.amount > 0 else "Cdtr"
    found = ""
    for text, amount in line.parts or ((line.text, line.amount),):
        exact = major(abs(amount), currency)
        name = f"<Nm>{escape(line.counterparty)}</Nm>"
        party = f"<Pty>{name}</Pty>" if version >= 8 else name
        parties = f"<RltdPties><{role}>{party}</{role}></RltdPties>" if line.counterparty else ""
        found += f"""
          <TxDtls>
            <Refs><EndToEndId>{escape(line.end_to_end)}</EndToEndId></Refs>
            <AmtDtls><TxAmt><Amt Ccy="{currency}">{exact}</Amt></TxAmt></AmtDtls>
            {parties}
            <RmtInf><Ustrd>{escape(text)}</Ustrd></RmtInf>
          </TxDtls>"""
    return found


def _entry(line: Line, currency: str, version: int) -> str:
    state = "PDNG" if line.is_pending else "BOOK"
    family, sub_family = line.family
    domain = "ACMT" if family == "MDOP" else "PMNT"
    return f"""      <Ntry>
        <NtryRef>{line.reference}</NtryRef>
        {_amount(line.amount, currency)}
        <Sts>{f"<Cd>{state}</Cd>" if version >= 8 else state}</Sts>
        <BookgDt><Dt>{line.booked_on}</Dt></BookgDt>
        <ValDt><Dt>{line.booked_on}</Dt></ValDt>
        <AcctSvcrRef>{line.reference}</AcctSvcrRef>
        <BkTxCd><Domn><Cd>{domain}</Cd><Fmly><Cd>{family}</Cd>\
<SubFmlyCd>{sub_family}</SubFmlyCd></Fmly></Domn></BkTxCd>
        <NtryDtls>{_details(line, currency, version)}
        </NtryDtls>
      </Ntry>
"""


def statement_xml(statement: Statement) -> str:
    """The statement as the bank sends it."""
    s = statement
    made_at = f"{s.last_day}T23:30:00+0{2 if s.last_day < date(2026, 10, 25) else 1}:00"
    balances = _balance("OPBD", s.opening, s.currency, s.first_day)
    balances += _balance("CLBD", s.closing, s.currency, s.last_day)
    entries = "".join(_entry(line, s.currency, s.version) for line in s.lines)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{s.version:02d}">
  <BkToCstmrStmt>
    <GrpHdr><MsgId>KW-{s.statement_id}</MsgId><CreDtTm>{made_at}</CreDtTm></GrpHdr>
    <Stmt>
      <Id>{s.statement_id}</Id>
      <ElctrncSeqNb>{s.sequence}</ElctrncSeqNb>
      <CreDtTm>{made_at}</CreDtTm>
      <FrToDt><FrDtTm>{s.first_day}T00:00:00</FrDtTm><ToDtTm>{s.last_day}T23:59:59</ToDtTm></FrToDt>
      <Acct><Id><IBAN>{s.iban}</IBAN></Id><Ccy>{s.currency}</Ccy><Ownr>\
<Nm>Kestrel &amp; Wren B.V.</Nm></Ownr></Acct>
{balances}{entries}    </Stmt>
  </BkToCstmrStmt>
</Document>
"""
