"""Faults in the payouts, balances and reserves: SQL that damages a built sample month.

`balance_summary` is the file of Stripe that the sample month has not: what the account held before
and after, worked out here from the itemized files, row by row and once each.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from tests.python.dbt.planted_faults import Fault, staging_as_table

PERIOD = "2026-10-01_to_2026-10-31_UTC.csv"
ITEMIZED = {"activity": "Itemised_balance_change_from_activity_", "payouts": "Itemised_payouts_"}
OPENING = Decimal("1000.00")
ONE_CATEGORY = """(select min(payout_category_id) from marts.payout_categories
    where source = 'stripe' and member_count > 0)"""


def balance_summary(samples: Path, folder: Path) -> Path:
    """Writes the summary of the month's balance into `folder`/stripe. Returns the file."""
    sums: dict[tuple[str, str], Decimal] = {}
    for category, begins in ITEMIZED.items():
        with (samples / "stripe" / f"{begins}{PERIOD}").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                key = row["currency"], category
                sums[key] = sums.get(key, Decimal(0)) + Decimal(row["net"])
    lines = ["category,description,net_amount,currency"]
    for currency in sorted({currency for currency, _ in sums}):
        moved = {category: sums.get((currency, category), Decimal(0)) for category in ITEMIZED}
        amounts = {
            "starting_balance": OPENING,
            **moved,
            "ending_balance": OPENING + sum(moved.values()),
        }
        lines += [f"{name},{name},{amount},{currency}" for name, amount in amounts.items()]
    path = folder / "stripe" / f"Balance_summary_{PERIOD}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


FAULTS = (
    Fault(
        "payout_members",
        "a line of a payout tells a cent more than the source's rows",
        (
            f"""update marts.payout_categories set net_minor = net_minor + 1,
            gross_minor = gross_minor + 1 where payout_category_id = {ONE_CATEGORY}""",
        ),
    ),
    Fault(
        "payout_members",
        "a line of a payout is lost",
        (f"delete from marts.payout_categories where payout_category_id = {ONE_CATEGORY}",),
    ),
    Fault(
        "payout_members",
        "a movement is told with another payout",
        staging_as_table(
            "stg_stripe__balance_changes",
            """update staging.stg_stripe__balance_changes set automatic_payout_id = (select
            max(automatic_payout_id) from staging.stg_stripe__balance_changes)
            where balance_transaction_id = (select min(balance_transaction_id)
            from staging.stg_stripe__balance_changes where automatic_payout_id is not null)""",
        ),
    ),
    Fault(
        "processor_balances",
        "what moved is not what the processor's balance moved",
        (
            """update marts.processor_balances set moved_minor = moved_minor + 1
            where source = 'stripe' and currency = 'EUR'""",
        ),
    ),
    Fault(
        "reserves_tie",
        "a reserve closes with a cent that the books do not have",
        (
            """update marts.reserve_balances set closing_minor = closing_minor + 1,
            withheld_minor = withheld_minor + 1 where reserve_balance_id =
            (select max(reserve_balance_id) from marts.reserve_balances)""",
        ),
    ),
    Fault(
        "reserves_tie",
        "a reserve does not open as it closed",
        (
            """update marts.reserve_balances set opening_minor = opening_minor + 1,
            released_minor = released_minor + 1 where reserve_balance_id =
            (select min(reserve_balance_id) from marts.reserve_balances)""",
        ),
    ),
    Fault("reserves_tie", "a reserve is lost", ("delete from marts.reserve_balances",)),
)
