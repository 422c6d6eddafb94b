"""The word that a run ended well, with its figures: for a board that shows it, not for a pager.

In: Settings and a run that needs nobody. Out: one message in the outbox, where a channel asks for
severity info; else nothing is filed.
"""

from __future__ import annotations

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from orchestration.alerts.channels import names_for
from orchestration.alerts.deliver import outbox_of
from orchestration.alerts.message import worded_success
from orchestration.register import has_table

Facts = list[tuple[str, str]]


def tell_success(settings: Settings, run_id: str, title: str) -> bool:
    """Files the message of a run without trouble; False when nobody asks for it or it is there."""
    channels = names_for(settings.alerts, "info")
    if not channels:
        return False
    with open_warehouse(settings, read_only=True) as warehouse:
        facts = facts_of(warehouse, settings.tenant)
    message = worded_success(settings.tenant, run_id, title, facts)
    return outbox_of(settings).put(message, channels)


def facts_of(warehouse: Warehouse, tenant: str) -> Facts:
    """What the marts come to: breaks, customers of rewards, and the liability by currency."""
    facts: Facts = []
    if has_table(warehouse, "marts", "discrepancies"):
        [row] = warehouse.rows(
            "select count(*) as n from marts.discrepancies"
            " where tenant_id = $1 and not is_accepted",
            [tenant],
        )
        facts.append(("open breaks", f"{row['n']}"))
    if has_table(warehouse, "marts", "reward_current_balances"):
        for row in warehouse.rows(
            "select currency, count(*) as customers, cast(sum(event_count) as bigint) as events,"
            " sum(open_lots) as liability from marts.reward_current_balances"
            " where tenant_id = $1 group by currency order by currency",
            [tenant],
        ):
            facts.append(
                (
                    f"rewards in {row['currency']}",
                    f"{row['events']} rows of {row['customers']} customers,"
                    f" liability {row['liability']:.2f}",
                )
            )
    return facts
