-- Rede pays summaries and not sales: a sale is settled when the summary it is in, or that instalment of it, is paid.
with

numbers as (
    {{ numbers_to(99) }}
),

due_dates as (
    select
        _document_id,
        establishment,
        summary_number,
        instalment,
        min(credit_date) as due_date
    from {{ ref('stg_rede__instalments') }}
    group by _document_id, establishment, summary_number, instalment
),

parts as (
    select
        sales.*,
        numbers.number as instalment,
        case when sales.is_instalment then due_dates.due_date else sales.due_date end as part_due_date,
        sales.summary_key || case when sales.is_instalment then '-' || cast(numbers.number as {{ dbt.type_string() }}) else '' end
            as payout_key,
        {{ even_part('sales.gross_minor', 'sales.instalments', 'numbers.number') }} as part_gross_minor,
        case
            when not sales.is_instalment then sales.net_minor
            when numbers.number = 1 then sales.first_net_minor
            else sales.other_net_minor
        end as part_net_minor
    from {{ ref('stg_rede__sales') }} as sales
    inner join numbers on sales.instalments >= numbers.number
    left join due_dates
        on sales._document_id = due_dates._document_id
            and sales.establishment = due_dates.establishment
            and sales.summary_number = due_dates.summary_number
            and numbers.number = due_dates.instalment
),

credits as (
    select
        tenant_id,
        source,
        source_account,
        payout_key,
        stage,
        min(launch_date) as launch_date
    from {{ ref('stg_rede__credits') }}
    group by tenant_id, source, source_account, payout_key, stage
),

staged as (
    select parts.*, 'forecast' as stage, cast(null as date) as launch_date
    from parts
    union all
    select parts.*, credits.stage, credits.launch_date
    from parts
    inner join credits
        on parts.tenant_id = credits.tenant_id
            and parts.source = credits.source
            and parts.source_account = credits.source_account
            and parts.payout_key = credits.payout_key
)

select
    tenant_id,
    source,
    source_account,
    sale_id,
    instalment,
    instalments,
    stage,
    establishment,
    cast(null as {{ dbt.type_string() }}) as store_document,
    brand_code,
    record_type as product_code,
    channel_code,
    nsu,
    authorization_code,
    terminal,
    substring(card_number, 1, 6) as card_bin,
    right(card_number, 4) as card_last_four,
    order_id,
    case when stage != 'forecast' then payout_key end as payout_id,
    part_gross_minor as gross_minor,
    part_gross_minor - part_net_minor as commission_minor,
    part_net_minor as net_minor,
    cast(0 as bigint) as anticipation_cost_minor,
    cast(null as decimal(9, 3)) as stated_rate,
    currency,
    occurred_at,
    business_date as sale_date,
    part_due_date as due_date,
    launch_date as settlement_date,
    _received_at,
    _document_id,
    _source_file,
    _source_line
from staged
