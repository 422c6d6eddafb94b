"""What other rules would change: both are run over the same transactions, and compared.

In: Settings, the old and the new Rules, a period of business dates. Out: Difference, with totals
of all changes and the first of each kind by name. The warehouse is read and never written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from orchestration.rules import compare, scratch
from orchestration.rules.compare import Match
from orchestration.rules.rows import Rules, RulesError, Version, alike, differing

KINDS = ("gained", "lost", "moved", "changed")


@dataclass(frozen=True)
class Change:
    """One match that is gained, lost, moved (before → after) or stands otherwise."""

    kind: str
    before: Match | None
    after: Match | None


@dataclass(frozen=True)
class Difference:
    """Everything two sets of rules disagree on."""

    old: str
    new: str
    edited: dict[Version, list[tuple[str, str, str]]]
    totals: tuple[dict[str, Any], ...]
    changes: tuple[Change, ...]

    def count(self, kind: str) -> int:
        """How many matches are of a kind, listed or not; a moved one is counted where it was."""
        name = "moved_from" if kind == "moved" else kind
        return sum(int(row[name]) for row in self.totals)


def difference(
    settings: Settings,
    old: Rules,
    new: Rules,
    period: tuple[date, date],
    moment: str,
    listed: int,
) -> Difference:
    """Runs both rules and compares. Raises RulesError when the new ones are refused."""
    with scratch.scratch(settings) as copy:
        scratch.put_rules(copy, new)
        if complaints := scratch.refused(copy):
            raise RulesError(f"{new.origin} is refused:\n" + "\n".join(complaints))
        for side, rules in (("old", old), ("new", new)):
            if side == "old" or not alike(old, new):
                scratch.put_rules(copy, rules)
                scratch.match(copy, moment)
            with open_warehouse(copy) as warehouse:
                compare.keep(warehouse, side)
        with open_warehouse(copy) as warehouse:
            compare.compare(warehouse, period)
            totals = tuple(compare.totals(warehouse))
            changes = tuple(
                Change(kind, before, after)
                for kind in KINDS
                for before, after in compare.listed(warehouse, kind, listed)
            )
    return Difference(old.origin, new.origin, differing(old, new), totals, changes)
