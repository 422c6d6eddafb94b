-- One break a day and currency: every line of that day waits for the same rate.
with missing_fx_rates as (
    select * from {{ ref('missing_fx_rates') }}
),

told as (
    select
        cast(null as {{ dbt.type_string() }}) as reconciliation,
        tenant_id,
        cast(null as {{ dbt.type_string() }}) as match_id,
        missing_fx_rate_id as transaction_id,
        cast(null as {{ dbt.type_string() }}) as counterpart_transaction_id,
        'fx' as source,
        currency || ' ' || cast(rate_on as {{ dbt.type_string() }}) as native_id,
        cast(null as {{ dbt.type_string() }}) as processor,
        currency || '/' || functional_currency as reference,
        rate_on as business_date,
        currency,
        cast(null as {{ dbt.type_string() }}) as _document_id,
        cast(null as {{ dbt.type_string() }}) as _source_file,
        cast(null as bigint) as _source_line,
        amount_minor,
        functional_currency,
        line_count,
        balance_count
    from missing_fx_rates
)

select
    'fx_rate_missing' as kind,
    {{ break_identity() }},
    0 as expected_minor,
    0 as found_minor,
    amount_minor as amount_at_risk_minor,
    business_date as first_seen_on,
    'No rate of ' || currency || ' into ' || functional_currency || ' for ' || cast(business_date as {{ dbt.type_string() }})
    || ': ' || cast(line_count as {{ dbt.type_string() }}) || ' journal lines and '
    || cast(balance_count as {{ dbt.type_string() }}) || ' balances wait for it.' as explanation
from told
