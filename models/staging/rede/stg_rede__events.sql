with

sales as (
    select
        tenant_id,
        source,
        source_account,
        currency,
        is_instalment,
        sale_id,
        gross_minor,
        fee_minor,
        net_minor,
        summary_key,
        sale_reference as reference,
        order_id,
        authorization_code,
        nsu as trace_reference,
        establishment as merchant_id,
        tid as description,
        occurred_at,
        business_date,
        due_date as value_date,
        1 as report_rank,
        _received_at,
        _document_id,
        _source_file,
        _source_line
    from {{ ref('stg_rede__sales') }}
),

credits as (
    select
        tenant_id,
        source,
        source_account,
        currency,
        is_instalment,
        payout_key,
        credit_key,
        paid_minor,
        due_minor,
        credit_key as reference,
        cast(null as {{ dbt.type_string() }}) as order_id,
        cast(null as {{ dbt.type_string() }}) as authorization_code,
        document_number as trace_reference,
        establishment as merchant_id,
        cast(null as {{ dbt.type_string() }}) as description,
        cast(launch_date as timestamp) as occurred_at,
        launch_date as business_date,
        launch_date as value_date,
        1 as report_rank,
        _received_at,
        _document_id,
        _source_file,
        _source_line
    from {{ ref('stg_rede__credits') }}
),

{{ rede_adjustment_rows() }}

{{ card_events('sales', [
    {'event': 'charge', 'id': 'sale_id', 'amount': 'gross_minor', 'fee': 'fee_minor',
     'payout': 'case when not is_instalment then summary_key end'},
    {'event': 'receivable', 'id': 'sale_id', 'amount': '-net_minor', 'only': 'is_instalment'},
]) }}
union all
{{ card_events('credits', [
    {'event': 'receivable_paid', 'id': 'credit_key', 'amount': 'due_minor', 'payout': 'payout_key', 'only': 'is_instalment'},
    {'event': 'anticipation_cost', 'id': 'credit_key', 'amount': '(paid_minor - due_minor)', 'payout': 'payout_key'},
    {'event': 'payout', 'id': 'credit_key', 'amount': '-paid_minor', 'payout': 'payout_key'},
]) }}
union all
{{ card_events('adjustments', [
    {'event': 'adjustment', 'native_type': 'native_type', 'id': 'launch_id', 'amount': 'amount_minor', 'payout': 'payout_key'},
    {'event': 'unscheduled', 'id': 'launch_id', 'amount': '-amount_minor', 'only': 'is_unscheduled'},
    {'event': 'payout_of_adjustment', 'native_type': "'payout'", 'id': 'payout_key', 'amount': '-amount_minor', 'payout': 'payout_key',
     'day': 'value_date', 'only': "record_type in ('038', '043')"},
]) }}
