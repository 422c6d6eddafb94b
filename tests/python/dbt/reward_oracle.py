"""What each method of allocation makes of a customer's history: row by row, without SQL.

`play(events, method)` walks the events in their documented order. Every lot knows what is left of
it, every redemption what it took, in order; a reversal takes from that list, from its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from tests.python.dbt.reward_histories import Event

METHODS = ("fifo", "lifo", "fefo", "one_to_one")
NEVER = datetime(9999, 12, 31)
Key = tuple[str, str, str | None]


@dataclass
class Lot:
    """An earned row, and what is left of it."""

    event: Event
    number: int
    units: int
    left: int
    redeem_id: str | None = None

    @property
    def expiry(self) -> datetime:
        """When it may expire; never, where nothing is said."""
        return self.event.expires_at or NEVER


@dataclass
class Redemption:
    """A spent or expired row, and what it holds: lots and units in the order they were taken."""

    event: Event
    held: list[tuple[Lot | None, int]] = field(default_factory=list)


@dataclass
class Result:
    """What became of one row; amounts in minor units, named as in marts.reward_transactions."""

    allocated: int = 0
    open_amount: int = 0
    unfunded: int = 0
    still_unfunded: int = 0
    reversed_amount: int = 0
    unmatched: int = 0
    redeem_id: str | None = None


@dataclass
class Played:
    """A history's rows, its moves (lot, using row, undone redemption) and its running totals."""

    results: dict[str, Result] = field(default_factory=dict)
    moves: dict[Key, int] = field(default_factory=dict)
    balances: dict[str, tuple[int, int]] = field(default_factory=dict)


def play(events: Iterable[Event], method: str = "fifo") -> Played:
    """One customer's history by one method."""
    return _Walk(method).walk(sorted(events, key=Event.place))


class _Walk:
    def __init__(self, method: str) -> None:
        self.method = method
        self.by_rows = method == "one_to_one"
        self.lots: list[Lot] = []
        self.redemptions: list[Redemption] = []
        self.played = Played()

    def walk(self, events: list[Event]) -> Played:
        balance, open_lots = 0, 0
        for number, event in enumerate(events, start=1):
            result = self.played.results[event.trans_id] = Result()
            if event.kind == "earned":
                units = 1 if self.by_rows else event.amount
                self.lots.append(Lot(event, number, units, units))
                open_lots += event.amount
            elif event.kind == "reversed":
                self._reverse(event, result)
                open_lots += result.allocated
            else:
                self._redeem(event, result)
                open_lots -= result.allocated
            balance += event.amount
            self.played.balances[event.trans_id] = (balance, open_lots)
        self._close()
        return self.played

    def _preference(self, event: Event) -> Callable[[Lot], tuple[object, ...]]:
        if event.kind == "expired" and not self.by_rows:
            at = event.created_at
            return lambda lot: (lot.expiry > at, min(lot.expiry, at), lot.number)
        if self.method == "lifo":
            return lambda lot: (-lot.number,)
        if self.method == "fefo":
            return lambda lot: (lot.expiry, lot.number)
        return lambda lot: (lot.number,)

    def _redeem(self, event: Event, result: Result) -> None:
        redemption = Redemption(event)
        self.redemptions.append(redemption)
        wanted = 1 if self.by_rows else -event.amount
        for lot in sorted(self.lots, key=self._preference(event)):
            taken = min(lot.left, wanted)
            if taken:
                lot.left -= taken
                lot.redeem_id = None if lot.left else event.trans_id
                wanted -= taken
                redemption.held.append((lot, taken))
                self._move(lot, event, None, self._money(lot, event, taken), result)
        if wanted:
            redemption.held.append((None, wanted))
        result.unfunded = -event.amount - result.allocated
        result.still_unfunded = result.unfunded

    def _money(self, lot: Lot, redemption: Event, units: int) -> int:
        return min(lot.event.amount, -redemption.amount) if self.by_rows else units

    def _move(
        self, lot: Lot, user: Event, undone: Event | None, minor: int, result: Result
    ) -> None:
        key = (lot.event.trans_id, user.trans_id, undone.trans_id if undone else None)
        sign = -1 if undone else 1
        self.played.moves[key] = self.played.moves.get(key, 0) + sign * minor
        self.played.results[lot.event.trans_id].allocated += sign * minor
        result.allocated += minor

    def _named(self, event: Event) -> Iterator[Redemption]:
        by_order = [
            one
            for one in self.redemptions
            if event.order_id and one.event.kind == "spent" and one.event.order_id == event.order_id
        ]
        by_id = [one for one in self.redemptions if one.event.trans_id == event.reason]
        yield from reversed(by_order or by_id)

    def _reverse(self, event: Event, result: Result) -> None:
        wanted = 1 if self.by_rows else event.amount
        matched = 0
        for redemption in self._named(event):
            if self.by_rows and -redemption.event.amount > event.amount:
                continue  # rows know no parts
            told = self.played.results[redemption.event.trans_id]
            while wanted and redemption.held:
                lot, units = redemption.held.pop()
                back = min(units, wanted)
                wanted -= back
                if units > back:
                    redemption.held.append((lot, units - back))
                undone = -redemption.event.amount if self.by_rows else back
                minor = self._money(lot, redemption.event, back) if lot else 0
                if lot:
                    lot.left += back
                    lot.redeem_id = None
                    self._move(lot, event, redemption.event, minor, result)
                matched += undone
                told.reversed_amount += undone
                told.still_unfunded -= undone - minor
        result.unfunded = matched - result.allocated
        result.unmatched = event.amount - matched

    def _close(self) -> None:
        for lot in self.lots:
            result = self.played.results[lot.event.trans_id]
            result.redeem_id = lot.redeem_id
            result.open_amount = lot.event.amount - result.allocated
