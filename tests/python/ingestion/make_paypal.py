"""PayPal's reports as PayPal writes them, built on the fly: rows and footers that tie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

STL = [
    "Transaction ID", "Invoice ID", "PayPal Reference ID", "PayPal Reference ID Type",
    "Transaction Event Code", "Transaction Initiation Date", "Transaction Completion Date",
    "Transaction Debit or Credit", "Gross Transaction Amount", "Gross Transaction Currency",
    "Fee Debit or Credit", "Fee Amount", "Fee Currency", "Custom Field", "Consumer ID",
    "Payment Tracking ID", "Store ID", "Bank Reference ID", "Credit Transactional Fee",
    "Credit Promotional Fee", "Credit Term",
]  # fmt: skip
TRR = [*STL[:13], "Transactional Status", "Payer's Account ID", "First Name", "Custom Field"]
PERIOD = ("2026/10/05 00:00:00 -0700", "2026/10/05 23:59:59 -0700")
ACCOUNT = "MARLOWMILLS01"
Row = dict[str, str]


def row(number: int = 1, **changes: str) -> Row:
    """A payment of 52.00 USD with a fee of 2.25; changes by short words."""
    words = {
        "id": "Transaction ID", "code": "Transaction Event Code",
        "side": "Transaction Debit or Credit",
        "amount": "Gross Transaction Amount", "currency": "Gross Transaction Currency",
        "fee": "Fee Amount", "fee_side": "Fee Debit or Credit", "fee_currency": "Fee Currency",
        "at": "Transaction Completion Date", "status": "Transactional Status",
        "payer": "Payer's Account ID", "first": "First Name", "custom": "Custom Field",
        "invoice": "Invoice ID", "reference": "PayPal Reference ID", "bank": "Bank Reference ID",
    }  # fmt: skip
    made = {
        "Transaction ID": f"8MM{number:014d}", "Invoice ID": f"MM-{number}",
        "Transaction Event Code": "T0006",
        "Transaction Initiation Date": "2026/10/05 09:15:00 -0700",
        "Transaction Completion Date": "2026/10/05 09:15:00 -0700",
        "Transaction Debit or Credit": "CR", "Gross Transaction Amount": "5200",
        "Gross Transaction Currency": "USD", "Fee Debit or Credit": "DR", "Fee Amount": "225",
        "Fee Currency": "USD",
    }  # fmt: skip
    if "currency" in changes and "fee_currency" not in changes:
        changes["fee_currency"] = changes["currency"]
    return made | {words[word]: value for word, value in changes.items()}


def footers(kind: str, rows: Sequence[Row]) -> list[list[str]]:
    """One footer a currency that the rows leave money in, from zero to what they add up to."""
    made = []
    for currency in sorted({r["Gross Transaction Currency"] for r in rows}):
        sums = [0, 0, 0, 0]
        for r in rows:
            if r["Gross Transaction Currency"] == currency:
                side = r["Transaction Debit or Credit"] == "DR"
                sums[side] += int(r["Gross Transaction Amount"])
                sums[2 + (r["Fee Debit or Credit"] == "DR")] += int(r["Fee Amount"] or 0)
        end = sums[0] - sums[1] + sums[2] - sums[3]
        balance = ["CR", "0", "CR" if end >= 0 else "DR", str(abs(end))]
        if end:
            made.append([kind, currency, *map(str, sums), *balance, *balance])
    return made


def body(rows: Sequence[Row], columns: Sequence[str] = STL) -> list[list[str]]:
    """The rows as lines (SB)."""
    return [["SB", *(r.get(column, "") for column in columns)] for r in rows]


def section(
    rows: Sequence[Row],
    columns: Sequence[str] = STL,
    account: str = ACCOUNT,
    period: tuple[str, str] = PERIOD,
) -> list[list[str]]:
    """SH to SC."""
    head = [["SH", *period, account, ""], ["CH", *columns]]
    return [*head, *body(rows, columns), *footers("SF", rows), ["SC", str(len(rows))]]


def report(
    *sections: list[list[str]],
    rows: Sequence[Row] = (),
    number: str = "01",
    generated: str = "2026/10/06 02:05:05 -0700",
) -> list[list[str]]:
    """RH to FF around sections; `rows` are those the report's footers count."""
    count = sum(line[0] == "SB" for part in sections for line in part)
    head = [["RH", generated, "A", ACCOUNT, "009"], ["FH", number]]
    tail = [*footers("RF", rows), ["RC", str(len(rows))]] if rows else []
    return [*head, *(line for part in sections for line in part), *tail, ["FF", str(count)]]


def text(lines: Sequence[Sequence[Any]], delimiter: str = ",") -> bytes:
    """The lines with PayPal's quotes."""
    rows = (delimiter.join(f'"{value}"' for value in line) for line in lines)
    return ("\n".join(rows) + "\n").encode()


def whole(*rows: Row, columns: Sequence[str] = STL) -> bytes:
    """A report of one section whose every total ties."""
    return text(report(section(rows, columns), rows=rows))
