"""What a block of MT940 fields says of its statement: kind, number and page, balances, currency.

Amounts have a decimal comma, days are YYMMDD. Raises MT940_INVALID naming the line.
"""

from __future__ import annotations

import re
from datetime import date

from ingestion.faults import FileFault, escaped
from ingestion.formats.bank_rows import STATEMENT, Row
from ingestion.formats.mt940_fields import Block, Field

BALANCES = {
    "60F": "OPBD", "60": "OPBD", "60M": "ITBD", "62F": "CLBD", "62": "CLBD", "62M": "ITBD",
    "64": "CLAV", "65": "FWAV",
}  # fmt: skip
BALANCE = re.compile(r"(?P<mark>[CD])(?P<day>[0-9]{6})(?P<currency>[A-Z]{3})(?P<amount>[0-9,.]+)")


def kind_of(block: Block) -> str:
    """MT942 has floor limits or a report time and no booked balances."""
    if block.all("60F", "60M", "60", "62F", "62M", "62"):
        return STATEMENT
    if block.all("34F", "13D", "13", "90D", "90C", "61"):
        return "intraday"
    raise FileFault("MT940_INVALID", "neither balances nor a report of entries", block.line)


def number_of(block: Block) -> tuple[str | None, str | None]:
    """Number and page. A page is one only where the balances say that the statement goes on."""
    words = re.fullmatch(r"([0-9]{1,5})(?:/([0-9]{1,5}))?", block.first("28C", "28") or "")
    if not words:
        return None, None
    if words[2] and block.all("60M", "62M"):
        return words[1], str(int(words[2]))
    return words[1] if not words[2] else f"{words[1]}/{words[2]}", None


def balance_of(found: Field) -> Row:
    words = BALANCE.fullmatch(found.text.replace("\n", "").strip())
    if not words:
        raise FileFault(
            "MT940_INVALID", f":{found.tag}: is no balance: {escaped(found.text)[:40]}", found.line
        )
    return {
        "balance_type": BALANCES[found.tag],
        "amount": plain(words["amount"]),
        "currency": words["currency"],
        "credit_debit": "CRDT" if words["mark"] == "C" else "DBIT",
        "balance_date": day_of(words["day"], found.line),
    }


def plain(amount: str) -> str:
    """`100,` as 100, `20,5` as 20.5; without leading zeros, which are padding."""
    text = re.sub(r"^0+(?=[0-9])", "", amount)
    return text.replace(",", ".").removesuffix(".")


def day_of(text: str, line: int) -> str:
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    try:
        return date(1900 + year if year >= 80 else 2000 + year, month, day).isoformat()
    except ValueError as error:
        raise FileFault("MT940_INVALID", f"{text} is no date", line) from error


def indicated_of(block: Block) -> str | None:
    words = re.match(r"[0-9]{6}", block.first("13D", "13") or "")
    return day_of(words[0], block.line) if words else None


def currency_of(block: Block, account: str) -> str | None:
    """Without balances: of the floor limit or the sums, else the end of the account's name."""
    for each in block.all("34F", "90D", "90C"):
        if words := re.search(r"[A-Z]{3}", each.text):
            return words[0]
    found = re.search(r"[0-9]([A-Z]{3})$", account)
    return found[1] if found else None
