"""The accounts as the target calls them, and what a deployment says of the target.

In: an open warehouse and a Selection. Out: names and settings by the seeds account_mappings and
export_settings; a tenant's own row comes before the one of all.
"""

from __future__ import annotations

from dbt_project.warehouse import Warehouse
from delivery.ledger.book import Account, Book, ExportRefusedError
from delivery.ledger.selection import Selection


def accounts(warehouse: Warehouse, wanted: Selection) -> dict[str, Account]:
    """Each account by its code."""
    rows = warehouse.rows(
        "select tenant_id, account_code, their_account, tax, entity, department"
        " from seeds.account_mappings where target = $1 and tenant_id in ('*', $2)"
        " order by account_code",
        [wanted.target, wanted.tenant],
    )
    rows.sort(key=lambda row: str(row["tenant_id"]) != "*")
    return {
        row["account_code"]: Account(
            row["their_account"] or "",
            row["tax"] or "",
            row["entity"] or "",
            row["department"] or "",
        )
        for row in rows
    }


def settings(warehouse: Warehouse, wanted: Selection) -> dict[str, str]:
    """Each setting by its name."""
    rows = warehouse.rows(
        "select tenant_id, setting, value from seeds.export_settings"
        " where target = $1 and tenant_id in ('*', $2) order by setting",
        [wanted.target, wanted.tenant],
    )
    rows.sort(key=lambda row: str(row["tenant_id"]) != "*")
    return {row["setting"]: row["value"] or "" for row in rows}


def ask_for_accounts(warehouse: Warehouse, wanted: Selection, book: Book) -> None:
    """Every account with a line or a balance has a name at the target; else all that lack one."""
    where, values = wanted.where()
    rows = warehouse.rows(
        "select account_code, min(account_name) as account_name, min(entry_id) as entry_id"
        f" from {wanted.journal.lines} where {where} group by account_code order by account_code",
        values,
    )
    missing = [
        f"{row['account_code']} {row['account_name']} (entry {row['entry_id']})"
        for row in rows
        if row["account_code"] not in book.accounts
    ]
    named = {row["account_code"] for row in rows}
    missing += sorted(
        {
            f"{balance.account_code} (balance)"
            for balance in book.balances
            if balance.account_code not in {*book.accounts, *named}
        }
    )
    if missing:
        raise ExportRefusedError(
            f"{wanted.target}: no account there for {', '.join(missing)}. Add a row for"
            f" {wanted.target} to seeds/account_mappings.csv, then tieout build."
        )
