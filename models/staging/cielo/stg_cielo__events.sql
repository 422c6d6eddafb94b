with

{{ cielo_paid_details() }},

sales as (
    select
        tenant_id,
        source,
        source_account,
        currency,
        is_instalment,
        stage = 'settled' as is_paid,
        sale_id,
        sale_id || '-' || cast(instalment as {{ dbt.type_string() }}) as part_id,
        case when is_instalment then sale_minor else gross_minor end as sale_gross_minor,
        gross_minor - net_minor as fee_minor,
        net_minor,
        payout_key,
        sale_id as reference,
        order_id,
        authorization_code,
        nsu as trace_reference,
        establishment as merchant_id,
        tid as description,
        occurred_at,
        business_date,
        coalesce(original_due_date, launch_date) as value_date,
        case stage when 'settled' then 100 else 300 end + instalment as report_rank,
        _received_at,
        _document_id,
        _source_file,
        _source_line
    from details
    where is_sale
),

launches as (
    select
        tenant_id,
        source,
        source_account,
        currency,
        'launch_' || launch_type as native_type,
        {{ joined_key(['launch_type', 'sale_id', 'instalment', 'adjustment_code', 'terminal', 'launch_date', 'occurrence']) }} as launch_id,
        gross_minor,
        gross_minor - net_minor as fee_minor,
        payout_key,
        coalesce(original_sale_code, sale_id) as reference,
        order_id,
        authorization_code,
        nsu as trace_reference,
        establishment as merchant_id,
        adjustment_code as description,
        occurred_at,
        coalesce(launch_date, business_date) as business_date,
        launch_date as value_date,
        1 as report_rank,
        _received_at,
        _document_id,
        _source_file,
        _source_line
    from details
    where not is_sale and stage = 'settled'
),

{{ cielo_other_event_rows() }}

{{ card_events('sales', [
    {'event': 'charge', 'id': 'sale_id', 'amount': 'sale_gross_minor', 'fee': 'case when is_instalment then 0 else fee_minor end',
     'payout': 'case when not is_instalment then payout_key end'},
    {'event': 'commission', 'id': 'part_id', 'amount': '-fee_minor', 'only': 'is_instalment'},
    {'event': 'receivable', 'id': 'part_id', 'amount': '-net_minor', 'only': 'is_instalment'},
    {'event': 'receivable_paid', 'id': 'part_id', 'amount': 'net_minor', 'payout': 'payout_key', 'day': 'value_date',
     'only': 'is_instalment and is_paid'},
]) }}
union all
{{ card_events('launches', [
    {'event': 'launch', 'native_type': 'native_type', 'id': 'launch_id', 'amount': 'gross_minor', 'fee': 'fee_minor',
     'payout': 'payout_key'},
]) }}
union all
{{ card_events('pix', [
    {'event': 'pix', 'id': 'pix_event_id', 'amount': 'gross_minor', 'fee': 'fee_minor', 'payout': 'payout_key'},
]) }}
union all
{{ card_events('advances', [
    {'event': 'advance', 'id': 'advance_id', 'amount': 'gross_minor', 'fee': 'fee_minor', 'payout': 'negotiation_number'},
]) }}
union all
{{ card_events('payouts', [
    {'event': 'payout', 'id': 'payout_key', 'amount': 'amount_minor', 'payout': 'payout_key'},
]) }}
