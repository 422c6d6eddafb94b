"""Passes 0, 1 and 2 of the row-by-row model: by hand, and on keys.

In: a Room, people's decisions. Out: matches and rivals noted in the Room.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.python.dbt.oracle import Room, Row, age, is_dead
from tests.python.dbt.oracle_rules import (
    day_number,
    key_of,
    money,
    of_two_accounts,
    rule_for,
    takes,
    within_tolerance,
    within_window,
)


def match_by_hand(room: Room, decisions: list[Row]) -> None:
    """Pass 0. What a person decided on, either way, no rule may touch."""
    named = []
    for decision in _latest(room, decisions):
        pair = [_named(side, decision, role) for side, role in _sides(room)]
        if pair[0] is None or pair[1] is None:
            continue
        if decision["action"] == "match" and pair[0]["currency"] != pair[1]["currency"]:
            continue
        named.append((decision, pair[0], pair[1]))
    matches = [n for n in named if n[0]["action"] == "match"]
    newest: dict[str, Row] = {}
    for decision, left, right in sorted(matches, key=lambda n: n[0]["decided_at"]):
        newest[left["transaction_id"]] = newest[right["transaction_id"]] = decision
    for decision, left, right in matches:
        if newest[left["transaction_id"]] is newest[right["transaction_id"]] is decision:
            rule = rule_for(room, left, 0)
            assert rule is not None
            room.match(rule, (left, right))
    room.hands_off |= {row["transaction_id"] for _, *rows in named for row in rows}


def _sides(room: Room) -> tuple[tuple[list[Row], str], tuple[list[Row], str]]:
    return (room.left, "left"), (room.right, "right")


def _latest(room: Room, decisions: list[Row]) -> Iterable[Row]:
    """The latest decision on each pair of names."""
    names = ("left_source", "left_native_id", "right_source", "right_native_id")
    latest: dict[tuple[Any, ...], Row] = {}
    for decision in sorted(decisions, key=lambda d: d["decided_at"]):
        if decision["reconciliation"] == room.name and decision["tenant_id"] == room.tenant:
            latest[tuple(decision[name] for name in names)] = decision
    return latest.values()


def _named(side: list[Row], decision: Row, role: str) -> Row | None:
    """The one row a decision names; none where it names several, or one that may not match."""
    rows = [
        row
        for row in side
        if row["source"] == decision[f"{role}_source"]
        and row["native_id"] == decision[f"{role}_native_id"]
        and row["exclusion"] is None
    ]
    return rows[0] if len(rows) == 1 else None


def match_on_key(room: Room, number: int, step: int = 1) -> None:
    """A step of pass 1 or 2: pairs what has one key, or notes the rivals."""
    under: dict[tuple[Any, ...], list[Row]] = {}
    rules: dict[tuple[Any, ...], Row] = {}
    for row in room.waiting():
        rule = rule_for(room, row, number, step)
        if rule is None or not takes(rule, row) or row["exclusion"] or not key_of(rule, row):
            continue
        kind = row["processor"], row["event_class"], row["direction"], row["currency"]
        name = (rule["rule_id"], *kind, key_of(rule, row))
        under.setdefault(name, []).append(row)
        rules[name] = rule
    for name, rows in under.items():
        alive = [row for row in rows if _is_best_alive(row, rows)]
        for cluster in _clusters(room, rules[name], alive):
            _match_cluster(room, rules[name], cluster)


def _is_best_alive(row: Row, rows: list[Row]) -> bool:
    """A failed row steps back where its side has a live one."""
    side = [other for other in rows if other["role"] == row["role"]]
    return not is_dead(row) or all(is_dead(other) for other in side)


def _clusters(room: Room, rule: Row, rows: list[Row]) -> Iterable[list[Row]]:
    """Rows in date order, cut where more days lie between two than the window reaches."""
    reach = None
    if rule["days_before"] is not None and rule["days_after"] is not None:
        reach = max(rule["days_before"], rule["days_after"])
    cluster: list[Row] = []
    for row in sorted(rows, key=age):
        if cluster and reach is not None:
            gap = day_number(room, rule, row) - day_number(room, rule, cluster[-1])
            if gap > reach:
                yield cluster
                cluster = []
        cluster.append(row)
    if cluster:
        yield cluster


def _match_cluster(room: Room, rule: Row, rows: list[Row]) -> None:
    left = [row for row in rows if row["role"] == "left"]
    right = [row for row in rows if row["role"] == "right"]
    _pair_equals(room, rule, left, right, one_day=True)
    _pair_equals(room, rule, left, right, one_day=False)
    if len(left) == 1 and len(right) == 1:
        amounts = money(rule, left[0]), money(rule, right[0])
        near = within_window(room, rule, left[0], right[0]) and of_two_accounts(left[0], right[0])
        if near and within_tolerance(rule, *amounts):
            room.match(rule, (left[0], right[0]))
            return
    for row in left + right:
        rivals = right if row["role"] == "left" else left
        if rivals:
            room.key_rivals[row["transaction_id"]] = {r["transaction_id"] for r in rivals}


def _pair_equals(room: Room, rule: Row, left: list[Row], right: list[Row], one_day: bool) -> None:
    """Equal amounts, the oldest with the oldest; a pair too far apart is refused, not shifted."""
    refused: list[Row] = []
    for row in list(left):
        equals = [o for o in right if money(rule, o) == money(rule, row) and o not in refused]
        if one_day:
            equals = [o for o in equals if o["business_date"] == row["business_date"]]
        if not equals:
            continue
        other = equals[0]
        if not (within_window(room, rule, row, other) and of_two_accounts(row, other)):
            refused.append(other)
            continue
        room.match(rule, (row, other))
        left.remove(row)
        right.remove(other)
