"""What a rule says of a row or of two: which rule speaks, key, amounts, days, tolerance, window.

In: rules as the seed match_rules writes them, items of a Room. Out: answers for the passes.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from tests.python.dbt.oracle import Room, Row, Seeds, is_dead

PUNCTUATION = " -_./:;,#*()[]{}|+&\"'"
FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2028, 12, 31)


def rule_for(room: Room, row: Row, number: int, step: int = 1) -> Row | None:
    """A tenant's own rule before a processor's own, before the common one."""
    fitting = [
        rule
        for rule in room.rules
        if (rule["pass"], rule["step"]) == (number, step)
        and rule["tenant_id"] in ("*", row["tenant_id"])
        and rule["processor"] in ("*", row["processor"])
    ]
    return min(
        fitting,
        key=lambda rule: (rule["tenant_id"] == "*", rule["processor"] == "*", rule["rule_id"]),
        default=None,
    )


def takes(rule: Row | None, row: Row) -> bool:
    """Whether there is a rule and it takes a row of that status."""
    return rule is not None and (rule["takes_failed"] or not is_dead(row))


def normalised(text: str | None) -> str | None:
    """A reference without case, blanks and punctuation."""
    kept = "".join(c for c in text or "" if c not in PUNCTUATION)
    return "".join(c.upper() if "a" <= c <= "z" else c for c in kept) or None


def _cell(rule: Row, row: Row, column: str | None) -> str | None:
    text = row[column] if column else None
    return normalised(text) if rule["key_form"] == "normalised" else text or None


def main_key(rule: Row, row: Row) -> str | None:
    """The row's word for the rule's key; None where it says nothing."""
    return _cell(rule, row, rule[f"{row['role']}_key"])


def key_of(rule: Row, row: Row) -> tuple[str, str] | None:
    """Both keys of a row; None where one that the rule asks for is not said."""
    second = rule[f"{row['role']}_second_key"]
    words = main_key(rule, row), _cell(rule, row, second) if second else ""
    return None if words[0] is None or words[1] is None else (words[0], words[1])


def money(rule: Row, row: Row) -> int:
    """The amount that is compared: gross, or net of the fee where the rule says so."""
    is_net = rule["amount_basis"] in ("both_net", f"{row['role']}_net")
    return int(row["net"] if is_net else row["gross"])


def within_tolerance(rule: Row, left: int, right: int) -> bool:
    """Whether two amounts differ by no more than the wider of the two tolerances."""
    if rule["amount_tolerance_minor"] is None:
        return True
    sizes = {"left": abs(left), "right": abs(right)}
    sizes |= {"smaller": min(sizes.values()), "larger": max(sizes.values())}
    share = Fraction(sizes[rule["tolerance_base"]] * rule["amount_tolerance_bps"], 10_000)
    return abs(left - right) <= max(int(rule["amount_tolerance_minor"]), share)


def open_days(seeds: Seeds) -> dict[str, dict[date, int]]:
    """By calendar: how many days have been open up to and with each day."""
    numbers: dict[str, dict[date, int]] = {}
    for line in seeds["business_calendars"]:
        name, count = line["calendar"], 0
        closed = {d["holiday_on"] for d in seeds["holidays"] if d["calendar"] == name}
        numbers[name] = {}
        for offset in range((LAST_DAY - FIRST_DAY).days + 1):
            day = FIRST_DAY + timedelta(days=offset)
            works = day.weekday() < 5 or line["counts_weekends"]
            count += works and day not in closed
            numbers[name][day] = count
    return numbers


def day_number(room: Room, rule: Row, row: Row) -> int:
    """The row's day in the count of the rule's calendar."""
    return room.days[rule["calendar"]][row["business_date"]]


def within_window(room: Room, rule: Row, left: Row, right: Row) -> bool:
    """Whether the right's day is not too long before or after the left's."""
    apart = day_number(room, rule, right) - day_number(room, rule, left)
    before, after = rule["days_before"], rule["days_after"]
    return (before is None or apart >= -before) and (after is None or apart <= after)


def of_two_accounts(left: Row, right: Row) -> bool:
    """Whether their accounts let two rows be a pair: a transfer has two accounts."""
    return left["own_account"] is None or left["own_account"] != right["own_account"]
