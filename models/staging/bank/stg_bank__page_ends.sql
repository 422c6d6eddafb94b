with

balances as (
    select * from {{ ref('stg_bank__balances') }}
),

-- A page that goes on elsewhere opens or closes with an interim balance; a statement may open with the last one's closing.
ranked as (
    select
        *,
        row_number() over (
            partition by _document_id, source_account, statement_id, page_number, currency
            order by case balance_type when 'OPBD' then 1 when 'PRCD' then 2 when 'ITBD' then 3 else 4 end, balance_index
        ) as opening_place,
        row_number() over (
            partition by _document_id, source_account, statement_id, page_number, currency
            order by case balance_type when 'CLBD' then 1 when 'ITBD' then 2 else 3 end, balance_index desc
        ) as closing_place,
        count(*) over (partition by _document_id, source_account, statement_id, page_number, currency) as booked_balances
    from balances
    where balance_type in ('OPBD', 'PRCD', 'ITBD', 'CLBD')
)

select
    _document_id,
    tenant_id,
    source_account,
    statement_id,
    page_number,
    currency,
    max(case when opening_place = 1 and balance_type != 'CLBD' and booked_balances > 1 then amount_minor end)
        as opening_minor,
    max(case when opening_place = 1 and balance_type != 'CLBD' and booked_balances > 1 then balance_date end)
        as opening_date,
    max(case when closing_place = 1 and balance_type in ('CLBD', 'ITBD') then amount_minor end) as closing_minor,
    max(case when closing_place = 1 and balance_type in ('CLBD', 'ITBD') then balance_date end) as closing_date
from ranked
group by _document_id, tenant_id, source_account, statement_id, page_number, currency
