-- Of the lines of the seed that speak of a party the most exact counts: tenant before source, account, processor and direction.
with parties as (
    select * from {{ ref('int_matching__parties') }}
),

scopes as (
    select * from {{ ref('reconciliation_scopes') }}
),

reconciliations as (
    select * from {{ ref('reconciliations') }}
),

ranked as (
    select
        parties.*,
        scopes.reconciliation,
        scopes.role,
        scopes.event_class,
        scopes.group_class,
        scopes.treatment,
        scopes.one_per_id,
        row_number() over (
            partition by
                scopes.reconciliation, parties.tenant_id, parties.source, parties.source_account, parties.processor,
                parties.side, parties.event_type, parties.money_direction
            order by
                case scopes.tenant_id when '*' then 1 else 0 end,
                case scopes.source when '*' then 1 else 0 end,
                case scopes.source_account when '*' then 1 else 0 end,
                case scopes.processor when '*' then 1 else 0 end,
                case scopes.direction when 'any' then 1 else 0 end,
                scopes.role
        ) as place
    from parties
    inner join scopes
        on
            parties.side = scopes.side
            and parties.event_type = scopes.event_type
            and scopes.tenant_id in ('*', parties.tenant_id)
            and scopes.source in ('*', parties.source)
            and scopes.source_account in ('*', parties.source_account)
            and scopes.processor in ('*', parties.processor)
            and (not scopes.needs_processor or parties.processor != '')
            and scopes.direction in ('any', case parties.money_direction when 1 then 'in' when -1 then 'out' else 'none' end)
)

select
    ranked.*,
    case ranked.role when 'left' then 1 else 0 end as left_one,
    case ranked.role when 'left' then reconciliations.left_sign else reconciliations.right_sign end as sign_factor,
    case ranked.role when 'left' then reconciliations.nets_returns else false end as nets_returns,
    coalesce(reconciliations.between_accounts, false) as between_accounts
from ranked
inner join reconciliations on ranked.reconciliation = reconciliations.reconciliation
where ranked.place = 1 and ranked.treatment != 'out'
