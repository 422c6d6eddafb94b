"""Closing a month: its figures are frozen, and what they become later is a difference, no change.

In: Settings, a period (2026-10), the person's name. Out: rows of ops.closed_periods and a copy of
marts.reconciliation_summary in ops.closed_summaries; nothing else changes, so late files still
land. marts.period_differences compares. A close covers every month since the one before, up to its
own: months are closed in order, and the last one is opened again first.
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
from ingestion.landing.schema import CLOSED_FIGURES, ensure_schema
from orchestration.lock import single_writer
from orchestration.register import has_table

_KEYS = "tenant_id, reconciliation, source, role, business_date, currency"
_FREEZE = (
    f"insert into ops.closed_summaries (close_id, period, {_KEYS}, {', '.join(CLOSED_FIGURES)})"
    f" select $1, substring(cast(business_date as varchar), 1, 7), {_KEYS},"
    f" {', '.join(f'cast(sum({figure}) as bigint)' for figure in CLOSED_FIGURES)}"
    " from marts.reconciliation_summary"
    " where tenant_id = $2 and business_date >= $3 and business_date < $4"
    f" group by {_KEYS}"
)
_STANDING = "from ops.closed_periods where tenant_id = $1 and reopened_at is null"
_BEGINNING = date(1, 1, 1)  # what the first close covers from


def close_period(
    settings: Settings, period: str, by: str, reason: str = "", *, is_forced: bool = False
) -> dict[str, Any]:
    """Freezes the month's figures as the last build has them; returns its line."""
    first, after = bounds(period)
    with single_writer(settings), open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        last = last_closed(warehouse, settings.tenant)
        if last and last >= period:
            raise ConfigurationError(
                f"{period} is closed already: the books are closed up to {last};"
                f" tieout reopen {last} comes first."
            )
        if not has_table(warehouse, "marts", "reconciliation_summary"):
            raise ConfigurationError("Nothing is built yet: tieout build comes first.")
        since = bounds(last)[1] if last else _BEGINNING
        if not is_forced and (why := _unfinished(warehouse, settings, since, first, after)):
            raise ConfigurationError(f"{period} is not finished: {why}. --force closes it anyway.")
        identity, built = f"cls_{secrets.token_hex(12)}", built_as_of(warehouse)
        with warehouse.transaction():
            warehouse.execute(
                "insert into ops.closed_periods (close_id, tenant_id, period, covers_from,"
                " closed_by, closed_at, reason, is_forced, built_as_of)"
                " values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                [
                    *(identity, settings.tenant, period, since.isoformat()[:7]),
                    *(by, settings.clock(), reason or None, is_forced, built),
                ],
            )
            warehouse.execute(_FREEZE, [identity, settings.tenant, since, after])
        return _closing(warehouse, settings.tenant, period)[0]


def reopen_period(settings: Settings, period: str, by: str, reason: str) -> dict[str, Any]:
    """Opens the last closed month again; what was frozen is kept, and compared no more."""
    bounds(period)
    with single_writer(settings), open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        last = last_closed(warehouse, settings.tenant)
        if last is None or last < period:
            raise ConfigurationError(f"{period} is not closed; tieout close lists what is.")
        if last != period:
            raise ConfigurationError(
                f"{period} is not the last closed month: the books are closed up to {last};"
                f" tieout reopen {last} comes first."
            )
        found = _closing(warehouse, settings.tenant, period)
        warehouse.execute(
            "update ops.closed_periods set reopened_by = $2, reopened_at = $3, reopen_reason = $4"
            " where close_id = $1",
            [found[0]["close_id"], by, settings.clock(), reason],
        )
        return found[0]


def closed_periods(warehouse: Warehouse, tenant: str) -> list[dict[str, Any]]:
    """Every closing, reopened ones too, with how many figures differ now (None: not built)."""
    if not has_table(warehouse, "ops", "closed_periods"):
        return []
    rows = warehouse.rows(
        "select * from ops.closed_periods where tenant_id = $1"
        " order by period, closed_at, close_id",
        [tenant],
    )
    differing: dict[str, int] | None = None
    if has_table(warehouse, "marts", "period_differences"):
        counted = warehouse.rows(
            "select close_id, count(*) as n from marts.period_differences group by close_id"
        )
        differing = {row["close_id"]: int(row["n"]) for row in counted}
    for row in rows:
        row["differing"] = None if differing is None else differing.get(row["close_id"], 0)
    return rows


def _closing(warehouse: Warehouse, tenant: str, period: str) -> list[dict[str, Any]]:
    return warehouse.rows(
        f"select * {_STANDING} and period = $2 order by closed_at desc, close_id",
        [tenant, period],
    )


def last_closed(warehouse: Warehouse, tenant: str) -> str | None:
    """The last month that is closed, 2026-10; those before it are closed with it."""
    last: str | None = warehouse.rows(f"select max(period) as last {_STANDING}", [tenant])[0][
        "last"
    ]
    return last


def built_as_of(warehouse: Warehouse, of_all: bool = False) -> datetime | None:
    """The moment that the marts speak of: of the last build that did not fail.

    `of_all` leaves out builds of some models alone, after which others are older.
    """
    rows = warehouse.rows(
        "select coalesce(as_of, started_at) as moment from ops.runs"
        " where status in ('succeeded', 'attention')"
        f" {'and coalesce(not is_partial, true)' if of_all else ''}"
        " order by started_at desc, run_id limit 1"
    )
    return rows[0]["moment"] if rows else None


def _unfinished(
    warehouse: Warehouse, settings: Settings, since: date, first: date, after: date
) -> str:
    """Why a month, and those since the close before that close with it, should not be yet."""
    if settings.clock().date() < after:
        return f"it ends on {after.isoformat()}"
    if behind := left_behind(warehouse):
        return f"{behind}, so the marts may be half built; tieout build mends them"
    built = built_as_of(warehouse, of_all=True)
    if built is None or built.date() < after:
        said = "no build that succeeded" if built is None else f"the last build is as of {built}"
        return f"{said}; tieout build brings its last days in"
    [found] = warehouse.rows(
        "select count(case when business_date >= $3 then 1 end) as n,"
        " count(distinct case when not is_complete then business_date end) as incomplete,"
        " min(case when not is_complete then business_date end) as earliest"
        " from marts.reconciliation_summary"
        " where tenant_id = $1 and business_date >= $2 and business_date < $4",
        [settings.tenant, since, first, after],
    )
    if not found["n"]:
        return "there is nothing in it"
    if found["incomplete"]:
        days = f"{found['incomplete']} days that it closes, the first {found['earliest']}"
        return f"files of {days}, are missing (tieout status)"
    return ""
