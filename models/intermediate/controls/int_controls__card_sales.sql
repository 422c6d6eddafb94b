-- The card fact, stage by stage, against the lines of the files, read by nobody but this page. A sale reported several times
-- counts as often in the files as the fact says it was reported. Rede's payments name no sales, so only forecasts compare.
with current_documents as (
    select * from {{ ref('stg_documents__current') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

cielo_kinds as (
    select _document_id, min(file_type) as file_type
    from {{ source('cielo', 'cielo_files') }}
    group by _document_id
),

landed as (
    select
        _document_id,
        case launch_type when '0' then 'forecast' when '1' then 'settled' else 'anticipated' end as stage,
        {{ hundredths_major('case when cast(instalments as integer) > 1 then instalment_gross_amount else gross_amount end') }}
        * case when debit_flag is null then 1 else -1 end as amount
    from {{ source('unica', 'unica_sales') }}
    union all
    select
        details._document_id,
        case cielo_kinds.file_type when '03' then 'forecast' else 'settled' end as stage,
        {{ hundredths_major('details.gross_amount') }} as amount
    from {{ source('cielo', 'cielo_details') }} as details
    inner join cielo_kinds on details._document_id = cielo_kinds._document_id and cielo_kinds.file_type in ('03', '04')
    where details.launch_type in ('01', '02', '03', '42')
    union all
    select _document_id, 'settled' as stage, {{ hundredths_major('gross_amount') }} as amount
    from {{ source('cielo', 'cielo_pix') }}
    where cast(gross_amount as decimal(18, 0)) > 0
    union all
    select
        _document_id,
        'forecast' as stage,
        {{ hundredths_major('net_amount') }} + {{ hundredths_major('discount_amount') }} as amount
    from {{ source('rede', 'rede_sales') }}
),

figures as (
    select
        current_documents.tenant_id,
        current_documents.source || ' ' || landed.stage as scope,
        current_documents.currency,
        landed.amount * currencies.minor_unit_factor as expected,
        0 as found
    from landed
    inner join current_documents on landed._document_id = current_documents.document_id
    left join currencies on current_documents.currency = currencies.currency
    union all
    select tenant_id, acquirer || ' ' || stage as scope, currency, 0 as expected, gross_minor * times_reported as found
    from {{ ref('card_sales') }}
    where acquirer != 'rede' or stage = 'forecast'
)

select
    'card_sales' as control,
    tenant_id,
    scope,
    'amount' as measure,
    currency,
    cast(sum(expected) as decimal(28, 4)) as expected,
    cast(sum(found) as decimal(28, 4)) as found
from figures
group by tenant_id, scope, currency
