"""The ageing roll-forward, worked out by holding each look beside the one before it.

In: looks, each with the breaks it saw. Out: the figures of each line and look. Shares no idea with
the SQL, which never holds two looks beside each other: it follows each break through its buckets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

BUCKETS = (
    ("0-1", 1),
    ("2-3", 3),
    ("4-7", 7),
    ("8-30", 30),
    ("31-60", 60),
    ("61-90", 90),
    ("90+", 10**6),
)
FLOWS = ("new", "reopened", "revalued", "aged_in", "aged_out", "cleared", "written_off")
Line = tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """A break at a look: its line without the bucket, and what it was."""

    line: Line
    business_date: date
    amount: int
    is_accepted: bool


Look = tuple[datetime, Mapping[str, Seen]]


@dataclass
class Figures:
    """A line's counts and amounts between two looks."""

    counts: dict[str, int] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, amount: int, items: int = 1) -> None:
        """Adds to a figure."""
        self.counts[name] = self.counts.get(name, 0) + items
        self.amounts[name] = self.amounts.get(name, 0) + amount


def bucket(seen: Seen, moment: datetime) -> str:
    """The bucket a break stands in at a moment."""
    age = max(0, (moment.date() - seen.business_date).days)
    return next(name for name, last in BUCKETS if age <= last)


def roll_forward(looks: Sequence[Look]) -> dict[tuple[Line, datetime], Figures]:
    """Figures by line (with its bucket last) and look."""
    found: dict[tuple[Line, datetime], Figures] = {}
    before: Look = (datetime.min, {})
    for look in looks:
        for (line, moment), figures in _between(before, look).items():
            found[line, moment] = figures
        before = look
    return found


def _between(before: Look, now: Look) -> dict[tuple[Line, datetime], Figures]:
    lines: dict[Line, Figures] = {}

    def add(seen: Seen, place: str, name: str, amount: int, items: int = 1) -> None:
        lines.setdefault((*seen.line, place), Figures()).add(name, amount, items)

    olds = {(name, seen.line): seen for name, seen in before[1].items()}
    news = {(name, seen.line): seen for name, seen in now[1].items()}
    for key in olds.keys() | news.keys():
        old, new = olds.get(key), news.get(key)
        if old is not None:
            was = bucket(old, before[0])
            if not old.is_accepted:
                add(old, was, "opening", old.amount)
        if new is not None:
            place = bucket(new, now[0])
            add(new, place, "accepted" if new.is_accepted else "closing", new.amount)
        _move(add, before[0], now[0], old, new)
    return {(line, now[0]): figures for line, figures in lines.items()}


def _move(add: Any, before: datetime, now: datetime, old: Seen | None, new: Seen | None) -> None:
    if new is None:
        if old is not None and not old.is_accepted:
            add(old, bucket(old, before), "cleared", old.amount)
        return
    place = bucket(new, now)
    if old is None:
        add(new, place, "new", new.amount)
        if new.is_accepted:
            add(new, place, "written_off", new.amount)
        return
    if old.is_accepted:
        if not new.is_accepted:
            add(new, place, "reopened", new.amount)
        return
    was = bucket(old, before)
    if new.amount != old.amount:
        add(new, was if new.is_accepted else place, "revalued", new.amount - old.amount)
    if new.is_accepted:
        add(new, was, "written_off", new.amount)
    elif place != was:
        add(old, was, "aged_out", old.amount)
        add(new, place, "aged_in", old.amount)
