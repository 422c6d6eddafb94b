"""BAI2 balance reports: groups of accounts with balances and entries.

In: Work, contract, scratch. Out: Parsed with the four tables of bank statements. Amounts are whole
numbers of the currency's smallest unit; the type code says credit or debit. Every control total
(49, 98, 99: all amounts, and how many records) is checked. A group of the same day (as-of-date
modifier 3, 4) or an interim one (1) is an intraday report; a previous day's is a statement.
"""

from __future__ import annotations

import re
from decimal import Decimal

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, Suspicion, escaped
from ingestion.formats.bai2_records import Record, after_funds, records, summaries
from ingestion.formats.bank_rows import STATEMENT, BankRows, Page, Row
from ingestion.formats.exponents import major
from ingestion.formats.mt940_fields import decoded
from ingestion.formats.octets import whole_content
from ingestion.formats.parsed import Parsed, Scratch, Total, Work

MAX_BYTES = 256 * 1024 * 1024
BALANCES = {"010": "OPBD", "015": "CLBD", "040": "OPAV", "045": "CLAV"}
INTRADAY = ("1", "3", "4")
INFORMATION = "890"  # not money: text about the account
AMOUNT = re.compile(r"[+-]?[0-9]{1,18}")
STATUS = {"2": "deletion", "3": "correction", "4": "test"}


