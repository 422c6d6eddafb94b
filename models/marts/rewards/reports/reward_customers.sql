with customers as (
    select * from {{ ref('int_rewards__customers') }}
),

rules as (
    select * from {{ ref('int_rewards__group_rules') }}
),

-- A postcode is cut once for each length that rules ask, so that every join is on equal values.
prefix_lengths as (
    select
        tenant_id,
        prefix_length
    from rules
    where postcode_prefix is not null
    group by tenant_id, prefix_length
),

prefixes as (
    select
        customers.tenant_id,
        customers.customer_id,
        substr(customers.postcode, 1, prefix_lengths.prefix_length) as postcode_prefix
    from customers
    inner join prefix_lengths on customers.tenant_id = prefix_lengths.tenant_id
    where length(customers.postcode) >= prefix_lengths.prefix_length
),

candidates as (
    select customers.tenant_id, customers.customer_id, rules.rule_id
    from customers
    inner join rules on customers.tenant_id = rules.tenant_id and customers.customer_id = rules.customer_id
    union all
    select prefixes.tenant_id, prefixes.customer_id, rules.rule_id
    from prefixes
    inner join rules on prefixes.tenant_id = rules.tenant_id and prefixes.postcode_prefix = rules.postcode_prefix
    union all
    select customers.tenant_id, customers.customer_id, rules.rule_id
    from customers
    inner join rules on customers.tenant_id = rules.tenant_id
    where rules.customer_id is null and rules.postcode_prefix is null
),

ranked as (
    select
        candidates.tenant_id,
        candidates.customer_id,
        rules.rule_id,
        rules.customer_group,
        rules.name,
        rules.company,
        rules.cost_center,
        rules.region,
        row_number() over (
            partition by candidates.tenant_id, candidates.customer_id
            order by rules.priority, rules.prefix_length desc, {{ bytewise('rules.rule_id') }}
        ) as place
    from candidates
    inner join rules on candidates.tenant_id = rules.tenant_id and candidates.rule_id = rules.rule_id
),

chosen as (
    select * from ranked where place = 1
)

select
    {{ key_hash('rcu', ['customers.tenant_id', 'customers.customer_id']) }} as reward_customer_id,
    customers.tenant_id,
    customers.customer_id,
    coalesce(chosen.customer_group, '(none)') as customer_group,
    coalesce(chosen.name, 'No group') as group_name,
    coalesce(chosen.company, '(none)') as company,
    coalesce(chosen.cost_center, '(none)') as cost_center,
    coalesce(chosen.region, '(none)') as region,
    chosen.rule_id as group_rule_id,
    customers.postcode as billing_postcode,
    customers.is_in_customers
from customers
left join chosen on customers.tenant_id = chosen.tenant_id and customers.customer_id = chosen.customer_id
