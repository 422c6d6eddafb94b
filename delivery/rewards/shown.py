"""Rewards in a report: the liability and whom, by company, cost center and region, and the checks.

In: Contents. Out: values for the page. The rows stand in the marts reward_current_balances,
reward_mode_differences, reward_reports, reward_validations and reward_validation_failures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Rows = list[dict[str, Any]]
LAYERS = ("source", "processing", "results", "analytics")
LEVELS = {"company": "Company", "cost_center": "Cost center", "region": "Region", "total": "All"}
_TAGS = {"critical": "bad", "warning": "warn", "info": "idle"}


class Tables(Protocol):
    """Rows by query name."""

    def __getitem__(self, name: str) -> Sequence[dict[str, Any]]: ...


# The last month that is over; the month that runs when none is.
_MONTH = (
    "select * from marts.reward_reports where cycle = 'monthly' and level !="
    " 'customer_group' and period_from = (select coalesce(max(case when is_over"
    " then period_from end), max(period_from)) from marts.reward_reports"
    " where cycle = 'monthly') order by tenant_id, currency, case level when 'company'"
    " then 1 when 'cost_center' then 2 when 'region' then 3 else 4 end, member"
)
_BALANCES = (
    "select tenant_id, currency, count(*) as customers, sum(earned) as earned,"
    " sum(spent) as spent, sum(expired) as expired, sum(open_lots) as open_lots,"
    " sum(unfunded) as unfunded from marts.reward_current_balances"
    " group by tenant_id, currency order by tenant_id, currency"
)
_MODES = (
    "select tenant_id, currency, count(*) as lots, sum(open_amount) as open_amount,"
    " sum(open_one_to_one) as open_one_to_one from marts.reward_mode_differences"
    " group by tenant_id, currency order by tenant_id, currency"
)
_FAILURES = (
    "select * from (select failures.*, row_number() over (partition by tenant_id,"
    " check_name order by abs(amount_minor) desc nulls last,"
    " reward_validation_failure_id) as place from marts.reward_validation_failures"
    " as failures) as ranked where place <= {shown} order by tenant_id, check_name, place"
)


def queries(shown: int) -> Mapping[str, tuple[tuple[str, ...], str]]:
    """What the page reads; of the rows that fail a check the largest."""
    largest = (
        "select * from marts.reward_current_balances"
        f" order by open_lots_minor desc, unfunded_minor desc, customer_id limit {shown}"
    )
    checks = "select * from marts.reward_validations order by tenant_id, check_name"
    failures = _FAILURES.replace("{shown}", str(shown))
    return {
        "rewards": (("marts.reward_current_balances",), _BALANCES),
        "reward_customers": (("marts.reward_current_balances",), largest),
        "reward_modes": (("marts.reward_mode_differences",), _MODES),
        "reward_month": (("marts.reward_reports",), _MONTH),
        "reward_checks": (("marts.reward_validations",), checks),
        "reward_failures": (("marts.reward_validation_failures",), failures),
    }


def shown(tables: Tables) -> dict[str, Any]:
    """The month by level, and each check with the rows that fail it."""
    failing: dict[tuple[str, str], Rows] = defaultdict(list)
    for row in tables["reward_failures"]:
        failing[row["tenant_id"], row["check_name"]].append(row)
    checks = [
        {
            **row,
            "rows": failing[row["tenant_id"], row["check_name"]],
            "hidden": row["failing_count"] - len(failing[row["tenant_id"], row["check_name"]]),
            "tag": _TAGS[row["severity"]] if row["failing_count"] else "good",
        }
        for row in tables["reward_checks"]
    ]
    checks.sort(key=lambda row: (LAYERS.index(row["layer"]), -bool(row["failing_count"])))
    return {
        "reward_checks": checks,
        "reward_month": [
            {**row, "level": LEVELS[row["level"]], "is_total": row["level"] == "total"}
            for row in tables["reward_month"]
        ],
        **{name: tables[name] for name in ("rewards", "reward_customers", "reward_modes")},
    }
