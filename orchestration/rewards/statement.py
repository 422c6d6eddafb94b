"""A customer's account as people read it, and the same as plain values for programs.

In: an Account. Out: lines and tables for a terminal, or a dictionary whose amounts are text.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rich.table import Table

from delivery.money import exact
from orchestration.console import plain, table
from orchestration.explain_doors import exponents
from orchestration.rewards.account import Account, Line, Lot
from orchestration.rewards.allocate import Use

_PARTS = {"earned": "adds a lot", "reversed": "puts back"}


def statement(account: Account) -> dict[str, Any]:
    """The account as values."""
    return {
        "customer_id": account.customer_id,
        "tenant_id": account.tenant_id,
        "currency": account.currency,
        "method": account.method_id,
        "left": _money(account, account.left),
        "differs_from_the_books": account.differing,
        "rows": [_line(account, line) for line in account.lines],
        "lots": [_lot(account, lot) for lot in account.lots],
        "rows_that_take_no_part": [
            {"trans_id": row["trans_id"], "problem": row["problem"]} for row in account.apart
        ],
    }


def history(account: Account) -> Table:
    """Row by row: what it moved, which lots it used, what was left."""
    shown = table(
        f"Customer {plain(account.customer_id)}, {account.currency}, {account.method_id}",
        ["day", "row", "type", "order", "amount", "lots used", "balance", "open lots"],
        ("amount", "balance", "open lots"),
    )
    for line in account.lines:
        row = line.row
        shown.add_row(
            str(row["business_date"]),
            plain(row["trans_id"]),
            plain(row["type"]),
            plain(row["order_id"]),
            _money(account, int(row["amount_minor"])),
            plain(_used(account, line)),
            _money(account, line.balance),
            _money(account, line.open_lots),
        )
    return shown


def lots(account: Account) -> Table:
    """Lot by lot: each use, and what is left."""
    shown = table(
        f"Lots: {_money(account, account.left)} {account.currency} left",
        ["lot", "earned on", "expires on", "reason", "amount", "used by", "left", "REDEEMID"],
        ("amount", "left"),
    )
    for lot in account.lots:
        row = lot.row
        shown.add_row(
            plain(row["trans_id"]),
            str(row["business_date"]),
            f"{row['expires_at']:%Y-%m-%d}" if row["expires_at"] else "",
            plain(row["reason"]),
            _money(account, int(row["amount_minor"])),
            plain(", ".join(_use(account, use, use.event.trans_id) for use in lot.uses)),
            _money(account, lot.left),
            plain(lot.redeem_id),
        )
    return shown


def verdict(account: Account) -> str:
    """Whether the books say the same."""
    if account.differing is None:
        return "Worked out by another method than the books follow; nothing to compare."
    if not account.differing:
        return "Worked out from this customer's rows alone; the books say the same."
    return "THE BOOKS SAY OTHERWISE: " + "; ".join(account.differing)


def _used(account: Account, line: Line) -> str:
    parts = [_use(account, use, use.lot.trans_id) for use in line.uses if use.lot]
    if line.unfunded:
        parts.append(f"no lot {_money(account, line.unfunded)}")
    if line.unmatched:
        parts.append(f"nothing to undo {_money(account, line.unmatched)}")
    return ", ".join(parts) or _PARTS.get(line.row["type"], "")


def _use(account: Account, use: Use, name: str) -> str:
    return f"{name} {_money(account, use.minor(account.method))}"


def _line(account: Account, line: Line) -> dict[str, Any]:
    row = line.row
    return {
        "day": str(row["business_date"]),
        "trans_id": row["trans_id"],
        "type": row["type"],
        "order_id": row["order_id"],
        "amount": _money(account, int(row["amount_minor"])),
        "uses": [
            {
                "lot": use.lot.trans_id,
                "amount": _money(account, use.minor(account.method)),
                "undoes": use.undone.trans_id if use.undone else None,
            }
            for use in line.uses
            if use.lot
        ],
        "unfunded": _money(account, line.unfunded),
        "unmatched": _money(account, line.unmatched),
        "balance": _money(account, line.balance),
        "open_lots": _money(account, line.open_lots),
    }


def _lot(account: Account, lot: Lot) -> dict[str, Any]:
    return {
        "trans_id": lot.row["trans_id"],
        "earned_on": str(lot.row["business_date"]),
        "amount": _money(account, int(lot.row["amount_minor"])),
        "used": [
            {"by": use.event.trans_id, "amount": _money(account, use.minor(account.method))}
            for use in lot.uses
        ],
        "left": _money(account, lot.left),
        "redeem_id": lot.redeem_id,
    }


def _money(account: Account, minor: int) -> str:
    places = exponents().get(account.currency, 2)
    return exact(Decimal(minor).scaleb(-places), places)
