-- Opening balance, activity and payouts are the closing balance, which the next month opens with.
{{ config(meta={'dagster': {'ref': {'name': 'balance_summaries'}}}) }}

with months as (
    select
        tenant_id, source, source_account, currency, period,
        sum(case when section = 'opening' then net_minor else 0 end) as opening_minor,
        sum(case when section in ('activity', 'payouts') then net_minor else 0 end) as moved_minor,
        sum(case when section = 'closing' then net_minor else 0 end) as closing_minor
    from {{ ref('balance_summaries') }}
    group by tenant_id, source, source_account, currency, period
),

followed as (
    select
        months.*,
        lag(closing_minor) over (partition by tenant_id, source, source_account, currency order by period) as closed_minor
    from months
)

select *
from followed
where opening_minor + moved_minor != closing_minor or opening_minor != coalesce(closed_minor, 0)
