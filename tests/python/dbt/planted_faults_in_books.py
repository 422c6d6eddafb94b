"""Faults in the ledger, the rewards and the summary: SQL that damages a built sample month."""

from __future__ import annotations

from tests.python.dbt.planted_faults import Fault

ONE_ENTRY = "(select min(entry_id) from marts.ledger_entries)"
ONE_ALLOCATION = "(select min(allocation_id) from marts.reward_allocations)"
LAST_MONTH = "(select max(period) from marts.account_balances)"


def booked_elsewhere(account: str, other: str) -> tuple[str, ...]:
    """A balanced posting that no transaction explains."""
    return tuple(
        f"update marts.account_balances set closing_minor = closing_minor {sign} 100"
        f" where account_code = '{code}' and currency = 'EUR' and period = {LAST_MONTH}"
        for code, sign in ((account, "+"), (other, "-"))
    )


FAULTS = (
    Fault(
        "entries_balance",
        "a journal entry is a cent short",
        (
            f"""update marts.ledger_entries set debit_minor = debit_minor + 1,
            amount_minor = amount_minor + 1 where debit_minor > 0 and entry_id = {ONE_ENTRY}""",
        ),
    ),
    Fault(
        "every_transaction_posts_once",
        "a transaction did not post",
        (f"delete from marts.ledger_entries where entry_id = {ONE_ENTRY}",),
    ),
    Fault(
        "every_transaction_posts_once",
        "a transaction posted twice",
        (
            f"""insert into marts.ledger_entries select * replace ('ent_again' as entry_id)
            from marts.ledger_entries where entry_id = {ONE_ENTRY}""",
        ),
    ),
    Fault(
        "closed_months_stay",
        "a line was written into a month that was closed",
        (
            """insert into ops.closed_periods (close_id, tenant_id, period, closed_by, closed_at,
            is_forced) select 'cls_x', tenant_id, '2026-10', 'Ada', recorded_at, false
            from marts.ledger_entries limit 1""",
            """insert into marts.ledger_entries select * replace
            ('lin_late' as ledger_line_id, recorded_at + interval '1 day' as recorded_at)
            from marts.ledger_entries where posting_period = '2026-10-01' limit 1""",
        ),
    ),
    Fault(
        "closed_months_stay",
        "a rate changed what a closed month was worth",
        (
            """insert into ops.closed_periods (close_id, tenant_id, period, closed_by, closed_at,
            is_forced) values ('cls_y', 'in_euro', '2026-10', 'Ada', '2026-11-02', false)""",
            """insert into marts.functional_entries
            (functional_line_id, tenant_id, currency, posting_period, recorded_at) values
            ('fln_1', 'in_euro', 'EUR', '2026-10-01', '2026-11-01'),
            ('fln_2', 'in_euro', 'EUR', '2026-10-01', '2026-11-03')""",
        ),
    ),
    Fault("trial_balance", "an account is off", booked_elsewhere("5000", "no other")),
    Fault("clearing_equals_open_items", "clearing holds more", booked_elsewhere("1100", "4000")),
    Fault("clearing_equals_open_items", "transit holds more", booked_elsewhere("1120", "4000")),
    Fault("clearing_equals_open_items", "suspense holds more", booked_elsewhere("2900", "4000")),
    Fault(
        "clearing_equals_open_items",
        "an open item of the reserve is lost",
        (
            """delete from marts.open_account_items where open_account_item_id =
            (select min(open_account_item_id) from marts.open_account_items
            where role = 'reserve')""",
        ),
    ),
    Fault(
        "clearing_equals_open_items",
        "money in suspense is no break",
        ("delete from marts.discrepancies where kind = 'in_suspense'",),
    ),
    Fault(
        "clearing_equals_open_items",
        "a fee beyond the contract is not claimed",
        (
            """update marts.fee_audit set state = 'overcharged', difference_minor = 7
            where transaction_id = (select min(transaction_id) from marts.fee_audit)""",
        ),
    ),
    Fault(
        "clearing_equals_open_items",
        "fees of a month are owed and not in the books",
        (
            """insert into marts.fee_accruals (fee_month_id, tenant_id, currency, owed_minor)
            select 'fmo_x', tenant_id, 'EUR', 30 from marts.fee_audit limit 1""",
        ),
    ),
    Fault("balances_equal_sources", "the bank account is off", booked_elsewhere("1000", "4000")),
    Fault(
        "stripe_net",
        "a Stripe row whose net is not gross less fee",
        (
            """update raw.stripe_balance_changes set net = '0.01' where balance_transaction_id =
            (select min(balance_transaction_id) from raw.stripe_balance_changes)""",
        ),
    ),
    Fault(
        "stripe_summaries",
        "a summary counts one refund more than the itemized rows have",
        (
            """update raw.stripe_summaries set row_count = cast(cast(row_count as integer) + 1
            as varchar) where reporting_category = 'refund' and currency = 'eur'""",
        ),
    ),
    Fault(
        "bank_statements_tie",
        "a statement lost a line",
        (
            """delete from raw.bank_entries where statement_id =
            (select min(statement_id) from raw.bank_entries) and entry_index =
            (select min(entry_index) from raw.bank_entries where statement_id =
            (select min(statement_id) from raw.bank_entries))""",
        ),
    ),
    Fault(
        "lots_not_overused",
        "a lot gave more than it brought",
        (
            f"""update marts.reward_allocations set allocated_minor = allocated_minor + 100000
            where allocation_id = {ONE_ALLOCATION}""",
        ),
    ),
    Fault(
        "redemptions_add_up",
        "a redemption is paid by nobody",
        (f"delete from marts.reward_allocations where allocation_id = {ONE_ALLOCATION}",),
    ),
    Fault(
        "fifo_order",
        "the younger of two lots was used first",
        (
            """update marts.reward_allocations as a
            set earned_reward_transaction_id = younger.reward_transaction_id
            from marts.reward_transactions as older, marts.reward_transactions as younger
            where a.earned_reward_transaction_id = older.reward_transaction_id
            and younger.is_lot and younger.customer_id = older.customer_id
            and younger.event_number > older.event_number""",
        ),
    ),
    Fault(
        "rewards_liability",
        "a lot is open that is not",
        (
            """update marts.reward_transactions set open_amount_minor = open_amount_minor + 1
            where reward_transaction_id = (select min(reward_transaction_id)
            from marts.reward_transactions where is_lot)""",
        ),
    ),
    Fault(
        "reward_validations",
        "a redemption without money is no break",
        ("delete from marts.discrepancies where kind = 'unfunded_redemption'",),
    ),
    Fault(
        "reward_validations",
        "a critical check of the rewards fails",
        (
            """update marts.reward_validation_failures set check_name = 'groups_add_up'
            where check_name = 'modes_agree'""",
        ),
    ),
    Fault(
        "reward_roll_forward",
        "the last month of rewards closes with a cent more",
        (
            """update marts.reward_roll_forward set closing_minor = closing_minor + 1
            where period = (select max(period) from marts.reward_roll_forward)""",
        ),
    ),
    Fault(
        "card_sales",
        "a part of a card sale is a cent more",
        (
            """update marts.card_sales set gross_minor = gross_minor + 1
            where card_sale_id = (select min(card_sale_id) from marts.card_sales)""",
        ),
    ),
    Fault(
        "summary_ties",
        "a day of the summary is lost",
        (
            """delete from marts.reconciliation_summary where summary_id =
            (select min(summary_id) from marts.reconciliation_summary)""",
        ),
    ),
)
