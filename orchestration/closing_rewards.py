"""Closing a month of rewards: its customers' figures are frozen, later changes are adjustments.

In: Settings, a period (2026-10), the person's name. Out: a row of ops.closed_reward_periods with
the month's fingerprint, and a copy of marts.reward_customer_months in ops.closed_reward_months;
nothing else changes, so late rows still land. marts.reward_period_adjustments compares after each
build.
Months are closed in order, and the last one is opened again first.
Raises ConfigurationError when it refuses.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from dbt_project.months import bounds
from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from delivery.ledger.runs import left_behind
from ingestion.landing.schema import ensure_schema
from ingestion.landing.schema_rewards import CLOSED_REWARD_FIGURES
from orchestration.balances import mismatches
from orchestration.closing import built_as_of
from orchestration.lock import single_writer
from orchestration.register import has_table

_KEPT = f"tenant_id, customer_id, currency, period, {', '.join(CLOSED_REWARD_FIGURES)}, rows_print"
# What a close covers: the months since the one closed before.
# PostgreSQL asks which type a parameter is that may be null.
_COVERED = (
    "tenant_id = $1 and period <= $2 and (cast($3 as date) is null or period > cast($3 as date))"
)
_FREEZE = (
    f"insert into ops.closed_reward_months (close_id, {_KEPT})"
    f" select $4, {_KEPT} from marts.reward_customer_months where {_COVERED}"
)
_FINGERPRINT = (
    "select count(*) as months, coalesce(sum(rows_print), 0) as print"
    f" from marts.reward_customer_months where {_COVERED}"
)


def close_rewards(
    settings: Settings, period: str, by: str, reason: str = "", *, is_forced: bool = False
) -> dict[str, Any]:
    """Freezes the month as the last build has it; returns its line."""
    first, after = bounds(period)
    with single_writer(settings), open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        before = last_closed(warehouse, settings.tenant)
        if before and before >= first:
            raise ConfigurationError(
                f"rewards are closed up to {before:%Y-%m}; tieout reopen rewards"
                f" --period {before:%Y-%m} comes first."
            )
        if not has_table(warehouse, "marts", "reward_customer_months"):
            raise ConfigurationError("Nothing is built yet: tieout build comes first.")
        if not is_forced and (why := unfinished(warehouse, settings, first, after)):
            raise ConfigurationError(f"{period} is not finished: {why}. --force closes it anyway.")
        identity = f"clr_{secrets.token_hex(12)}"
        covered = [settings.tenant, first, before]
        with warehouse.transaction():
            [found] = warehouse.rows(_FINGERPRINT, covered)
            warehouse.execute(
                "insert into ops.closed_reward_periods (close_id, tenant_id, period, from_period,"
                " fingerprint, closed_by, closed_at, reason, is_forced, built_as_of)"
                " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                [
                    *(identity, settings.tenant, first, before),
                    *(f"{found['months']}:{found['print']}", by, settings.clock()),
                    *(reason or None, is_forced, built_as_of(warehouse)),
                ],
            )
            warehouse.execute(_FREEZE, [*covered, identity])
        return warehouse.rows(
            "select * from ops.closed_reward_periods where close_id = $1", [identity]
        )[0]


def reopen_rewards(settings: Settings, period: str, by: str, reason: str) -> dict[str, Any]:
    """Opens the last closed month again; what was frozen is kept, and compared no more."""
    first, _ = bounds(period)
    with single_writer(settings), open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        last = last_closed(warehouse, settings.tenant)
        if last != first:
            said = f"rewards are closed up to {last:%Y-%m}" if last else "no month is"
            raise ConfigurationError(
                f"{period} is not the last closed month of rewards ({said}); the last opens first."
            )
        [found] = warehouse.rows(
            "select * from ops.closed_reward_periods"
            " where tenant_id = $1 and period = $2 and reopened_at is null",
            [settings.tenant, first],
        )
        warehouse.execute(
            "update ops.closed_reward_periods set reopened_by = $2, reopened_at = $3,"
            " reopen_reason = $4 where close_id = $1",
            [found["close_id"], by, settings.clock(), reason],
        )
        return found


def closed_reward_periods(warehouse: Warehouse, tenant: str) -> list[dict[str, Any]]:
    """Every closing, reopened ones too, with how many customers' months differ now."""
    if not has_table(warehouse, "ops", "closed_reward_periods"):
        return []
    rows = warehouse.rows(
        "select * from ops.closed_reward_periods where tenant_id = $1"
        " order by period, closed_at, close_id",
        [tenant],
    )
    differing: dict[str, int] = {}
    if has_table(warehouse, "marts", "reward_closed_periods"):
        found = warehouse.rows("select close_id, adjusted_count from marts.reward_closed_periods")
        differing = {row["close_id"]: int(row["adjusted_count"]) for row in found}
    for row in rows:
        row["differing"] = differing.get(row["close_id"])
    return rows


