{% set controls_of_the_rooms = [
    'archive_in_register', 'declared_totals', 'landed_lines', 'staged_rows',
    'row_values', 'transactions_complete', 'matched_or_open', 'matched_once',
    'match_groups', 'discrepancies_cover', 'payouts_explained', 'entries_balance',
    'every_transaction_posts_once', 'closed_months_stay', 'trial_balance', 'clearing_equals_open_items', 'balances_equal_sources',
    'stripe_net', 'stripe_summaries', 'bank_statements_tie', 'lots_not_overused', 'redemptions_add_up',
    'fifo_order', 'rewards_liability', 'reward_roll_forward', 'reward_validations', 'summary_ties', 'card_sales', 'booked_rows', 'bank_moves_as_stated',
    'payout_members', 'processor_balances', 'reserves_tie', 'chargebacks_tie'
] %}

with results as (
    {%- for control in controls_of_the_rooms %}
        {{ 'union all' if not loop.first }}
        select control, tenant_id, scope, measure, currency, expected, found
        from {{ ref('int_controls__' ~ control) }}
    {%- endfor %}
),

controls as (
    select * from {{ ref('controls') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

-- A control with nothing to look at says so; a control without any row has not run.
answered as (
    select
        controls.control,
        controls.room,
        controls.statement,
        controls.what_to_do,
        coalesce(results.tenant_id, '(none)') as tenant_id,
        coalesce(results.scope, 'nothing to check') as scope,
        coalesce(results.measure, 'rows') as measure,
        results.currency,
        coalesce(results.expected, 0) as expected,
        coalesce(results.found, 0) as found
    from controls
    left join results on controls.control = results.control
),

measured as (
    select
        answered.*,
        case when answered.measure = 'amount' then coalesce(currencies.exponent, 0) else 0 end as exponent
    from answered
    left join currencies on answered.currency = currencies.currency
)

select
    {{ key_hash('ctl', ['control', 'tenant_id', 'scope', 'measure', 'currency']) }} as control_result_id,
    cast(control as {{ dbt.type_string() }}) as control,
    cast(tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(scope as {{ dbt.type_string() }}) as scope,
    cast(measure as {{ dbt.type_string() }}) as measure,
    cast(currency as {{ dbt.type_string() }}) as currency,
    {{ major_units('expected', 'exponent') }} as expected,
    {{ major_units('found', 'exponent') }} as found,
    {{ major_units('found - expected', 'exponent') }} as difference,
    cast(expected = found as boolean) as passed,
    {{ as_of() }} as ran_at,
    cast(room as {{ dbt.type_string() }}) as room,
    cast(statement as {{ dbt.type_string() }}) as statement,
    cast(what_to_do as {{ dbt.type_string() }}) as what_to_do
from measured
