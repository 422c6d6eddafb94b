"""Faults on the way from the file to the break: SQL that damages a built sample month.

Each fault names the control that must notice (those of the books: planted_faults_in_books).
Statements run on a copy of the DuckDB warehouse; the rows they hit exist in the sample month.
"""

from __future__ import annotations

from dataclasses import dataclass

ONE_BOOKING = "(select min(transaction_id) from marts.transactions where side = 'internal')"
ONE_CHARGE = """(select min(transaction_id) from marts.transactions
    where side = 'processor' and event_type = 'charge' and currency = 'EUR')"""
ONE_DOCUMENT = "(select min(_document_id) from raw.internal_transactions)"
FILTERS = (
    ("stg_square__events", "is_booked"),
    ("stg_bank__lines", "is_transaction"),
    ("stg_paypal__transactions", "is_booked"),
    ("stg_paypal__searched_transactions", "is_booked"),
    ("stg_nacha__entries", "is_money"),
)


@dataclass(frozen=True)
class Fault:
    """What goes wrong, in words and SQL, and the control that must say so."""

    control: str
    title: str
    statements: tuple[str, ...]


def staging_as_table(model: str, change: str) -> tuple[str, ...]:
    """A staging view turned into a table whose rows somebody changed."""
    return (
        f"create table staging.corrupted as select * from staging.{model}",
        f"drop view staging.{model}",
        f"alter table staging.corrupted rename to {model}",
        change,
    )


FAULTS = (
    Fault(
        "archive_in_register",
        "the warehouse forgot a file",
        ("insert into ops.archive_listing values ('0' || repeat('a', 63), 'x', 1, null)",),
    ),
    Fault(
        "archive_in_register",
        "the archive lost a file",
        ("delete from ops.archive_listing where sha256 = (select min(sha256) from ops.documents)",),
    ),
    Fault(
        "declared_totals",
        "a trailer says otherwise",
        (
            """update ops.control_totals set found = found + 1 where is_enforced and document_id =
            (select min(document_id) from ops.control_totals where is_enforced)""",
        ),
    ),
    Fault(
        "landed_lines",
        "a landed line is gone and another file's is doubled, so that the sum is right",
        (
            f"""delete from raw.internal_transactions where _document_id = {ONE_DOCUMENT}
                and _source_line = (select max(_source_line) from raw.internal_transactions
                where _document_id = {ONE_DOCUMENT})""",
            """insert into raw.internal_transactions select * from raw.internal_transactions
                where _document_id = (select max(_document_id) from raw.internal_transactions)
                and _source_line = (select max(_source_line) from raw.internal_transactions
                where _document_id = (select max(_document_id) from raw.internal_transactions))""",
        ),
    ),
    Fault(
        "landed_lines",
        "a refused line was swept under the carpet",
        ("delete from ops.quarantine",),
    ),
    Fault(
        "staged_rows",
        "staging lost a row",
        staging_as_table(
            "stg_bank__entries",
            "delete from staging.stg_bank__entries where amount_minor ="
            " (select max(amount_minor) from staging.stg_bank__entries)",
        ),
    ),
    Fault(
        "staged_rows",
        "staging changed an amount",
        staging_as_table(
            "stg_stripe__balance_changes",
            "update staging.stg_stripe__balance_changes set amount_minor = amount_minor + 1"
            " where balance_transaction_id = (select min(balance_transaction_id)"
            " from staging.stg_stripe__balance_changes)",
        ),
    ),
    Fault(
        "row_values",
        "a cent moved between two transactions",
        tuple(
            f"""update marts.transactions set amount = amount {sign} 0.01,
                amount_minor = amount_minor {sign} 1 where transaction_id = (select
                {pick}(transaction_id) from marts.transactions where currency = 'EUR')"""
            for sign, pick in (("+", "min"), ("-", "max"))
        ),
    ),
    Fault(
        "row_values",
        "a transaction is in another currency than its line",
        (f"update marts.transactions set currency = 'USD' where transaction_id = {ONE_CHARGE}",),
    ),
    *(
        Fault(
            "booked_rows",
            f"the filter of {model} {does}",
            staging_as_table(
                model,
                f"update staging.{model} set {column} = not {column} where {column} = {was}",
            ),
        )
        for model, column in FILTERS
        for does, was in (("leaves money out", "true"), ("lets in what is no money", "false"))
    ),
    Fault(
        "bank_moves_as_stated",
        "a line of a bank is counted twice, under two names",
        (
            """insert into marts.transactions select * replace ('txn_again' as transaction_id)
            from marts.transactions where transaction_id = (select min(transaction_id)
            from marts.transactions where side = 'bank' and status = 'settled')""",
        ),
    ),
    Fault(
        "transactions_complete",
        "a transaction is lost",
        (f"delete from marts.transactions where transaction_id = {ONE_CHARGE}",),
    ),
    Fault(
        "transactions_complete",
        "a transaction is doubled",
        (
            f"""insert into marts.transactions select * from marts.transactions
            where transaction_id = {ONE_CHARGE}""",
        ),
    ),
    Fault(
        "matched_or_open",
        "an open item is lost",
        (
            """delete from marts.open_items where transaction_id =
            (select min(transaction_id) from marts.open_items)""",
        ),
    ),
    Fault(
        "matched_once",
        "a transaction is in two matches",
        (
            """insert into marts.match_members select (select max(match_id) from marts.matches),
            transaction_id, tenant_id, reconciliation, side, role, status from marts.match_members
            where match_id = (select min(match_id) from marts.matches)""",
        ),
    ),
    Fault(
        "match_groups",
        "a match states another difference than its members have",
        (
            """update marts.matches set difference_minor = difference_minor + 1
            where match_id = (select min(match_id) from marts.matches)""",
        ),
    ),
    Fault(
        "match_groups",
        "a match lost one of its sides",
        (
            """delete from marts.match_members where role = 'right'
            and match_id = (select min(match_id) from marts.matches)""",
        ),
    ),
    Fault(
        "discrepancies_cover",
        "a missing payment is no break",
        ("delete from marts.discrepancies where kind = 'missing_internally'",),
    ),
    Fault(
        "payouts_explained",
        "a payout is explained by a cent that nobody moved",
        (
            """update marts.payouts set explained_minor = explained_minor + 1,
            unexplained_minor = unexplained_minor - 1
            where transaction_id = (select min(transaction_id) from marts.payouts)""",
        ),
    ),
)
