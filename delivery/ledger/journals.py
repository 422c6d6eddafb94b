"""The two journals a tenant may have: in the currencies it moved in, and in one currency.

Each is a relation with the columns an export reads, and the balances a whole month ties to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_FUNCTIONAL = """(
    with booked as (
        select distinct tenant_id, entry_id, functional_entry_id from marts.functional_entries
        where line_kind = 'booked'
    )
    select
        lines.functional_entry_id as entry_id, lines.functional_line_id as ledger_line_id,
        lines.tenant_id, lines.posted_on, lines.posting_period, lines.currency, lines.account_code,
        lines.account_name, lines.amount_minor, lines.transaction_id, told.posting_rule_id,
        coalesce(told.event_type, lines.line_kind) as event_type,
        coalesce(told.entry_kind, 'original') as entry_kind,
        reversed.functional_entry_id as reverses_entry_id,
        case lines.line_kind
            when 'booked' then told.memo
            when 'rounding' then 'Exchange rounding'
            when 'realised' then 'Exchange difference, realised'
            when 'revaluation' then 'Open balance at the month''s last rate'
            when 'adjustment' then 'What a closed month is worth by later rates and matches'
            else 'Open balance back at its own rates'
        end as memo,
        coalesce(told.leg, 1000000) as leg,
        -- a line may be of a later build than the others of its entry
        max(lines.recorded_at) over (
            partition by lines.tenant_id, lines.posting_period, lines.functional_entry_id
        ) as recorded_at
    from marts.functional_entries as lines
    left join marts.ledger_entries as told
        on lines.ledger_line_id = told.ledger_line_id and lines.line_kind = 'booked'
    left join booked as reversed
        on told.tenant_id = reversed.tenant_id and told.reverses_entry_id = reversed.entry_id
) as functional"""
_BALANCES = (
    "select account_code, currency, opening_minor, debits_minor, credits_minor, closing_minor"
    " from marts.account_balances where tenant_id = $1 and period = $2"
    " order by account_code, currency"
)
# A month in which an account rests has no row there: it opens and closes with what it had.
_FUNCTIONAL_BALANCES = """
select
    account_code, currency, closing_minor,
    case when period = $2 then opening_minor else closing_minor end as opening_minor,
    case when period = $2 then debits_minor else 0 end as debits_minor,
    case when period = $2 then credits_minor else 0 end as credits_minor
from (
    select
        balances.*, row_number() over (partition by account_code, currency order by period desc)
        as place
    from marts.functional_balances as balances where tenant_id = $1 and period <= $2
) as ranked
where place = 1 order by account_code, currency
"""


@dataclass(frozen=True)
class Journal:
    """Where the lines stand, which marts that needs, and what a whole month has to tie to."""

    lines: str
    needs: tuple[str, ...]
    balances: str
    ties_to: str


JOURNALS: Mapping[str, Journal] = {
    "transaction": Journal(
        "marts.ledger_entries",
        ("ledger_entries", "account_balances"),
        _BALANCES,
        "marts.account_balances",
    ),
    "functional": Journal(
        _FUNCTIONAL,
        ("ledger_entries", "functional_entries", "functional_balances"),
        _FUNCTIONAL_BALANCES,
        "marts.functional_balances",
    ),
}
