"""What payouts are made of, worked out row by row: no SQL and no code of the models.

In: a PayoutWorld. Out: what the marts must say, by key. Shares are fractions until the last step.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from tests.python.dbt.random_payouts import PayoutWorld, Row

OWN_WORDS_OF_STRIPE = {"payment": "charge", "payout_failure": "payout_reversal"}
BY_EVENT = {
    "charge": "charge",
    "refund": "refund",
    "chargeback": "dispute",
    "fee": "fee",
    "adjustment": "other_adjustment",
    "reserve_hold": "reserve_hold",
    "reserve_release": "reserve_release",
    "reserve_applied": "reserve_applied",
    "payout_reversal": "payout_reversal",
    "unknown": "unknown",
}
LARGEST = 900_000_000_000_000


@dataclass
class Told:
    """One payout as the marts tell it."""

    paid: int
    member_count: int = 0
    lines: dict[str, list[int]] = field(default_factory=dict)  # count, gross, fee, net
    is_counted: bool = True

    def add(self, category: str, count: int, gross: int, fee: int) -> None:
        """A part of it."""
        line = self.lines.setdefault(category, [0, 0, 0, 0])
        for place, value in enumerate((count, gross, fee, gross - fee)):
            line[place] += value

    @property
    def explained(self) -> int:
        """What its parts add up to."""
        return sum(line[3] for line in self.lines.values())

    def has_shares(self) -> bool:
        """Whether a share can be told."""
        nets = [abs(line[3]) for line in self.lines.values()]
        return bool(self.paid) and max([abs(self.paid), *nets]) < LARGEST

    def explained_bps(self) -> int | None:
        """Rounded so that 10000 is said only of what ties."""
        left = self.paid - self.explained
        if not self.paid or max(abs(self.paid), abs(left)) >= LARGEST:
            return None
        off = Fraction(left * 10000, self.paid)
        return 10000 - (math.ceil(off) if off > 0 else math.floor(off))

    def shares(self) -> dict[str, int | None]:
        """By the largest remainders."""
        told = self.explained_bps()
        if told is None or not self.has_shares():
            return dict.fromkeys(self.lines)
        exact = {name: Fraction(line[3] * 10000, self.paid) for name, line in self.lines.items()}
        shares = {name: math.floor(share) for name, share in exact.items()}
        order = sorted(exact, key=lambda name: (shares[name] - exact[name], name))
        for name in order[: told - sum(shares.values())]:
            shares[name] += 1
        return dict(shares)


def category(row: Row) -> str:
    """The line a movement is told under."""
    if row["source"] == "stripe" and row["native_type"]:
        own = str(row["native_type"])
        return OWN_WORDS_OF_STRIPE.get(own, own)
    return BY_EVENT[str(row["event_type"])]


def payouts(world: PayoutWorld) -> dict[str, Told]:
    """Every payout by its transaction."""
    rows = [row for row in world.transactions if row["side"] == "processor"]
    by_id: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        if row["payout_id"] is not None:
            by_id[_id(row)].append(row)
    found = {}
    for row in rows:
        if row["event_type"] == "payout":
            told = found[row["transaction_id"]] = Told(-row["amount_minor"])
            if row["fee_minor"]:
                told.add("payout_fee", 0, 0, row["fee_minor"])
    for same_id in by_id.values():
        _explain(found, same_id)
    return found


def _explain(found: dict[str, Told], same_id: list[Row]) -> None:
    """The payouts of one id, and what they are made of."""
    members = [row for row in same_id if _is_member(row)]
    paid = sorted((row for row in same_id if row["event_type"] == "payout"), key=_age)
    if not members:
        return
    alone = [row for row in paid if row["has_conflict"] or row["status"] in ("failed", "canceled")]
    together = [row for row in paid if row not in alone]
    for row in paid:
        told = found[row["transaction_id"]]
        told.member_count = len(members)
        told.is_counted = row in together if together else row is alone[-1]
        others = [other for other in together[:-1] if row in together]
        if row in others:
            if row["net_minor"]:
                told.add("paid_under_the_same_id", 0, -row["net_minor"], 0)
            continue
        for member in members:
            told.add(category(member), 1, member["amount_minor"], member["fee_minor"])
        elsewhere = sum(other["net_minor"] for other in others)
        if elsewhere:
            told.add("paid_under_the_same_id", 0, elsewhere, 0)


def _is_member(row: Row) -> bool:
    own_return = (
        row["event_type"] == "payout_reversal"
        and row.get("processor_reference") == row["payout_id"]
    )
    return row["event_type"] != "payout" and not own_return


def _id(row: Row) -> tuple[Any, ...]:
    names = ("tenant_id", "source", "source_account", "payout_id", "currency")
    return tuple(row[name] for name in names)


def _age(row: Row) -> tuple[date, str]:
    return row["business_date"], row["transaction_id"]


def returned(world: PayoutWorld) -> dict[str, date]:
    """When each payout came back: each return takes the oldest payout of its amount."""
    found: dict[str, date] = {}
    paid = sorted((row for row in world.transactions if row["event_type"] == "payout"), key=_age)
    back = [row for row in world.transactions if row["event_type"] == "payout_reversal"]
    for row in sorted(back, key=_age):
        name = row.get("processor_reference")
        of_id = [p for p in paid if name is not None and _id(p) == _id({**row, "payout_id": name})]
        alike = [p for p in of_id if p["amount_minor"] == -row["amount_minor"]]
        left = [p for p in alike if p["transaction_id"] not in found]
        for payout in of_id if len(of_id) == 1 else left[:1]:
            found.setdefault(payout["transaction_id"], row["business_date"])
    return found


def bank(world: PayoutWorld) -> tuple[dict[str, int], dict[tuple[str, str], tuple[int, int, int]]]:
    """What arrived of each payout or return; and each row of the bridge with its three sums."""
    rows = {row["transaction_id"]: row for row in world.transactions}
    arrived: dict[str, int] = {}
    bridge: dict[tuple[str, str], tuple[int, int, int]] = {}
    for match in world.matches:
        lefts, rights = (
            sorted(_members(world, rows, match["match_id"], role), key=_age)
            for role in ("left", "right")
        )
        off = sum(r["amount_minor"] for r in rights) + sum(r["amount_minor"] for r in lefts)
        for left in lefts:
            arrived[left["transaction_id"]] = -left["amount_minor"]
            for right in rights:
                is_first = left is lefts[0] and right is rights[0]
                bridge[left["transaction_id"], right["transaction_id"]] = (
                    -left["amount_minor"] if right is rights[0] else 0,
                    right["amount_minor"] if left is lefts[0] else 0,
                    off if is_first else 0,
                )
        arrived[lefts[-1]["transaction_id"]] += off
    return arrived, bridge


def _members(world: PayoutWorld, rows: dict[str, Row], match_id: str, role: str) -> Iterable[Row]:
    return (
        rows[member["transaction_id"]]
        for member in world.members
        if member["match_id"] == match_id and member["role"] == role
    )


def reserves(world: PayoutWorld) -> dict[tuple[Any, ...], tuple[int, int, int, int, int]]:
    """Opening, withheld, released, applied, closing by account, currency and month."""
    left_out = {row["transaction_id"] for row in world.unposted}
    months: dict[Any, dict[date, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    for row in world.transactions:
        event = row["event_type"]
        if not event.startswith("reserve_") or row["transaction_id"] in left_out:
            continue
        is_applied = event == "reserve_applied" or (
            (row["source"], row["native_type"], event) == ("rede", "unscheduled", "reserve_release")
        )
        place = 0 if event == "reserve_hold" else 2 if is_applied else 1
        key = row["tenant_id"], row["source"], row["source_account"], row["currency"]
        moved = -row["amount_minor"] if place == 0 else row["amount_minor"]
        months[key][row["business_date"].replace(day=1)][place] += moved
    told = {}
    for key, moves in months.items():
        closing = 0
        for period in sorted({row["period"] for row in world.periods}):
            if period < min(moves):
                continue
            opening, (held, freed, used) = closing, moves.get(period, [0, 0, 0])
            closing = opening + held - freed - used
            told[(*key, period)] = (opening, held, freed, used, closing)
    return told
