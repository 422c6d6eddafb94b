"""Pass 3 of the row-by-row model: every left with every right, the best of both by a margin.

In: a Room after the passes on keys. Out: matches, and the rivals of what is left.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.python.dbt.oracle import Room, Row
from tests.python.dbt.oracle_rules import (
    day_number,
    main_key,
    money,
    of_two_accounts,
    rule_for,
    takes,
    within_tolerance,
    within_window,
)

SAME = ("processor", "event_class", "direction", "currency")


@dataclass(frozen=True)
class Candidate:
    """A left and a right that could be one event, and how much speaks for it."""

    left: str
    right: str
    score: int


def similarity(left: str | None, right: str | None) -> int | None:
    """Dice over the pairs of neighbouring letters, ends marked, 0 to 100; half of it where more
    than one slip lies between."""
    if left is None or right is None:
        return None
    bags = [{f"^{text}$"[n : n + 2] for n in range(len(text) + 1)} for text in (left, right)]
    dice = 200 * len(bags[0] & bags[1]) // (len(bags[0]) + len(bags[1]))
    return dice if left == right or _is_one_slip(left, right) else dice // 2


def _is_one_slip(left: str, right: str) -> bool:
    """Try every slip: a letter but the last changed, neighbours swapped, up to three lost."""
    short, long = sorted((left, right), key=len)
    if len(short) < 6 or len(long) - len(short) > 3:
        return False
    if gone := len(long) - len(short):
        return any(long[:n] + long[n + gone :] == short for n in range(len(short) + 1))
    apart = [n for n in range(len(left)) if left[n] != right[n]]
    if len(apart) == 1:
        return apart[0] != len(left) - 1
    is_near = len(apart) == 2 and apart[1] == apart[0] + 1
    return is_near and left[apart[0] : apart[1] + 1] == right[apart[0] : apart[1] + 1][::-1]


def _alike(left: str | None, right: str | None) -> int:
    """100 for one id, 0 for two, 50 where one side says none."""
    return 50 if left is None or right is None else 100 * (left == right)


def reach(rule: Row, left: int) -> int:
    """The widest difference a rule could allow from a left amount, rounded up."""
    bps = rule["amount_tolerance_bps"]
    shared = abs(left) * bps // (10_000 - bps) + 1 if bps else 0
    return max(int(rule["amount_tolerance_minor"]), int(shared))


def score(room: Room, rule: Row, left: Row, right: Row) -> int | None:
    """How much speaks for a pair; None where it is past a gate."""
    amounts = money(rule, left), money(rule, right)
    is_near = within_window(room, rule, left, right) and of_two_accounts(left, right)
    if not within_tolerance(rule, *amounts) or not is_near:
        return None
    likeness = similarity(main_key(rule, left), main_key(rule, right))
    if likeness is not None and likeness < (rule["similarity_min"] or 0):
        return None
    days = abs(day_number(room, rule, right) - day_number(room, rule, left))
    widest = max(rule["days_before"], rule["days_after"])
    parts = {
        "reference": 50 if likeness is None else likeness,
        "amount": 100 - 100 * abs(amounts[0] - amounts[1]) // (reach(rule, amounts[0]) + 1),
        "days": 100 - 100 * days // (widest + 1),
        "customer": _alike(left["customer_id"], right["customer_id"]),
        "merchant": _alike(left["merchant_id"], right["merchant_id"]),
    }
    weights = {name: rule[f"{name}_weight"] for name in parts}
    total = sum(weights[name] * value for name, value in parts.items())
    return int(total // sum(weights.values()))


def _candidates(room: Room, rows: list[Row], rules: dict[str, Row]) -> list[Candidate]:
    """All pairs good enough to be proposed."""
    found = []
    for left in (row for row in rows if row["role"] == "left"):
        for right in (row for row in rows if row["role"] == "right"):
            rule = rules[left["transaction_id"]]
            if any(left[name] != right[name] for name in SAME):
                continue
            how_good = score(room, rule, left, right)
            if how_good is not None and how_good >= rule["proposes_from"]:
                found.append(Candidate(left["transaction_id"], right["transaction_id"], how_good))
    return found


def _is_best(candidate: Candidate, among: list[Candidate], margin: int) -> bool:
    """Whether both sides would rather have this than anything else, by the margin."""
    others = [
        other.score
        for other in among
        if other is not candidate
        and (other.left == candidate.left or other.right == candidate.right)
    ]
    return candidate.score - max(others, default=0) >= margin


def match_near(room: Room) -> None:
    """Round after round the best of both, until a round finds none. Ties stay open."""
    rows, rules = [], {}
    for row in room.waiting():
        rule = rule_for(room, row, 3)
        if rule is not None and takes(rule, row) and not row["exclusion"]:
            rows.append(row)
            rules[row["transaction_id"]] = rule
    by_name = {row["transaction_id"]: row for row in rows}
    left = _candidates(room, rows, rules)
    while True:
        accepted = [c for c in left if _is_best(c, left, rules[c.left]["margin_min"])]
        if not accepted:
            break
        for pair in accepted:
            members = by_name[pair.left], by_name[pair.right]
            room.match(rules[pair.left], members, confidence=pair.score)
        taken = {name for pair in accepted for name in (pair.left, pair.right)}
        left = [c for c in left if c.left not in taken and c.right not in taken]
    for candidate in left:
        room.near_rivals.setdefault(candidate.left, set()).add(candidate.right)
        room.near_rivals.setdefault(candidate.right, set()).add(candidate.left)
