with decided as (
    select * from {{ ref('int_matching__rival_groups') }}
),

items as (
    select * from {{ ref('int_matching__unmatched') }}
),

named_rivals as (
    select * from {{ ref('int_matching__named_rivals') }}
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
),

by_key as (
    select
        rivals.reconciliation,
        rivals.transaction_id,
        rivals.rule_id,
        rivals.key_text,
        sides.rivals,
        sides.labels
    from rivals
    inner join sides
        on rivals.group_key = sides.group_key and rivals.stretch = sides.stretch and rivals.role != sides.role
),

labelled as (
    select
        named_rivals.*,
        items.native_id || ' ' || {{ amount_text('items.amount_minor', 'currencies.exponent', 'items.currency') }} as label
    from named_rivals
    inner join items
        on named_rivals.reconciliation = items.reconciliation and named_rivals.rival_transaction_id = items.transaction_id
    inner join currencies on items.currency = currencies.currency
),

by_name as (
    select
        reconciliation,
        transaction_id,
        min(rule_id) as rule_id,
        min(key_text) as key_text,
        count(*) as rivals,
        {{ dbt.listagg('case when place <= 5 then label end', "'; '", 'order by place') }} as labels
    from labelled
    group by reconciliation, transaction_id
),

together as (
    select * from by_key
    union all
    select * from by_name
)

select
    reconciliation,
    transaction_id,
    rule_id,
    key_text,
    cast(rivals as integer) as rivals,
    labels || case when rivals > 5 then '; and more' else '' end as labels
from together
