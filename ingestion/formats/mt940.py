"""SWIFT MT940 statements and MT942 intraday reports.

In: Work, contract, scratch. Out: Parsed with the four tables of bank statements.
The library mt-940 reads the entries, block by block; what it would drop or shorten without a word
is found by reading amounts apart from it, by counting :61: lines, and by opening + entries =
closing. Dates: the entry date (its year from the value date); the library moves 30 February.
"""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any

import mt940

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, Suspicion, escaped
from ingestion.formats.bank_rows import STATEMENT, BankRows, Page, Row
from ingestion.formats.mt940_balances import (
    BALANCES,
    balance_of,
    currency_of,
    indicated_of,
    kind_of,
    number_of,
    plain,
)
from ingestion.formats.mt940_fields import Block, Field, blocks, decoded
from ingestion.formats.mt940_narrative import narrative
from ingestion.formats.octets import whole_content
from ingestion.formats.parsed import Parsed, Scratch, Total, Work

MAX_BYTES = 64 * 1024 * 1024
MARK = re.compile(r"^[0-9]{6}(?:[0-9]{4}|\s{4})?(?P<mark>R?[CD])[A-Z]?[\n ]?(?P<amount>[0-9,.]+)")
SUMS = re.compile(r"(?P<number>[0-9]+)(?P<currency>[A-Z]{3})(?P<amount>[0-9]+,[0-9]*)")
DEBIT_MARKS = ("D", "RC")
OPTIONS = mt940.Options.all()