def parse_bai2(work: Work, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """Reads a report. Raises BAI2_INVALID naming the line."""
    reader = _Reader(spec)
    for record in records(decoded(whole_content(work.path, "BAI2", MAX_BYTES))):
        reader.read(record)
    return reader.finish(scratch)


class _Reader:
    """Walks the records, and keeps the sums its control records declare."""

    def __init__(self, spec: SourceSpec) -> None:
        self._bank = BankRows(spec, "bai2")
        self._file: Record | None = None
        self._group: Record | None = None
        self._page: Page | None = None
        self._currency = ""
        self._sums = dict.fromkeys(("49", "98", "99"), Decimal(0))
        self._counts = dict.fromkeys(("49", "98", "99"), 0)
        self._inside = dict.fromkeys(("98", "99"), 0)
        self._is_closed = False

    def read(self, record: Record) -> None:
        """One record, in the only order there is: 01, 02, 03, 16, 49, 98, 99."""
        if self._is_closed:
            raise FileFault("BAI2_INVALID", "records after the file's end (99)", record.line)
        if (record.code == "01") != (self._file is None):
            raise FileFault("BAI2_INVALID", "a file begins with one 01 record", record.line)
        if record.code in ("16", "49") and self._page is None:
            raise FileFault("BAI2_INVALID", f"{record.code} stands outside an account", record.line)
        if record.code == "98":
            _there(self._group, record)
        for level in self._counts:
            self._counts[level] += record.physical
        if record.code == "01":
            self._file = record
        elif record.code == "02":
            self._open_group(record)
        elif record.code == "03":
            self._account(record)
        elif record.code == "16":
            self._entry(record)
        else:
            self._close(record)

    def finish(self, scratch: Scratch) -> Parsed:
        """The tables; a file without its 99 record is held."""
        if not self._is_closed:
            self._bank.parsed.suspicions.append(
                Suspicion(
                    "FILE_TRUNCATED_SUSPECT",
                    "the file ends without its 99 record; ask for it again, or release it",
                )
            )
        parsed = self._bank.finish(scratch)
        created = _moment(self._file, 2) if self._file else None
        parsed.revision = int(re.sub(r"[^0-9]", "", created)) if created else None
        return parsed

    def _open_group(self, record: Record) -> None:
        self._group, self._page = record, None
        self._sums["98"], self._counts["98"], self._inside["98"] = Decimal(0), record.physical, 0
        self._inside["99"] += 1
        if told := STATUS.get(record.at(2)):
            self._bank.parsed.suspicions.append(
                Suspicion(
                    "BAI2_GROUP_STATUS",
                    f"line {record.line}: the group is a {told} and not an update; look what it"
                    " means for the statements that are here, and release it if it shall count",
                )
            )

    def _account(self, record: Record) -> None:
        file, group = _there(self._file, record), _there(self._group, record)
        self._sums["49"], self._counts["49"] = Decimal(0), record.physical
        self._inside["98"] += 1
        self._currency = record.at(1) or group.at(5) or "USD"  # the standard's default
        as_of = _day(group.at(3), group.line)
        kind = "intraday" if group.at(6) in INTRADAY else STATEMENT
        created, name = _moment(file, 2), file.at(4)
        # Every intraday report is one more, while a statement sent again replaces the first.
        identity = as_of if kind == STATEMENT else f"{as_of} {created} {name}"
        self._page = Page(record.at(0) or None, identity, kind, ends_on=as_of)
        self._bank.open(
            self._page,
            record.line,
            {
                "account_currency": self._currency,
                "created_at": created,
                "message_id": name or None,
                "message_version": "BAI2",
                "period_from": as_of,
                "period_to": as_of,
            },
        )
        for summary in summaries(record):
            amount = self._money(summary.amount, record)
            if summary.amount and summary.type_code < "100":
                row = self._row(summary.amount, amount >= 0)
                kind_of = BALANCES.get(summary.type_code, summary.type_code)
                self._bank.balance(
                    record.line, {**row, "balance_type": kind_of, "balance_date": as_of}
                )

    def _entry(self, record: Record) -> None:
        group = _there(self._group, record)
        code, text = record.at(0), record.at(1)
        amount = self._money(text, record)
        place = after_funds(record, 2)
        if code == INFORMATION and amount == 0:
            self._bank.parsed.notes.append(
                Suspicion("BAI2_INFORMATION", f"line {record.line}: {record.text(place)[:120]}")
            )
            return
        as_of = _day(group.at(3), group.line)
        available = record.at(3) if record.at(2) == "V" else ""
        is_credit = _is_credit(code)
        row = self._row(text, None if is_credit is None else is_credit == (amount >= 0))
        self._bank.entry(
            record.line,
            {
                **row,
                "status": "BOOK",
                "is_reversal": "true" if amount < 0 else "false",
                "booking_date": as_of,
                "value_date": _day(available, record.line) if available else as_of,
                "proprietary_code": code or None,
                "servicer_reference": record.at(place) or None,
                "transaction_reference": record.at(place + 1) or None,
                "remittance": record.text(place + 2) or None,
                "details_count": "0",
            },
        )

    def _row(self, amount: str, is_credit: bool | None) -> Row:
        return {
            "amount": major(amount.lstrip("+-"), self._currency) if amount else None,
            "currency": self._currency,
            "credit_debit": None if is_credit is None else "CRDT" if is_credit else "DBIT",
        }

    def _money(self, text: str, record: Record) -> Decimal:
        """The amount as the control totals count it: in the smallest unit, with its sign."""
        if not text:
            return Decimal(0)
        if not AMOUNT.fullmatch(text):
            raise FileFault("BAI2_INVALID", f"{escaped(text)[:20]} is no amount", record.line)
        self._sums["49"] += Decimal(text)
        return Decimal(text)

    def _close(self, record: Record) -> None:
        """49, 98 or 99: its sum and counts against what was read. Sums add up level by level."""
        level = record.code
        names = {"49": "account", "98": "group", "99": "file"}
        scope = f"{names[level]} on line {record.line}"
        numbers = [("amount", record.at(0), self._sums[level])]
        if level != "49":
            numbers.append(("rows", record.at(1), Decimal(self._inside[level])))
        numbers.append(("rows", record.at(2 if level != "49" else 1), Decimal(self._counts[level])))
        for place, (measure, declared, found) in enumerate(numbers):
            if declared:
                if not AMOUNT.fullmatch(declared):
                    raise FileFault(
                        "BAI2_INVALID",
                        f"{escaped(declared)[:20]} is no total",
                        record.line,
                        place + 2,
                    )
                what = f"{scope} (members)" if place == 1 and level != "49" else scope
                self._bank.parsed.totals.append(
                    Total(what, None, measure, Decimal(declared), found)
                )
        above = {"49": "98", "98": "99"}.get(level)
        if above:
            self._sums[above] += self._sums[level]
        self._page = None
        self._group = None if level == "98" else self._group
        self._is_closed = level == "99"


def _there(above: Record | None, record: Record) -> Record:
    if above is None:
        raise FileFault("BAI2_INVALID", f"{record.code} stands outside its place", record.line)
    return above


def _is_credit(code: str) -> bool | None:
    """Credits are 100–399 and 920–959, debits 400–699 and 960–999; loans say neither."""
    if not re.fullmatch(r"[0-9]{3}", code):
        return None
    if "100" <= code <= "399" or "920" <= code <= "959":
        return True
    return False if "400" <= code <= "699" or "960" <= code <= "999" else None


def _day(text: str, line: int) -> str:
    """YYMMDD or YYYYMMDD as ISO text; the contract judges whether the calendar has the day."""
    if not re.fullmatch(r"[0-9]{6}|[0-9]{8}", text):
        raise FileFault("BAI2_INVALID", f"{escaped(text)[:20] or 'nothing'} is no date", line)
    full = text if len(text) == 8 else ("19" if text[:2] >= "80" else "20") + text
    return f"{full[:4]}-{full[4:6]}-{full[6:]}"


def _moment(record: Record, place: int) -> str:
    """A day with its time; 2400 and 9999 mean the end of the day."""
    day = _day(record.at(place), record.line)
    digits = re.sub(r"[^0-9]", "", record.at(place + 1)).ljust(6, "0")[:6]
    if not re.fullmatch(r"([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]", digits):
        digits = "235959"
    return f"{day}T{digits[:2]}:{digits[2:4]}:{digits[4:]}"
