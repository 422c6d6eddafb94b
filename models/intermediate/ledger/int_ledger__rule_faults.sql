-- What is wrong with the posting rules and the chart, in words that name the rule. A build with a row here posts nothing.
with rules as (
    select * from {{ ref('int_ledger__rules_in_force') }}
),

accounts as (
    select * from {{ ref('int_ledger__accounts') }}
),

account_roles as (
    select * from {{ ref('account_roles') }}
),

legs as (
    select * from {{ ref('int_ledger__legs') }}
),

unruled as (
    select * from {{ ref('int_ledger__unruled_events') }}
),

one_sided as (
    select * from {{ ref('int_ledger__one_sided') }}
),

names as (
    select tenant_id, min(posting_rule_id) as posting_rule_id
    from rules
    group by tenant_id, party, event_type, valid_from
    having count(distinct posting_rule_id) > 1
),

charted as (
    select
        rules.*,
        accounts.account_code is not null as is_known,
        accounts.account_type as charted_type,
        accounts.role,
        account_roles.role is not null as is_fit
    from rules
    left join accounts on rules.tenant_id = accounts.tenant_id and rules.account_code = accounts.account_code
    left join account_roles on accounts.role = account_roles.role and accounts.account_type = account_roles.account_type
),

restricted as (
    select
        legs.tenant_id, legs.posting_rule_id, legs.account_code, legs.currency, accounts.currency as only_currency,
        min(legs.transaction_id) as transaction_id
    from legs
    inner join accounts on legs.tenant_id = accounts.tenant_id and legs.account_code = accounts.account_code
    where accounts.currency is not null and accounts.currency != legs.currency
    group by legs.tenant_id, legs.posting_rule_id, legs.account_code, legs.currency, accounts.currency
),

faults as (
    select fault, tenant_id, posting_rule_id, what
    from one_sided
    union all
    select 'two_names' as fault, tenant_id, posting_rule_id, 'other legs of the same event have another posting_rule_id' as what
    from names
    union all
    select 'unknown_account' as fault, tenant_id, posting_rule_id, 'account ' || account_code || ' is not in the chart' as what
    from charted
    where not is_known
    union all
    select
        'wrong_account_type' as fault, tenant_id, posting_rule_id, 'it takes account ' || account_code || ' to be of type '
        || coalesce(account_type, '(none)') || ', the chart says ' || charted_type as what
    from charted
    where is_known and account_type is distinct from charted_type
    union all
    select
        'unfit_role' as fault, tenant_id, posting_rule_id,
        'account ' || account_code || ' is of type ' || charted_type || ', which its role ' || role || ' does not allow' as what
    from charted
    where role is not null and not is_fit
    union all
    select
        'wrong_currency' as fault, tenant_id, posting_rule_id,
        'account ' || account_code || ' takes only ' || only_currency || ', transaction ' || transaction_id || ' is in ' || currency as what
    from restricted
    union all
    select 'missing_rule' as fault, tenant_id, party || '_' || event_type as posting_rule_id, what
    from unruled
)

select
    fault, tenant_id, posting_rule_id,
    'posting rule ' || posting_rule_id || ' (tenant ' || tenant_id || '): ' || what as message
from faults
group by fault, tenant_id, posting_rule_id, what
