-- One break per id, told from its first row; what the others say is in the explanation.
with transactions as (
    select * from {{ ref('transactions') }} where has_conflict
),

open_items as (
    select * from {{ ref('open_items') }} where reason_code = 'key_conflict'
),

currencies as (
    select * from {{ ref('currencies') }}
),

scopes as (
    select
        transaction_id,
        min(reconciliation) as reconciliation
    from open_items
    group by transaction_id
),

rows_of_one_id as (
    select
        transactions.*,
        row_number() over (
            partition by
                transactions.tenant_id, transactions.source, transactions.source_account, transactions.native_id
            order by transactions.occurred_at, transactions.transaction_id
        ) as place,
        {{ amount_text('transactions.amount_minor', 'currencies.exponent', 'transactions.currency') }}
        || ' fee ' || {{ amount_text('coalesce(transactions.fee_minor, 0)', 'currencies.exponent', 'transactions.currency') }}
        || ' in ' || transactions._source_file || ' line ' || cast(transactions._source_line as {{ dbt.type_string() }})
            as story
    from transactions
    inner join currencies on transactions.currency = currencies.currency
),

conflicts as (
    select
        tenant_id,
        source,
        source_account,
        native_id,
        max(case when place = 2 then transaction_id end) as counterpart_transaction_id,
        max(case when place = 2 then amount_minor end) as second_amount_minor,
        max(abs(amount_minor)) as amount_at_risk_minor,
        {{ dbt.listagg('story', "'; '", 'order by place') }} as stories
    from rows_of_one_id
    group by tenant_id, source, source_account, native_id
),

told as (
    select
        rows_of_one_id.*,
        scopes.reconciliation,
        cast(null as {{ dbt.type_string() }}) as match_id,
        conflicts.counterpart_transaction_id,
        conflicts.second_amount_minor,
        conflicts.amount_at_risk_minor,
        conflicts.stories
    from rows_of_one_id
    inner join conflicts
        on
            rows_of_one_id.tenant_id = conflicts.tenant_id
            and rows_of_one_id.source = conflicts.source
            and coalesce(rows_of_one_id.source_account, '') = coalesce(conflicts.source_account, '')
            and rows_of_one_id.native_id = conflicts.native_id
    left join scopes on rows_of_one_id.transaction_id = scopes.transaction_id
    where rows_of_one_id.place = 1
)

select
    'key_conflict' as kind,
    {{ break_identity() }},
    amount_minor as expected_minor,
    second_amount_minor as found_minor,
    amount_at_risk_minor,
    business_date as first_seen_on,
    'Reported with different facts: ' || stories || '.' as explanation
from told
