"""Where a dispute stands, walked step by step: no SQL and no code of the models.

In: a Case of random_chargebacks and a moment. Out: Standing: stage, outcome, faults, money, last
day to answer.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

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
    was_contested: bool
    respond_by: date | None
    is_overdue: bool


def standing(case: Case, now: datetime) -> Standing:
    """The dispute after everything that was said of it."""
    said = sorted(case.said, key=lambda s: (s.at, int(STAGES[s.stage]["stage_rank"])))
    stage, since, told, faults = "(start)", said[0].at, list[Said](), list[tuple[str | None, str]]()
    moved, counting, home = defaultdict[str, int](int), _moving(said), _settles_in(said)
    for one in said:
        step, before = None, stage
        if one in counting:
            if one.stage != stage:
                step, since, told = STEPS.get((stage, one.stage)), one.at, []
            stage = one.stage
            told.append(one)
        fault = _fault(case, one, step, (before, stage), moved[one.currency])
        if one.transaction and one.currency != home:
            fault = "money_in_another_currency"
        if fault:
            faults.append((one.transaction, fault))
        moved[one.currency] += one.amount
    waits = STAGES[stage]["waits_for_merchant"] == "true" and not (
        stage in ANSWERED or any(one.has_evidence for one in told)
    )
    day, is_overdue = _last_day(case, stage, since, told, now) if waits else (None, False)
    return Standing(
        *(stage, STAGES[stage]["outcome"], tuple(faults), moved[home]),
        sum(one.fee for one in said if one.currency == home),
        *(_was_charged_back(said), _was_contested(said), day, is_overdue),
    )


def _settles_in(said: list[Said]) -> str:
    """The currency of what was taken first, else of what was given first."""
    taken = [one for one in said if one.amount < 0]
    given = [one for one in said if one.amount > 0]
    return (taken or given or said)[0].currency


def _last_day(
    case: Case, stage: str, since: datetime, told: list[Said], now: datetime
) -> tuple[date | None, bool]:
    stated = [one.respond_by for one in told if one.respond_by]
    moments = [one.respond_until for one in told if one.respond_until]
    day = max(stated) if stated else due(case.network, stage, since.date())
    if moments:
        return day, max(moments) <= now
    return day, day is not None and day < now.date()


def _end(said: list[Said]) -> Said | None:
    """The last time that a source came to say that it is over; saying it again is not coming."""
    found, before = None, ""
    for one in said:
        if one.is_stated:
            if STAGES[one.stage]["outcome"] != "open" and one.stage != before:
                found = one
            before = one.stage
    return found


def _speaks_against(one: Said, end: Said) -> bool:
    """Money after the end that goes the other way than it says."""
    merchant_won = STAGES[end.stage]["outcome"] == "won"
    return one.at > end.at and (one.amount < 0 if merchant_won else one.amount > 0)


def _moving(said: list[Said]) -> list[Said]:
    """What counts as a stage: what is stated, and what money says where nothing says it better."""
    end = _end(said)
    if end is None:
        stated = {one.stage for one in said if one.is_stated}
        return [one for one in said if one.is_stated or one.stage not in stated]
    later = {one.stage for one in said if one.is_stated and one.at > end.at} - {end.stage}
    counting, is_open_again = list[Said](), False
    for one in said:
        if one.is_stated:
            is_open_again = is_open_again or (one.at > end.at and one.stage != end.stage)
            counting.append(one)
            continue
        is_open_again = is_open_again or _speaks_against(one, end)
        if is_open_again and one.stage not in later:
            counting.append(one)
    return counting


def _fault(
    case: Case, one: Said, step: dict[str, str] | None, stages: tuple[str, str], balance: int
) -> str | None:
    is_change = stages[0] != stages[1]
    if is_change and (step is None or step["is_legal"] != "true"):
        return "illegal_transition"
    taken, is_home = -(balance + one.amount), one.currency == "EUR"  # sales are in euro
    if one.amount < 0 and balance < 0 and (case.sale is None or not is_home or taken > case.sale):
        return "money_taken_twice"
    if one.amount > 0 and balance + one.amount > 0:
        return "money_given_twice"
    if _is_denied(case, one, stages):
        return "money_after_the_end"
    if step and one.amount < 0 and step["money"] == "in":
        return "money_against_the_stage"
    if step and one.amount > 0 and step["money"] in ("out", "none"):
        return "money_against_the_stage"
    return None


def _is_denied(case: Case, one: Said, stages: tuple[str, str]) -> bool:
    """Money against an end that is still told afterwards, or that the money's own word says."""
    said = sorted(case.said, key=lambda s: (s.at, int(STAGES[s.stage]["stage_rank"])))
    end = _end(said)
    if end is None or one.is_stated or not _speaks_against(one, end):
        return False
    told_again = any(s.is_stated and s.stage == end.stage and s.at > one.at for s in said)
    says_the_end = stages == (end.stage, end.stage) and one.stage == end.stage
    return told_again or (says_the_end and one in _moving(said))


def _was_contested(said: list[Said]) -> bool:
    return any(one.has_evidence or 30 <= int(STAGES[one.stage]["stage_rank"]) < 90 for one in said)


def _was_charged_back(said: list[Said]) -> bool:
    if any(one.amount < 0 or 20 <= int(STAGES[one.stage]["stage_rank"]) < 90 for one in said):
        return True
    first = _moving(said)[0]
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
