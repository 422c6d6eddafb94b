"""Evidence of the row-by-row model: what could have been an open item's counterpart, and why not.

In: a Room of oracle, two of its rows and a rule. Out: sentences of the gates everybody asks about
(kind, direction, processor, currency, status, amount, days), and every row that shares a key, or
the amount and a near day. Each pair is looked at; nothing is ranked or bounded.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.python.dbt.oracle import Room, Row, is_dead
from tests.python.dbt.oracle_fuzzy import SAME
from tests.python.dbt.oracle_rules import (
    day_number,
    main_key,
    money,
    normalised,
    rule_for,
    within_tolerance,
    within_window,
)

MONEY = {1: "money in", -1: "money out", 0: "no money"}
STEPS = ((1, 1), (2, 1), (2, 2), (2, 3), (4, 1), (4, 2))
NEAR_DAYS = 8
ASKED = ("missing", "ambiguous", "expected")  # and duplicates


def unlike(rule: Row, item: Row, other: Row) -> list[str]:
    """What no tolerance can bridge."""
    found = []
    if other["exclusion"]:
        found.append(f"excluded: {other['exclusion'].replace('_', ' ')}")
    if item["event_class"] != other["event_class"]:
        found.append(f"type differs: {item['event_class']} against {other['event_class']}")
    if item["direction"] != other["direction"]:
        ways = MONEY[item["direction"]], MONEY[other["direction"]]
        found.append(f"direction differs: {ways[0]} against {ways[1]}")
    if item["processor"] != other["processor"]:
        found.append(f"processor differs: {item['processor']} against {other['processor']}")
    if item["currency"] != other["currency"]:
        found.append(f"currency differs: {item['currency']} against {other['currency']}")
    if not rule["takes_failed"] and is_dead(other):
        found.append(f"status {other['status']} not taken by this rule")
    elif not rule["takes_failed"] and is_dead(item):
        found.append(f"its own status {item['status']} not taken by this rule")
    return found


def apart(room: Room, rule: Row, item: Row, other: Row) -> list[str]:
    """How far the two lie apart, where the rule allows less."""
    left, right = (item, other) if item["role"] == "left" else (other, item)
    amounts = money(rule, left), money(rule, right)
    found = []
    comparable = item["currency"] == other["currency"] and rule["pass"] < 4
    if comparable and not within_tolerance(rule, *amounts):
        found.append(f"amount differs by {_text(abs(amounts[1] - amounts[0]), item)}")
    if not within_window(room, rule, left, right):
        days = day_number(room, rule, right) - day_number(room, rule, left)
        found.append(f"{days} days apart")
    return found


def _text(minor: int, row: Row) -> str:
    places = row["places"]
    whole, rest = divmod(minor, 10**places)
    return f"{whole}.{rest:0{places}} {row['currency']}" if places else f"{whole} {row['currency']}"


def candidates(room: Room, item: Row, matched: set[str]) -> Iterator[tuple[Row, Row]]:
    """Every row of the other side that a key or the amount brings to an item, with its rule."""
    for other in room.right if item["role"] == "left" else room.left:
        is_open = other["transaction_id"] not in matched
        rules = [rule for step in STEPS if (rule := _by_key(room, step, item, other, is_open))]
        if rules:
            yield other, rules[0]
        elif is_open and _is_near(item, other) and (rule := _judge(room, item)):
            yield other, rule


def _by_key(room: Room, step: tuple[int, int], item: Row, other: Row, is_open: bool) -> Row | None:
    """The rule of a step, where both carry its key; a matched row only as the item spells it."""
    rule = rule_for(room, item, *step)
    if not rule or not rule["left_key"] or rule_for(room, other, *step) is not rule:
        return None
    words = main_key(rule, item), main_key(rule, other)
    if words[0] is None or words[0] != words[1]:
        return None
    own, its = (row[rule[f"{row['role']}_key"]] for row in (item, other))
    return rule if is_open or its in (own, own.upper(), own.lower(), normalised(own)) else None


def _is_near(item: Row, other: Row) -> bool:
    """Whether two rows that may match have one amount, and days near each other."""
    return (
        all(item[name] == other[name] for name in (*SAME, "gross"))
        and not item["exclusion"]
        and not other["exclusion"]
        and abs((item["business_date"] - other["business_date"]).days) <= NEAR_DAYS
    )


def _judge(room: Room, item: Row) -> Row | None:
    """The rule without a key, or else the first there is."""
    steps = ((3, 1), *STEPS)
    return next((rule for step in steps if (rule := rule_for(room, item, *step))), None)
