"""Pass 4 of the row-by-row model: groups under a key, then sums.

In: a Room after pass 3. Out: matches of many, the rivals of sums that can be made in several ways,
and what was not searched.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

from tests.python.dbt.oracle import Room, Row, age
from tests.python.dbt.oracle_rules import (
    key_of,
    main_key,
    money,
    normalised,
    rule_for,
    takes,
    within_tolerance,
    within_window,
)

Ways = list[frozenset[str]]


def match_groups(room: Room) -> None:
    """All that carries one key, when the sums agree: the whole group or nothing."""
    under: dict[tuple[Any, ...], list[Row]] = {}
    rules: dict[tuple[Any, ...], Row] = {}
    for row in room.waiting(needs_no_rivals=False):
        rule = rule_for(room, row, 4, 1)
        if rule is None or not takes(rule, row) or not key_of(rule, row):
            continue
        if row["exclusion"] not in (None, "key_conflict"):
            continue
        kind = row["event_class"], row["direction"]
        together = row["group_class"] if rule["mixes_classes"] else kind
        name = rule["rule_id"], row["processor"], row["currency"], together, key_of(rule, row)
        under.setdefault(name, []).append(row)
        rules[name] = rule
    for name, rows in under.items():
        if _is_group(room, rules[name], rows):
            room.match(rules[name], rows)


def _is_group(room: Room, rule: Row, rows: list[Row]) -> bool:
    left = [row for row in rows if row["role"] == "left"]
    right = [row for row in rows if row["role"] == "right"]
    if not left or not right or len(rows) == 2 or any(row["exclusion"] for row in rows):
        return False
    sums = sum(money(rule, row) for row in left), sum(money(rule, row) for row in right)
    near = all(within_window(room, rule, one, other) for one in left for other in right)
    return near and within_tolerance(rule, *sums)


def match_sums(room: Room) -> None:
    """What some rows of one side add up to on the other: in one way, and wanted by no other."""
    rows, rules = [], {}
    for row in room.waiting(needs_no_rivals=False):
        rule = rule_for(room, row, 4, 2)
        if rule is None or not takes(rule, row) or row["exclusion"]:
            continue
        if rule["left_key"] and not key_of(rule, row):
            continue
        if money(rule, row) * row["direction"] > 0:  # nothing is no part of a sum
            rows.append(row)
            rules[row["transaction_id"]] = rule
    by_name = {row["transaction_id"]: row for row in rows}
    ways: dict[str, Ways] = {}
    for row in rows:
        rule = rules[row["transaction_id"]]
        parts = [other for other in rows if _may_be_part(room, rule, row, other)]
        if len(parts) > rule["max_items"]:
            room.not_searched.add(row["transaction_id"])
        elif len(parts) > 1 and max(map(len, found := _ways(rule, row, parts)), default=0) > 1:
            ways[row["transaction_id"]] = found
    for target, found in ways.items():
        members = {target} | found[0]
        if len(found) == 1 and all(_wanted(ways, name) == 1 for name in members):
            room.match(rules[target], [by_name[name] for name in members])
        for part in frozenset[str]().union(*found):
            room.sum_rivals.setdefault(target, set()).add(part)
            room.sum_rivals.setdefault(part, set()).add(target)


def _may_be_part(room: Room, rule: Row, row: Row, other: Row) -> bool:
    """Whether the other side's row lies in the window, of one kind and under one key."""
    if row["role"] == other["role"]:
        return False
    kind = ("processor", "event_class", "direction", "currency")
    if any(row[name] != other[name] for name in kind):
        return False
    if rule["left_key"] and key_of(rule, row) != key_of(rule, other):
        return False
    pair = (row, other) if row["role"] == "left" else (other, row)
    return within_window(room, rule, *pair)


def _ways(rule: Row, target: Row, parts: list[Row]) -> Ways:
    """Every choice of parts that makes the amount. Of twins under a key the older come first."""
    parts = sorted(parts, key=age)
    found = []
    for size in range(1, len(parts) + 1):
        for choice in combinations(parts, size):
            if sum(money(rule, part) for part in choice) != money(rule, target):
                continue
            chosen = frozenset(part["transaction_id"] for part in choice)
            if not rule["left_key"] or not _passes_over_a_twin(rule, choice, parts):
                found.append(chosen)
    return found


def _passes_over_a_twin(rule: Row, choice: tuple[Row, ...], parts: list[Row]) -> bool:
    """Whether a part was left for a younger one that nothing tells apart from it."""

    def looks(row: Row) -> tuple[Any, ...]:
        reference = normalised(row["reference"])
        return money(rule, row), row["business_date"], main_key(rule, row), reference

    return any(
        looks(part) == looks(chosen) and age(part) < age(chosen)
        for part in parts
        if part not in choice
        for chosen in choice
    )


def _wanted(ways: dict[str, Ways], name: str) -> int:
    """How many targets a row is, or could be a part of."""
    return sum(
        name == target or any(name in way for way in found) for target, found in ways.items()
    )