def parse_mt940(work: Work, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """Reads statements. Raises MT940_INVALID naming the line."""
    found, strays = blocks(decoded(whole_content(work.path, "MT940", MAX_BYTES)))
    if not found:
        raise FileFault(
            "MT940_INVALID",
            "no :20: begins a statement; a piece of one says nothing about an account",
            strays[0].line if strays else 1,
        )
    if strays:
        raise FileFault("MT940_INVALID", "fields before the first :20:", strays[0].line)
    bank = BankRows(spec, "mt940")
    for block in found:
        _statement(bank, block)
    return bank.finish(scratch)


def _statement(bank: BankRows, block: Block) -> None:
    account = block.first("25", "25P")
    if account is None:
        raise FileFault("MT940_INVALID", "the statement has no account (:25:)", block.line)
    kind = kind_of(block)
    balances = [(each.line, balance_of(each)) for each in block.all(*BALANCES)]
    dated = {str(row["balance_type"]): row["balance_date"] for _, row in balances}
    entries = _entries(block)
    days = [row["booking_date"] for _, row in entries if row["booking_date"]]
    number, page = number_of(block)
    count = (number or "0").split("/")[0]
    sequence = count if int(count) else None
    currency = next((row["currency"] for _, row in balances), None) or currency_of(block, account)
    opened = Page(
        account,
        number or block.first("20"),
        kind,
        page,
        sequence,
        dated.get("CLBD") or dated.get("ITBD") or indicated_of(block) or max(days, default=None),
        sequence,
    )
    bank.open(
        opened,
        block.line,
        {
            "account_currency": currency,
            "electronic_sequence": opened.sequence,
            "message_id": block.first("20"),
            "message_version": "MT940" if kind == STATEMENT else "MT942",
        },
    )
    for line, row in balances:
        bank.balance(line, row)
    for line, row in entries:
        bank.entry(line, {**row, "currency": currency})
    _check(bank, block, opened, len(entries))


def _entries(block: Block) -> list[tuple[int, Row]]:
    """The entries as the library reads them, beside the lines they stand on."""
    lines = block.all("61")
    tags: dict[int | str, mt940.tags.Tag] | None = None
    if "ASNB" in (block.first("25") or ""):  # its reference is an IBAN, longer than the standard's
        tags = {61: mt940.tags.StatementASNB()}
    try:
        read = mt940.parse_statements(io.StringIO(block.source), tags=tags, options=OPTIONS)
    except (RuntimeError, ValueError, ArithmeticError, KeyError) as error:
        raise FileFault(
            "MT940_INVALID", f"a field cannot be read: {escaped(str(error))[:120]}", block.line
        ) from error
    found = [entry for statement in read for entry in statement if entry.data.get("date")]
    if len(found) != len(lines):
        raise FileFault(
            "MT940_INVALID",
            f"{len(lines)} lines :61:, but {len(found)} entries could be read",
            block.line,
        )
    texts = _narratives(block)
    return [
        (line.line, _entry(line, dict(entry.data), texts[line.line]))
        for line, entry in zip(lines, found, strict=True)
    ]


def _narratives(block: Block) -> dict[int, str]:
    """The :86: texts that follow each :61:, by its line."""
    texts: dict[int, str] = {}
    current: int | None = None
    for each in block.fields:
        if each.tag == "61":
            current = each.line
            texts[current] = ""
        elif each.tag == "86" and current is not None:
            texts[current] = "\n".join(filter(None, (texts[current], each.text)))
        elif each.tag not in ("86", "NS"):
            current = None
    return texts


def _entry(line: Field, read: dict[str, Any], text: str) -> Row:
    words = MARK.match(line.text)
    # A mark the pattern does not know is left out, and the line is refused for it.
    mark = words["mark"] if words else None
    amount = plain(words["amount"]) if words else None
    if words and not _agrees(amount, mark, read["amount"].amount):
        amount = words["amount"]  # no plain decimal: the line is refused with what it says
    booked = read.get("entry_date") or read["date"]
    told = narrative(text)
    customer, supplement = read.get("customer_reference"), read.get("extra_details")
    more = (told.pop("additional_information", None), supplement)
    return {
        "amount": amount,
        "credit_debit": None if mark is None else "DBIT" if mark in DEBIT_MARKS else "CRDT",
        "is_reversal": "true" if (mark or "").startswith("R") else "false",
        "status": "BOOK",
        "booking_date": booked.isoformat(),
        "value_date": read["date"].isoformat(),
        "servicer_reference": (read.get("bank_reference") or "").strip() or None,
        "proprietary_code": (read.get("id") or "").strip() or None,
        "transaction_reference": (customer or "").strip() or None,
        "additional_information": " ".join(part.strip() for part in more if part) or None,
        "details_count": "0",
        **told,
    }


def _agrees(amount: str | None, mark: str | None, read: Decimal) -> bool:
    try:
        value = Decimal(amount or "")
    except ArithmeticError:
        return False
    return (-value if mark in DEBIT_MARKS else value) == read


def _check(bank: BankRows, block: Block, page: Page, entries: int) -> None:
    """The sums a report declares of its debits and credits, and a statement that lacks its end."""
    for tag, marks in (("90D", "DBIT"), ("90C", "CRDT")):
        for each in block.all(tag):
            if words := SUMS.fullmatch(each.text.strip()):
                of = [m for m in page.movements if m.direction == marks]
                total = sum((abs(m.signed) for m in of if m.signed is not None), Decimal(0))
                scope = f"{page.scope} :{tag}:"
                bank.parsed.totals += [
                    Total(
                        scope, words["currency"], "rows", Decimal(words["number"]), Decimal(len(of))
                    ),
                    Total(
                        scope, words["currency"], "amount", Decimal(plain(words["amount"])), total
                    ),
                ]
    opens, closes = block.all("60F", "60M", "60"), block.all("62F", "62M", "62")
    if page.kind == STATEMENT and not (opens and closes):
        bank.parsed.suspicions.append(
            Suspicion(
                "STATEMENT_UNBALANCED",
                f"statement {page.scope} (line {block.line}) lacks its"
                f" {'closing' if opens else 'opening'} balance, so its {entries} entries cannot be"
                " checked; ask the bank for the whole statement, or release it",
            )
        )
