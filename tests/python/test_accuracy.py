"""The accuracy benchmark in small: the bars hold, and the scorer sees what it should."""

from __future__ import annotations

from pathlib import Path

from benchmarks.accuracy.build import Match, build
from benchmarks.accuracy.generator import make_world
from benchmarks.accuracy.naive import first_fit
from benchmarks.accuracy.report import bars
from benchmarks.accuracy.score import score
from benchmarks.accuracy.world import World

SEED = 7


def missed(world: World, matches: list[Match]) -> list[str]:
    """The bars that a set of matches does not meet."""
    return [bar.name for bar in bars(score(world, matches)) if not bar.is_met]


def truth(world: World) -> list[Match]:
    """What a perfect matching would say: every decidable group, in its pass."""
    groups = (group for group in world.groups if group.is_decidable and len(group.members) > 1)
    return [Match(2, "truth", "matched", group.members) for group in groups]


def test_five_hundred_hard_rows_are_matched_within_the_bars(tmp_path: Path) -> None:
    world = make_world(500, SEED)
    built = build(world, tmp_path)
    assert missed(world, built.matches) == []
    in_match = {name for match in built.matches for name in match.members}
    assert in_match.isdisjoint(built.open_items)
    assert world.labels.keys() - in_match == built.open_items.keys()


def test_a_world_is_the_same_each_time_and_of_every_scenario() -> None:
    once, again = make_world(500, SEED), make_world(500, SEED)
    assert (once.books, once.told, once.bank) == (again.books, again.told, again.bank)
    assert once.groups == again.groups
    assert once.books != make_world(500, SEED + 1).books


def test_the_truth_itself_is_within_the_bars() -> None:
    world = make_world(500, SEED)
    assert missed(world, truth(world)) == []


def test_planted_false_matches_are_seen() -> None:
    world = make_world(500, SEED)
    right = truth(world)
    strangers = Match(1, "planted", "matched", right[0].members | right[1].members)
    assert missed(world, [strangers, *right[2:]]) == [
        "precision of what stands as matched ≥ 99.95 %",
        "no false match in passes 1 and 2",
    ]
    assert score(world, [strangers]).false == [strangers]
    proposed = Match(3, "planted", "proposed", strangers.members)
    assert missed(world, [proposed, *right]) == []
    part = Match(4, "planted", "matched", frozenset(sorted(right[0].members)[:1]))
    assert score(world, [part]).false == [part]


def test_what_is_left_out_and_what_is_guessed_are_seen() -> None:
    world = make_world(500, SEED)
    right = truth(world)
    assert missed(world, right[: int(len(right) * 0.97)]) == ["recall of the decidable ≥ 98 %"]
    guesses = [group for group in world.groups if not group.is_decidable]
    lucky = Match(3, "planted", "matched", guesses[0].members)
    assert missed(world, [lucky, *right]) == ["nothing undecidable picked"]


def test_the_same_twin_twice_is_false() -> None:
    world = make_world(2000, SEED)
    pairs = [group for group in world.groups if group.twins and len(group.members) == 2]
    twice = [Match(2, "planted", "matched", pairs[0].members)] * 3
    assert len(score(world, twice).false) >= 1


def test_first_fit_misses_the_bars() -> None:
    world = make_world(500, SEED)
    assert len(missed(world, first_fit(world))) >= 2
