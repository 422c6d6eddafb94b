with rules as (
    select * from {{ ref('reward_group_rules') }}
),

groups as (
    select * from {{ ref('reward_groups') }}
),

documents as (
    select * from {{ ref('stg_documents__register') }}
),

tenants as (
    select tenant_id from documents group by tenant_id
),

-- Each tenant has its own rules and those of every tenant; of a group told for both, its own words.
of_tenants as (
    select
        tenants.tenant_id,
        rules.rule_id,
        rules.priority,
        rules.customer_id,
        {{ ascii_upper("replace(rules.postcode_prefix, ' ', '')") }} as postcode_prefix,
        rules.customer_group
    from tenants
    inner join rules on rules.tenant_id in ('*', tenants.tenant_id)
),

worded as (
    select
        of_tenants.*,
        groups.name,
        groups.company,
        groups.cost_center,
        groups.region,
        row_number() over (
            partition by of_tenants.tenant_id, of_tenants.rule_id
            order by case when groups.tenant_id = of_tenants.tenant_id then 0 else 1 end
        ) as place
    from of_tenants
    inner join groups on of_tenants.customer_group = groups.customer_group and groups.tenant_id in ('*', of_tenants.tenant_id)
)

select
    tenant_id,
    rule_id,
    priority,
    customer_id,
    postcode_prefix,
    cast(coalesce(length(postcode_prefix), 0) as integer) as prefix_length,
    customer_group,
    name,
    company,
    cost_center,
    region
from worded
where place = 1
