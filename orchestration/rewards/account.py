"""A customer's running account: each row with the lots it used, each lot with what is left.

In: an open warehouse and a customer. Out: Account values, one a currency, worked out on the spot
from the customer's own rows and compared with what the books have. Nothing is changed.
Run alone: tieout explain customer ID
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from dbt_project.settings import ConfigurationError
from dbt_project.warehouse import Warehouse
from orchestration.rewards.allocate import Event, Method, Use, allocate

Row = dict[str, Any]

_ROWS = """
select * from marts.reward_transactions
where customer_id = $1 or reported_customer_id = $1
order by tenant_id, currency, event_number, trans_id, reward_transaction_id
"""
_OF_THE_ACCOUNT = """
select * from marts.reward_transactions
where customer_id = $1 and tenant_id = $2 and currency = $3
order by event_number, trans_id, reward_transaction_id
"""
_BOOKED = """
select earned_trans_id, redeemed_trans_id, reversed_trans_id, allocated_minor
from marts.reward_allocations
where customer_id = $1 and tenant_id = $2 and currency = $3
"""


@dataclass(frozen=True)
class Line:
    """One row of the account: what it moved, what paid for it, what was left afterwards."""

    row: Row
    uses: tuple[Use, ...]
    unfunded: int
    unmatched: int
    balance: int
    open_lots: int


@dataclass(frozen=True)
class Lot:
    """One lot: its uses, what is left, and what took the last of it."""

    row: Row
    uses: tuple[Use, ...]
    left: int
    redeem_id: str | None


@dataclass(frozen=True)
class Account:
    """All of one customer in one currency."""

    customer_id: str
    tenant_id: str
    currency: str
    method_id: str
    method: Method
    lines: tuple[Line, ...]
    lots: tuple[Lot, ...]
    apart: tuple[Row, ...]
    differing: tuple[str, ...] | None

    @property
    def left(self) -> int:
        """What is left of all lots."""
        return sum(lot.left for lot in self.lots)


def accounts(warehouse: Warehouse, customer: str, method_id: str = "") -> list[Account]:
    """The accounts of a customer; of a merged one, those of the customer it became part of."""
    methods = {
        row["method_id"]: row for row in warehouse.rows("select * from seeds.reward_methods")
    }
    if method_id and method_id not in methods:
        raise ConfigurationError(f"{method_id} is no method: one of {', '.join(sorted(methods))}")
    found = warehouse.rows(_ROWS, [customer])
    names = sorted({(r["tenant_id"], r["currency"], r["customer_id"]) for r in found})
    return [_account(warehouse, *name, method_id, methods) for name in names]


def _account(
    warehouse: Warehouse,
    tenant: str,
    currency: str,
    customer: str,
    asked: str,
    methods: dict[str, Row],
) -> Account:
    key = [customer, tenant, currency]
    rows = warehouse.rows(_OF_THE_ACCOUNT, key)
    booked = warehouse.rows("select method from marts.reward_allocations limit 1")
    books = booked[0]["method"] if booked else "fifo"
    method_id = asked or books
    of = methods[method_id]
    method = Method(of["counts"], of["lot_order"], of["expired_rows"])
    counted = [row for row in rows if row["problem"] is None]
    events = [_event(row) for row in counted]
    uses = allocate(events, method)
    return Account(
        customer_id=customer,
        tenant_id=tenant,
        currency=currency,
        method_id=method_id,
        method=method,
        lines=_lines(counted, events, uses, method),
        lots=_lots(counted, uses, method),
        apart=tuple(row for row in rows if row["problem"] is not None),
        differing=_differing(warehouse.rows(_BOOKED, key), uses, method)
        if method_id == books
        else None,
    )


def _event(row: Row) -> Event:
    return Event(
        number=int(row["event_number"]),
        trans_id=row["trans_id"],
        type=row["type"],
        amount=int(row["amount_minor"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        order_id=row["order_id"],
        reason=row["reason"],
    )


def _lines(
    rows: list[Row], events: list[Event], uses: list[Use], method: Method
) -> tuple[Line, ...]:
    balance = open_lots = 0
    lines = []
    of_event: dict[int, list[Use]] = defaultdict(list)
    for use in uses:
        of_event[use.event.number].append(use)
    for row, event in zip(rows, events, strict=True):
        own = tuple(of_event[event.number])
        moved = sum(use.minor(method) for use in own)
        undone = sum(use.undone_minor(method) for use in own)
        unfunded, unmatched = abs(event.amount) - moved, 0
        if event.type == "earned":
            unfunded = 0
            open_lots += event.amount
        elif event.type == "reversed":
            unfunded, unmatched = -undone - moved, event.amount - undone
        balance += event.amount
        open_lots -= moved
        paid = tuple(use for use in own if use.lot is not None)
        lines.append(Line(row, paid, unfunded, unmatched, balance, open_lots))
    return tuple(lines)


def _lots(rows: list[Row], uses: list[Use], method: Method) -> tuple[Lot, ...]:
    lots = []
    of_lot: dict[str, list[Use]] = defaultdict(list)
    for use in uses:
        if use.lot is not None:
            of_lot[use.lot.trans_id].append(use)
    for row in rows:
        if row["type"] == "earned":
            own = tuple(of_lot[row["trans_id"]])
            whole = int(row["amount_minor"]) if method.counts == "money" else 1
            is_used_up = bool(own) and sum(use.units for use in own) == whole
            left = int(row["amount_minor"]) - sum(use.minor(method) for use in own)
            lots.append(Lot(row, own, left, own[-1].event.trans_id if is_used_up else None))
    return tuple(lots)


def _differing(booked: list[Row], uses: list[Use], method: Method) -> tuple[str, ...]:
    """Lots and uses on which the books say something else than this calculation."""
    mine: dict[tuple[str, str, str], int] = {}
    for use in uses:
        if use.lot is not None and use.minor(method):
            undone = use.undone.trans_id if use.undone else ""
            key = (use.lot.trans_id, use.event.trans_id, undone)
            mine[key] = mine.get(key, 0) + use.minor(method)
    theirs = {
        (r["earned_trans_id"], r["redeemed_trans_id"], r["reversed_trans_id"] or ""): int(
            r["allocated_minor"]
        )
        for r in booked
    }
    keys = sorted(k for k in mine.keys() | theirs.keys() if mine.get(k) != theirs.get(k))
    return tuple(f"lot {lot}, used by {event}" for lot, event, _ in keys)
