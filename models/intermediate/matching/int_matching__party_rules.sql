-- One rule for each step of each pass: a tenant's own before a processor's own, before the common one.
with scopes as (
    select * from {{ ref('int_matching__scopes') }}
),

rules as (
    select * from {{ ref('int_matching__rules') }}
),

parties as (
    select
        reconciliation,
        tenant_id,
        processor
    from scopes
    group by reconciliation, tenant_id, processor
),

ranked as (
    select
        parties.tenant_id as for_tenant_id,
        parties.processor as for_processor,
        rules.*,
        row_number() over (
            partition by parties.reconciliation, parties.tenant_id, parties.processor, rules.pass, rules.step
            order by
                case rules.tenant_id when '*' then 1 else 0 end,
                case rules.processor when '*' then 1 else 0 end,
                {{ bytewise('rules.rule_id') }}
        ) as place
    from parties
    inner join rules
        on
            parties.reconciliation = rules.reconciliation
            and rules.tenant_id in ('*', parties.tenant_id)
            and rules.processor in ('*', parties.processor)
)

select * from ranked where place = 1