def last_closed(warehouse: Warehouse, tenant: str) -> date | None:
    """The first day of the last month that is closed."""
    if not has_table(warehouse, "ops", "closed_reward_periods"):
        return None
    rows = warehouse.rows(
        "select max(period) as period from ops.closed_reward_periods"
        " where tenant_id = $1 and reopened_at is null",
        [tenant],
    )
    period: date | None = rows[0]["period"]
    return period


def reopened_by(warehouse: Warehouse, tenant: str, first: date) -> str | None:
    """Who opened the month again, if somebody did."""
    if not has_table(warehouse, "ops", "closed_reward_periods"):
        return None
    rows = warehouse.rows(
        "select reopened_by from ops.closed_reward_periods where tenant_id = $1 and period = $2"
        " and reopened_at is not null order by reopened_at desc, close_id",
        [tenant, first],
    )
    return str(rows[0]["reopened_by"]) if rows else None


def unfinished(warehouse: Warehouse, settings: Settings, first: date, after: date) -> str:
    """Why a month of rewards should not be closed yet, or nothing."""
    if settings.clock().date() < after:
        return f"it ends on {after.isoformat()}"
    newest = newest_workbook(warehouse, settings.tenant)
    if newest is None or newest.date() < after:
        said = "no workbook has landed" if newest is None else f"the last workbook came {newest}"
        return f"{said}; its last days are in the next one"
    if behind := left_behind(warehouse):
        return f"{behind}, so the marts may be half built; tieout build mends them"
    built = _built_until(warehouse)
    landed = _landed_until(warehouse, settings.tenant) or newest
    if built is None or built < landed:
        said = "no build that succeeded" if built is None else f"the last build is as of {built}"
        return f"{said}; tieout build brings the last workbook in"
    months = warehouse.rows(
        "select count(*) as n from marts.reward_customer_months"
        " where tenant_id = $1 and period <= $2",
        [settings.tenant, first],
    )
    if not months[0]["n"]:
        return "there is nothing in it"
    return "; ".join(mismatch.words for mismatch in mismatches(warehouse, settings))


def _built_until(warehouse: Warehouse) -> datetime | None:
    """The moment until which files are in the last build that did not fail."""
    rows = warehouse.rows(
        "select coalesce(as_of, finished_at) as moment from ops.runs where finished_at is not null"
        " and status in ('succeeded', 'attention') and coalesce(not is_partial, true)"
        " order by started_at desc, run_id limit 1"
    )
    return rows[0]["moment"] if rows else None


def newest_workbook(warehouse: Warehouse, tenant: str) -> datetime | None:
    """When the last rewards file came that landed."""
    if not has_table(warehouse, "ops", "documents"):
        return None
    return _last(warehouse, tenant, "received_at")


def _landed_until(warehouse: Warehouse, tenant: str) -> datetime | None:
    """When the last rewards file landed: a held one lands when it is released, as builds see it."""
    return _last(warehouse, tenant, "coalesce(landed_at, received_at)")


def _last(warehouse: Warehouse, tenant: str, moment: str) -> datetime | None:
    [found] = warehouse.rows(
        f"select max({moment}) as moment from ops.documents"
        " where tenant_id = $1 and source = 'thrive_cash' and state = 'landed'",
        [tenant],
    )
    last: datetime | None = found["moment"]
    return last
