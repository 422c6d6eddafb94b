with

sales as (
    select
        tenant_id,
        source,
        source_account,
        currency,
        stage,
        is_debit,
        is_instalment,
        stage != 'forecast' as is_paid,
        sale_id,
        sale_id || '-' || cast(instalment as {{ dbt.type_string() }}) as part_id,
        sale_gross_minor,
        sale_fee_minor,
        part_net_minor,
        paid_minor - part_net_minor as cost_minor,
        case when stage != 'forecast' then payout_key end as payout_key,
        sale_id as reference,
        order_id,
        authorization_code,
        cast(null as {{ dbt.type_string() }}) as trace_reference,
        establishment as merchant_id,
        cast(null as {{ dbt.type_string() }}) as description,
        occurred_at,
        business_date,
        settlement_date as value_date,
        case stage when 'settled' then 100 when 'anticipated' then 200 else 300 end + instalment as report_rank,
        _received_at,
        _document_id,
        _source_file,
        _source_line
    from {{ ref('stg_unica__sales') }}
),

payouts as (
    select
        tenant_id,
        source,
        source_account,
        currency,
        payout_key,
        amount_minor,
        payout_key as reference,
        cast(null as {{ dbt.type_string() }}) as order_id,
        cast(null as {{ dbt.type_string() }}) as authorization_code,
        cast(null as {{ dbt.type_string() }}) as trace_reference,
        payee_establishment as merchant_id,
        cast(null as {{ dbt.type_string() }}) as description,
        cast(settlement_date as timestamp) as occurred_at,
        settlement_date as value_date,
        1 as report_rank,
        _received_at,
        _document_id,
        _source_file,
        _source_line
    from {{ ref('stg_unica__payouts') }}
)

{{ card_events('sales', [
    {'event': 'charge', 'native_type': "case when is_debit then 'debit' else 'charge' end", 'id': 'sale_id',
     'amount': 'sale_gross_minor', 'fee': 'sale_fee_minor', 'payout': 'case when not is_instalment then payout_key end'},
    {'event': 'receivable', 'id': 'part_id', 'amount': '-part_net_minor', 'only': 'is_instalment'},
    {'event': 'receivable_paid', 'id': 'part_id', 'amount': 'part_net_minor', 'payout': 'payout_key', 'day': 'value_date',
     'only': 'is_instalment and is_paid'},
    {'event': 'anticipation_cost', 'id': 'part_id', 'amount': 'cost_minor', 'payout': 'payout_key', 'day': 'value_date',
     'only': 'is_paid'},
]) }}
union all
{{ card_events('payouts', [
    {'event': 'payout', 'id': 'payout_key', 'amount': 'amount_minor', 'payout': 'payout_key', 'day': 'value_date'},
]) }}
