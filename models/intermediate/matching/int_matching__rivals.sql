with decided as (
    select * from {{ ref('int_matching__rival_groups') }}
),

items as (
    select * from {{ ref('int_matching__unmatched') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

rivals as (
    select
        decided.*,
        items.native_id || ' ' || {{ amount_text('items.amount_minor', 'currencies.exponent', 'items.currency') }} as label,
        row_number() over (
            partition by decided.group_key, decided.stretch, decided.role
            order by items.business_date, items.occurred_at, items.transaction_id
        ) as place
    from decided
    inner join items
        on decided.reconciliation = items.reconciliation and decided.transaction_id = items.transaction_id
    inner join currencies on items.currency = currencies.currency
),

-- The first five by name: enough to choose from, and a group of thousands stays one line.
sides as (
    select
        group_key,
        stretch,
        role,
        count(*) as rivals,
        {{ dbt.listagg('case when place <= 5 then label end', "'; '", 'order by place') }} as labels
    from rivals
    group by group_key, stretch, role
)

select
    rivals.reconciliation,
    rivals.transaction_id,
    rivals.rule_id,
    rivals.key_text,
    cast(sides.rivals as integer) as rivals,
    sides.labels || case when sides.rivals > 5 then '; and more' else '' end as labels
from rivals
inner join sides
    on rivals.group_key = sides.group_key and rivals.stretch = sides.stretch and rivals.role != sides.role
