"""A world of a given size from a seed: the same rows each time, and their truth."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

from benchmarks.accuracy import of_many, pairs, payouts, spoiled
from benchmarks.accuracy.world import World

Scenario = Callable[[World], None]


def scenarios() -> dict[str, tuple[Scenario, int]]:
    """Every scenario by name, with its weight among all."""
    found: dict[str, tuple[Scenario, int]] = {}
    for weights in (pairs.WEIGHTS, spoiled.WEIGHTS, of_many.WEIGHTS, payouts.WEIGHTS):
        found |= {function.__name__: (function, weight) for function, weight in weights.items()}
    for kind, weight in spoiled.TYPO_WEIGHTS.items():
        found[f"typo_{kind}"] = (partial(spoiled.typo, kind=kind), weight)
    return found


def make_world(size: int, seed: int) -> World:
    """About `size` rows of all parties. Every scenario at least once, then by weight."""
    world = World(Random(seed), size)  # noqa: S311
    known = scenarios()
    names, weights = list(known), [weight for _, weight in known.values()]
    for name in names:
        _play(world, name, known[name][0])
    while world.rows() < size:
        name = world.random.choices(names, weights)[0]
        _play(world, name, known[name][0])
    return world


def _play(world: World, name: str, scenario: Scenario) -> None:
    world.scenario = name
    scenario(world)
