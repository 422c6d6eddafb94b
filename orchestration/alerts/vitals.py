"""A run's own figures: how long it took, how much came, what was refused, whether balances agree.

In: the marts and the diary of a build that just ended, under the writer's lock. Out: at most one
alert a severity in the outbox, which names every cause that no alert has named before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from dbt_project.settings import Settings
from dbt_project.settings_alerts import Tier
from dbt_project.warehouse import Warehouse, open_warehouse
from orchestration.alerts.channels import names_for
from orchestration.alerts.deliver import outbox_of
from orchestration.alerts.message import worded_vitals
from orchestration.alerts.vital import Vital
from orchestration.balances import mismatches
from orchestration.outcome import BuildOutcome
from orchestration.register import has_table
from orchestration.runs import RunStart

PAST = timedelta(hours=1)  # a run that speaks of an earlier moment than this ago is about the past
BASELINE_RUNS = 10
FEWEST_RUNS = 3  # before that there is no baseline
SLOWER_BY = timedelta(minutes=1)  # seconds that double are no news


@dataclass(frozen=True)
class _Asked:
    """What the questions are asked of."""

    warehouse: Warehouse
    settings: Settings
    run: RunStart


def tell_vitals(settings: Settings, run: RunStart, outcome: BuildOutcome) -> list[Vital]:
    """Files alerts about what is beyond its threshold and was not told yet; returns that.

    Called when the run's end is in the diary. Nothing is told by a build that failed, which has
    an alert of its own, or by one that was about the past.
    """
    is_past = run.as_of is not None and settings.clock() - run.as_of > PAST
    if is_past or not outcome.succeeded:
        return []
    with open_warehouse(settings, read_only=True) as warehouse:
        found = vitals_of(warehouse, settings, run)
    outbox = outbox_of(settings)
    told: list[Vital] = []
    tiers: tuple[Tier, ...] = ("error", "warn")
    for tier in tiers:
        vitals = [vital for vital in found if vital.severity == tier]
        new = set(outbox.untold([key for vital in vitals for key in vital.keys]))
        news = [vital for vital in vitals if new & set(vital.keys)]
        if news:
            message = worded_vitals(settings.tenant, run.run_id, tier, news)
            keys = [key for vital in news for key in vital.keys if key in new]
            outbox.put(message, names_for(settings.alerts, tier), keys)
            told += news
    return told


def vitals_of(warehouse: Warehouse, settings: Settings, run: RunStart) -> list[Vital]:
    """What is beyond its threshold now, told before or not."""
    asked = _Asked(warehouse, settings, run)
    return [
        *_balance_mismatch(asked),
        *_run_time(asked),
        *_row_count(asked),
        *_quarantined(asked),
        *_adjusted_closes(asked),
    ]


def _balance_mismatch(asked: _Asked) -> Iterator[Vital]:
    """Customers' balances against their open lots: they differ by what nobody paid."""
    for mismatch in mismatches(asked.warehouse, asked.settings):
        yield Vital(
            "error",
            (f"{asked.settings.tenant}:mismatch:{mismatch.currency}:{mismatch.amount:f}",),
            f"Rewards: {mismatch.words}",
            f"{mismatch.customers} customers; allowed are {mismatch.allowed:f}",
            "the breaks unfunded_redemption and reward_reversal_unmatched of the report",
        )


def _run_time(asked: _Asked) -> Iterator[Vital]:
    """This run against the median of those before it of the same kind."""
    rows = asked.warehouse.rows(
        "select run_id, started_at, finished_at from ops.runs where command = $1 and target = $2"
        " and finished_at is not null and status in ('succeeded', 'attention')"
        f" order by run_id != $3, started_at desc, run_id limit {BASELINE_RUNS + 1}",
        [asked.run.command, asked.settings.target, asked.run.run_id],
    )
    took = {row["run_id"]: row["finished_at"] - row["started_at"] for row in rows}
    now = took.pop(asked.run.run_id, None)
    before = list(took.values())
    if now is None or len(before) < FEWEST_RUNS:
        return
    usual = timedelta(seconds=median(each.total_seconds() for each in before))
    percent = asked.settings.alerts.thresholds.run_time_percent
    if now * 100 > usual * percent and now - usual > SLOWER_BY:
        yield Vital(
            "warn",
            (f"{asked.settings.tenant}:run_time:{asked.run.run_id}",),
            f"The run took {_minutes(now)}, usually {_minutes(usual)}",
            f"the median of the {len(before)} runs before; told from {percent} % on",
            "tieout status, and the machine",
        )


def _row_count(asked: _Asked) -> Iterator[Vital]:
    """Rewards rows of the last whole month against the month before it."""
    if not has_table(asked.warehouse, "marts", "reward_roll_forward"):
        return
    first = asked.settings.clock().date().replace(day=1)
    months = asked.warehouse.rows(
        "select period, cast(sum(event_count) as bigint) as n from marts.reward_roll_forward"
        " where tenant_id = $1 and period < $2 group by period order by period desc limit 2",
        [asked.settings.tenant, first],
    )
    ends = (first - timedelta(days=1)).replace(day=1)
    if len(months) < 2 or months[0]["period"] != ends or not months[1]["n"]:
        return
    now, before = int(months[0]["n"]), int(months[1]["n"])
    percent = asked.settings.alerts.thresholds.row_count_percent
    if abs(now - before) * 100 > before * percent:
        yield Vital(
            "warn",
            (f"{asked.settings.tenant}:row_count:{ends}:{now}",),
            f"Rewards: {now} rows in {ends:%Y-%m}, {before} in the month before",
            f"a difference of {abs(now - before) * 100 // before} %; told above {percent} %",
            "whether the month's workbook is whole (tieout files --source thrive_cash)",
        )


def _quarantined(asked: _Asked) -> Iterator[Vital]:
    """Refused rows of all files of which no alert has spoken."""
    rows = asked.warehouse.rows(
        "select document_id, quarantined_rows from ops.documents where tenant_id = $1"
        " and state = 'landed' and quarantined_rows > 0 order by document_id",
        [asked.settings.tenant],
    )
    counts = {f"{asked.settings.tenant}:quarantined:{r['document_id']}": r for r in rows}
    untold = outbox_of(asked.settings).untold(list(counts))
    total = sum(int(counts[key]["quarantined_rows"]) for key in untold)
    limit = asked.settings.alerts.thresholds.quarantined_rows
    if total > limit:
        yield Vital(
            "warn",
            tuple(untold),
            f"{total} rows are quarantined",
            f"in {len(untold)} files since this was last told; told above {limit}",
            "marts.quarantine, or the report's section of quarantined lines",
        )


def _adjusted_closes(asked: _Asked) -> Iterator[Vital]:
    """Closed months of rewards whose figures are others now."""
    if not has_table(asked.warehouse, "marts", "reward_closed_periods"):
        return
    for row in asked.warehouse.rows(
        "select * from marts.reward_closed_periods where tenant_id = $1 and not is_unchanged"
        " order by period",
        [asked.settings.tenant],
    ):
        yield Vital(
            "warn",
            (f"{asked.settings.tenant}:adjusted:{row['close_id']}:{row['fingerprint_now']}",),
            f"Rewards: {row['period']:%Y-%m} is closed and has changed since",
            f"{row['adjusted_count']} customers' months are others now",
            "marts.reward_period_adjustments",
        )


def _minutes(length: timedelta) -> str:
    seconds = round(length.total_seconds())
    return f"{seconds // 60} min {seconds % 60:02d} s"
