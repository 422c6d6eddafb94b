"""The names of the ledger's marts and columns that people and tools outside rely on.

In: nothing. Out: BOOKS, a part of what test_contract.py holds the marts against.
"""

from __future__ import annotations

BOOKS = {
    "ledger_entries": """entry_id posted_on account_code account_name debit credit amount_minor
        currency event_type transaction_id match_id memo sequence entry_kind reverses_entry_id
        recorded_at posting_period""",
    "account_balances": "account_code currency period opening debits credits closing",
    "trial_balance": """period account_code account_name account_type currency debits credits
        debit_balance credit_balance balance_minor""",
    "account_roll_forward": """account_code currency period opening debits credits new late
        written_off corrected closing""",
    "account_lines": """ledger_line_id entry_id account_code transaction_id item_id amount_minor
        item_balance_minor is_open posted_on posting_period native_id _source_file _source_line""",
    "open_account_items": """account_code reconciliation item_id match_id transaction_id currency
        balance_minor opened_on age_days ageing_bucket""",
    "fee_accruals": """processor period currency accrued_minor invoiced_minor true_up_minor
        paid_minor owed_minor""",
}
