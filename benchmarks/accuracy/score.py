"""Matches against the truth: exact groups only, so a group with one row too many is false.

A match is right when its rows are one group of the truth. Of twins (rows that agree in all that is
written) any left with any right is right, as many as the truth has. Recall counts groups that are
decidable; what is not and still stands as matched is counted as picked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.accuracy.build import Match
from benchmarks.accuracy.world import Group, World

MATCHED, PROPOSED = "matched", "proposed"


@dataclass
class Tally:
    """Counts of one pass or one scenario."""

    decidable: int = 0
    right: Counter[str] = field(default_factory=Counter)  # by status, any right match
    found: Counter[str] = field(default_factory=Counter)  # by status, decidable groups
    false: Counter[str] = field(default_factory=Counter)
    picked: int = 0

    def precision(self, status: str = MATCHED) -> float | None:
        """Right of all; nothing when there is none."""
        told = self.right[status] + self.false[status]
        return self.right[status] / told if told else None

    def recall(self) -> float | None:
        """Decidable groups that stand as matched."""
        return self.found[MATCHED] / self.decidable if self.decidable else None

    def recall_with_proposed(self) -> float | None:
        """Decidable groups that stand as matched or proposed."""
        return sum(self.found.values()) / self.decidable if self.decidable else None


@dataclass
class Scores:
    """All tallies, and the false matches themselves."""

    total: Tally = field(default_factory=Tally)
    by_pass: dict[int, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_scenario: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    false: list[Match] = field(default_factory=list)
    picked: list[Match] = field(default_factory=list)


class Truth:
    """The groups by member; twins stand for each other."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self.groups = [group for group in groups if len(group.members) > 1 or group.twins]
        self.of_member = {name: group for group in self.groups for name in group.members}
        self.left_of_twins = Counter(
            group.twins for group in self.groups if group.twins and len(group.members) > 1
        )

    def group_of(self, match: Match) -> Group | None:
        """The group a match is, or none. Each pair of twins is given once."""
        groups = {id(g): g for g in map(self.of_member.get, match.members) if g}
        found = list(groups.values())
        names = {group.twins for group in found}
        if len(names) == 1 and "" not in names and self._is_pair(match):
            self.left_of_twins[found[0].twins] -= 1
            return found[0] if self.left_of_twins[found[0].twins] >= 0 else None
        if len(found) == 1 and found[0].members == match.members:
            return found[0]
        return None

    def _is_pair(self, match: Match) -> bool:
        is_known = all(name in self.of_member for name in match.members)
        return (
            is_known and len({name.split()[0] for name in match.members}) == len(match.members) == 2
        )


def one_to_one(left: str, right: str) -> Match:
    """A match that another way than ours found."""
    return Match(0, "other", MATCHED, frozenset((left, right)))


def score(world: World, matches: Iterable[Match]) -> Scores:
    """Every match judged once."""
    truth, scores = Truth(world.groups), Scores()
    for sure in truth.groups:
        if sure.is_decidable and len(sure.members) > 1:
            scores.total.decidable += 1
            scores.by_scenario[sure.scenario].decidable += 1
    for match in matches:
        group = truth.group_of(match)
        scenario = group.scenario if group else world.labels[min(match.members)]
        tallies = (scores.total, scores.by_pass[match.pass_number], scores.by_scenario[scenario])
        touched = (truth.of_member.get(name) for name in match.members)
        is_picked = match.status == MATCHED and any(g and not g.is_decidable for g in touched)
        for tally in tallies:
            _count(tally, match.status, group, is_picked)
        if group is None:
            scores.false.append(match)
        if is_picked:
            scores.picked.append(match)
    return scores


def _count(tally: Tally, status: str, group: Group | None, is_picked: bool) -> None:
    tally.picked += is_picked
    if group is None:
        tally.false[status] += 1
        return
    tally.right[status] += 1
    if group.is_decidable:
        tally.found[status] += 1
