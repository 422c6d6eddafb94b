"""The allocation of one customer's rewards, row by row: the same answer as the models, on demand.

In: a customer's events in the order of their history, and a method (seed reward_methods). Out: the
uses of lots. Pure; whole numbers of minor units. docs/rewards.md says what each rule means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

_NEVER = datetime.max  # noqa: DTZ901 – UTC without a zone, as the marts have it


@dataclass(frozen=True)
class Event:
    """One row of a history that takes part in it."""

    number: int
    trans_id: str
    type: str
    amount: int
    created_at: datetime
    expires_at: datetime | None = None
    order_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Method:
    """What counts, which lots a redemption takes first, whether `expired` asks the date."""

    counts: str
    lot_order: str
    expired_rows: str


@dataclass(frozen=True)
class Use:
    """How much of a lot an event used; below zero what a reversal put back. No lot: unfunded."""

    lot: Event | None
    event: Event
    units: int
    undone: Event | None = None

    def minor(self, method: Method) -> int:
        """The lot's money that moved: of whole rows the smaller of the two amounts."""
        if self.lot is None:
            return 0
        if method.counts == "money":
            return self.units
        amount = min(self.lot.amount, abs((self.undone or self.event).amount))
        return amount if self.units > 0 else -amount

    def undone_minor(self, method: Method) -> int:
        """How much of a redemption a reversal took back by it, paid by a lot or not."""
        if self.undone is None:
            return 0
        return -self.units if method.counts == "money" else abs(self.undone.amount)


def allocate(events: Sequence[Event], method: Method) -> list[Use]:
    """Every use of every lot, in order. What a reversal finds nothing for gives no use."""
    ledger = _Ledger(method)
    uses: list[Use] = []
    for event in events:
        if event.type == "earned":
            ledger.free[event] = ledger.units(event)
        elif event.type == "reversed":
            uses += ledger.put_back(event)
        else:
            uses += ledger.take(event)
    return uses


@dataclass
class _Ledger:
    """What is left of each lot, and what each redemption took of which, in the order it did."""

    method: Method
    free: dict[Event, int] = field(default_factory=dict)
    held: dict[Event, list[Use]] = field(default_factory=dict)

    def units(self, event: Event) -> int:
        """Money in minor units, or one for the whole row."""
        return abs(event.amount) if self.method.counts == "money" else 1

    def take(self, event: Event) -> list[Use]:
        """A redemption: lots in its order, and for the rest no lot at all."""
        wanted, taken = self.units(event), []
        for lot in sorted(self.free, key=self._rank(event)):
            if not wanted:
                break
            used = min(wanted, self.free[lot])
            wanted -= used
            self._leave(lot, self.free[lot] - used)
            if used:
                taken.append(Use(lot, event, used))
        if wanted:
            taken.append(Use(None, event, wanted))
        self.held[event] = taken
        return taken

    def put_back(self, event: Event) -> list[Use]:
        """A reversal: what the redemption it names took, the last taken first."""
        wanted, given = self.units(event), []
        for holder in self._named(event):
            for place in reversed(range(len(self.held[holder]))):
                part = self.held[holder][place]
                back = min(wanted, part.units)
                wanted -= back
                self.held[holder][place] = replace(part, units=part.units - back)
                if back:
                    given.append(Use(part.lot, event, -back, holder))
                if back and part.lot is not None:
                    self._leave(part.lot, self.free.get(part.lot, 0) + back)
        return given

    def _leave(self, lot: Event, units: int) -> None:
        if units:
            self.free[lot] = units
        else:
            self.free.pop(lot, None)

    def _rank(self, event: Event) -> Callable[[Event], tuple[int, datetime, int]]:
        by_date = event.type == "expired" and self.method.expired_rows == "by_date"

        def rank(lot: Event) -> tuple[int, datetime, int]:
            expires = lot.expires_at or _NEVER
            if by_date:
                is_due = expires <= event.created_at
                return (0, expires, lot.number) if is_due else (1, _NEVER, lot.number)
            if self.method.lot_order == "earliest_expiry_first":
                return (0, expires, lot.number)
            newest = self.method.lot_order == "newest_first"
            return (0, _NEVER, -lot.number if newest else lot.number)

        return rank

    def _named(self, reversal: Event) -> list[Event]:
        """The redemptions it undoes, the last first: purchases of its order, else one by its id."""
        of_order = [
            event
            for event in self.held
            if event.type == "spent" and event.order_id and event.order_id == reversal.order_id
        ]
        by_id = [event for event in self.held if event.trans_id == _as_id(reversal.reason)]
        named = [
            event
            for event in of_order or by_id
            if self.method.counts == "money" or abs(event.amount) <= abs(reversal.amount)
        ]
        return sorted(named, key=lambda event: -event.number)


def _as_id(reason: str | None) -> str | None:
    """A reason that is a TRANS_ID, without what a data frame adds to it."""
    return reason.strip(" ").removesuffix(".0") if reason else None
