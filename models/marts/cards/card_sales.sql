with

lines as (
    select * from {{ ref('int_cards__sale_lines') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

channels as (
    select * from {{ ref('card_channels') }}
),

ranked as (
    select
        lines.*,
        count(*) over (partition by card_sale_id) as times_reported,
        row_number() over (
            partition by card_sale_id
            order by _received_at desc nulls last, _document_id desc, _source_line desc
        ) as place
    from lines
),

sales as (
    select * from ranked where place = 1
)

select
    -- keys
    cast(sales.card_sale_id as {{ dbt.type_string() }}) as card_sale_id,
    cast(sales.sale_key as {{ dbt.type_string() }}) as sale_key,
    cast(sales.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(sales.source as {{ dbt.type_string() }}) as acquirer,
    cast(sales.source_account as {{ dbt.type_string() }}) as source_account,
    cast(sales.sale_id as {{ dbt.type_string() }}) as sale_id,
    cast(sales.instalment as integer) as instalment,
    cast(sales.instalments as integer) as instalments,
    cast(sales.stage as {{ dbt.type_string() }}) as stage,

    -- dimensions
    cast({{ card_store_id('sales') }} as {{ dbt.type_string() }}) as store_id,
    cast({{ card_product_id('sales') }} as {{ dbt.type_string() }}) as product_id,
    cast({{ card_payment_method_id('sales') }} as {{ dbt.type_string() }}) as payment_method_id,
    cast(sales.sale_date as date) as sale_date,
    cast(sales.due_date as date) as due_date,
    cast(sales.settlement_date as date) as settlement_date,

    -- money
    {% for name in ['gross', 'commission', 'net', 'anticipation_cost'] %}
        cast(sales.{{ name }}_minor as bigint) as {{ name }}_minor,
        {{ major_units('sales.' ~ name ~ '_minor', 'currencies.exponent') }} as {{ name }},
    {% endfor %}
    cast(sales.currency as {{ dbt.type_string() }}) as currency,
    cast(sales.stated_rate as decimal(9, 3)) as stated_rate,
    cast({{ share_of('abs(sales.commission_minor)', 'abs(sales.gross_minor)') }} * 100 as decimal(12, 4)) as effective_rate,

    -- what identifies the sale at the till
    cast(sales.occurred_at as timestamp) as occurred_at,
    cast(sales.nsu as {{ dbt.type_string() }}) as nsu,
    cast(sales.authorization_code as {{ dbt.type_string() }}) as authorization_code,
    cast(sales.terminal as {{ dbt.type_string() }}) as terminal,
    cast(sales.channel_code as {{ dbt.type_string() }}) as channel_code,
    cast(channels.name as {{ dbt.type_string() }}) as channel,
    cast(sales.card_bin as {{ dbt.type_string() }}) as card_bin,
    cast(sales.card_last_four as {{ dbt.type_string() }}) as card_last_four,
    cast(sales.order_id as {{ dbt.type_string() }}) as order_id,
    cast(sales.payout_id as {{ dbt.type_string() }}) as payout_id,

    -- state and origin
    cast(sales.times_reported as integer) as times_reported,
    cast(sales.has_conflict as boolean) as has_conflict,
    cast(sales._document_id as {{ dbt.type_string() }}) as _document_id,
    cast(sales._source_file as {{ dbt.type_string() }}) as _source_file,
    cast(sales._source_line as bigint) as _source_line
from sales
left join currencies on sales.currency = currencies.currency
left join channels on sales.source = channels.source and sales.channel_code = channels.channel_code
