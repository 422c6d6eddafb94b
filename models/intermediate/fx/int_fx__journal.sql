-- The journal in the tenant's own currency. Each line has the account or the role of the account it goes to; rounding, realised and
-- unrealised differences are lines of their own, and every entry sums to zero.
with converted as (
    select * from {{ ref('int_fx__lines') }} where functional_minor is not null
),

rounding as (
    select tenant_id, entry_id, functional_currency, posted_on, posting_period, -sum(functional_minor) as amount_minor
    from converted
    group by tenant_id, entry_id, functional_currency, posted_on, posting_period
    having sum(functional_minor) != 0
),

settled as (
    select * from {{ ref('int_fx__settled') }} where gain_minor != 0
),

revalued as (
    select * from {{ ref('int_fx__revalued') }} where gain_minor != 0
),

-- a month's differences are posted on its last day and taken back on the day after it
turns as (
    select
        revalued.*,
        'revaluation' as line_kind,
        period_end as turned_on,
        posting_period as turned_in,
        gain_minor as turned_minor
    from revalued
    union all
    select
        revalued.*,
        'revaluation_reversal' as line_kind,
        {{ add_days('period_end', 1) }} as turned_on,
        {{ add_days('period_end', 1) }} as turned_in,
        -gain_minor as turned_minor
    from revalued
),

differences as (
    select
        {{ key_hash('fen', ["'realised'", 'tenant_id', 'account_code', 'settlement_id', 'posting_period']) }} as functional_entry_id,
        tenant_id, 'realised' as line_kind, settled_on as posted_on, posting_period, account_code,
        case when treatment = 'settled' then currency end as transaction_currency, settlement_id, functional_currency,
        gain_minor as amount_minor, 'fx_realised' as difference_role
    from settled
    union all
    select
        {{ key_hash('fen', ['line_kind', 'tenant_id', 'account_code', 'currency', 'posting_period']) }} as functional_entry_id,
        tenant_id, line_kind, turned_on as posted_on, turned_in as posting_period, account_code,
        currency as transaction_currency, cast(null as {{ dbt.type_string() }}) as settlement_id, functional_currency,
        turned_minor as amount_minor, 'fx_unrealised' as difference_role
    from turns
),

sides as (
    select differences.*, 'account' as line_key, cast(null as {{ dbt.type_string() }}) as role, amount_minor as side_minor from differences
    union all
    select differences.*, 'difference' as line_key, difference_role as role, -amount_minor as side_minor from differences
)

select
    {{ key_hash('fen', ["'booked'", 'entry_id']) }} as functional_entry_id, ledger_line_id as line_key,
    tenant_id, 'booked' as line_kind, posted_on, posting_period, account_code, cast(null as {{ dbt.type_string() }}) as role,
    functional_currency, functional_minor as amount_minor, currency as transaction_currency, rate, rate_published_on, ledger_line_id,
    entry_id, cast(null as {{ dbt.type_string() }}) as settlement_id
from converted
union all
select
    {{ key_hash('fen', ["'booked'", 'entry_id']) }} as functional_entry_id, 'rounding' as line_key,
    tenant_id, 'rounding' as line_kind, posted_on, posting_period, null as account_code, 'fx_rounding' as role,
    functional_currency, amount_minor, null as transaction_currency, null as rate, null as rate_published_on, null as ledger_line_id,
    entry_id, null as settlement_id
from rounding
union all
select
    functional_entry_id, line_key,
    tenant_id, line_kind, posted_on, posting_period, case when line_key = 'account' then account_code end as account_code, role,
    functional_currency, side_minor as amount_minor, transaction_currency, null as rate, null as rate_published_on,
    null as ledger_line_id, null as entry_id, settlement_id
from sides
