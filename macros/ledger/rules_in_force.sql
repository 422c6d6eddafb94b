{# Which rule applies to whom and when: from each day on which a row of posting_rules begins, the tenant's own rows before the common ones,
   and of those the newest that has begun. A macro, so that the legs are tested against the seed as it is. #}
{% macro rules_in_force() -%}
with documents as (
    select * from {{ source('ops', 'documents') }}
),

posting_rules as (
    select * from {{ ref('posting_rules') }}
),

tenants as (
    select tenant_id
    from documents
    group by tenant_id
),

-- A version of a rule: the rows that begin on one day.
versions as (
    select
        tenants.tenant_id,
        posting_rules.tenant_id as whose,
        posting_rules.party,
        posting_rules.event_type,
        posting_rules.valid_from as begins_on
    from tenants
    inner join posting_rules on posting_rules.tenant_id in ('*', tenants.tenant_id)
    group by tenants.tenant_id, posting_rules.tenant_id, posting_rules.party, posting_rules.event_type, posting_rules.valid_from
),

days as (
    select
        tenant_id,
        party,
        event_type,
        begins_on as valid_from,
        lead(begins_on) over (partition by tenant_id, party, event_type order by begins_on) as valid_to
    from versions
    group by tenant_id, party, event_type, begins_on
),

ranked as (
    select
        days.*,
        versions.whose,
        versions.begins_on,
        row_number() over (
            partition by days.tenant_id, days.party, days.event_type, days.valid_from
            order by case when versions.whose = '*' then 2 else 1 end, versions.begins_on desc
        ) as place
    from days
    inner join versions
        on
            days.tenant_id = versions.tenant_id
            and days.party = versions.party
            and days.event_type = versions.event_type
            and versions.begins_on <= days.valid_from
)

select
    cast(ranked.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    ranked.valid_from,
    coalesce(ranked.valid_to, cast('9999-12-31' as date)) as valid_to,
    posting_rules.posting_rule_id,
    posting_rules.party,
    posting_rules.event_type,
    posting_rules.leg,
    posting_rules.account_code,
    posting_rules.account_type,
    posting_rules.basis,
    posting_rules.factor,
    posting_rules.memo
from ranked
inner join posting_rules
    on
        ranked.whose = posting_rules.tenant_id
        and ranked.party = posting_rules.party
        and ranked.event_type = posting_rules.event_type
        and ranked.begins_on = posting_rules.valid_from
where ranked.place = 1
{%- endmacro %}
