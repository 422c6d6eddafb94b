"""Where a dispute stands, walked step by step: no SQL and no code of the models.

In: a Case of random_chargebacks. Out: Standing: stage, outcome, faults, money, last day to answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tests.python.dbt.random_chargebacks import ANSWERED, OF_INQUIRY, Case, Said, seed_rows

STAGES = {row["stage"]: row for row in seed_rows("chargeback_stages")}
STEPS = {(r["from_stage"], r["to_stage"]): r for r in seed_rows("chargeback_transitions")}
DEADLINES = {(row["network"], row["stage"]): row for row in seed_rows("chargeback_deadlines")}
COUNTS_WEEKENDS = {
    row["calendar"]: row["counts_weekends"] == "true" for row in seed_rows("business_calendars")
}
CLOSED = {(row["calendar"], row["holiday_on"]) for row in seed_rows("holidays")}


@dataclass(frozen=True)
class Standing:
    """What the mart must say of a dispute."""

    stage: str
    outcome: str
    faults: tuple[tuple[str | None, str], ...]
    moved: int
    fee: int
    was_charged_back: bool
    respond_by: date | None


def standing(case: Case) -> Standing:
    """The dispute after everything that was said of it."""
    said = sorted(case.said, key=lambda s: (s.at, int(STAGES[s.stage]["stage_rank"])))
    stage, since, told, faults = "(start)", said[0].at, list[Said](), list[tuple[str | None, str]]()
    balance = 0
    for one in said:
        step, is_change = None, False
        if one in list(_moving(said)):
            is_change = one.stage != stage
            step = STEPS.get((stage, one.stage)) if is_change else None
            if is_change:
                since, told = one.at, []
            stage = one.stage
            told.append(one)
        if fault := _fault(case, one, step, is_change, balance):
            faults.append((one.transaction, fault))
        balance += one.amount
    outcome = STAGES[stage]["outcome"]
    is_answered = stage in ANSWERED or STAGES[stage]["waits_for_merchant"] != "true"
    stated = [one.respond_by for one in told if one.respond_by]
    day = max(stated) if stated else due(case.network, stage, since.date())
    return Standing(
        *(stage, outcome, tuple(faults), balance, sum(one.fee for one in said)),
        _was_charged_back(said),
        None if is_answered or outcome != "open" else day,
    )


def _moving(said: list[Said]) -> Iterator[Said]:
    """What counts as a stage: what is stated, and what money says where nothing says it better."""
    stated = {one.stage for one in said if one.is_stated}
    is_over = any(STAGES[stage]["outcome"] != "open" for stage in stated)
    for one in said:
        if one.is_stated or not (is_over or one.stage in stated):
            yield one


def _fault(
    case: Case, one: Said, step: dict[str, str] | None, is_change: bool, balance: int
) -> str | None:
    if is_change and (step is None or step["is_legal"] != "true"):
        return "illegal_transition"
    taken = -(balance + one.amount)
    if one.amount < 0 and balance < 0 and (case.sale is None or taken > case.sale):
        return "money_taken_twice"
    if one.amount > 0 and balance + one.amount > 0:
        return "money_given_twice"
    if step and one.amount < 0 and step["money"] == "in":
        return "money_against_the_stage"
    if step and one.amount > 0 and step["money"] in ("out", "none"):
        return "money_against_the_stage"
    return None


def _was_charged_back(said: list[Said]) -> bool:
    if any(one.amount < 0 or 20 <= int(STAGES[one.stage]["stage_rank"]) < 90 for one in said):
        return True
    first = next(_moving(said))
    return STAGES[first.stage]["outcome"] != "open" and first.word not in OF_INQUIRY


def due(network: str, stage: str, began: date) -> date | None:
    """The last day by the seed: open days counted, or all days and back to the last open one."""
    rule = DEADLINES.get((network, stage)) or DEADLINES.get(("*", stage))
    if rule is None:
        return None
    day, left = began, int(rule["due_days"])
    if rule["in_business_days"] == "true":
        while left:
            day += timedelta(days=1)
            left -= _is_open(rule["calendar"], day)
        return day
    day += timedelta(days=left)
    while not _is_open(rule["calendar"], day):
        day -= timedelta(days=1)
    return day


def _is_open(calendar: str, day: date) -> bool:
    if (calendar, day.isoformat()) in CLOSED:
        return False
    return COUNTS_WEEKENDS[calendar] or day.weekday() < 5
