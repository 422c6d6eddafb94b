-- Money that no posting rule could place and nobody has explained. A row of an unknown kind is a break of its own, and so are rewards;
-- what two people decided later is no posting of the row's own: the break stays and is marked. The transaction says of what kind it is:
-- a line of the journal keeps the kind it was posted under.
with ledger_entries as (
    select * from {{ ref('ledger_entries') }}
),

-- As the chart of the tenant has them.
suspense_accounts as (
    select
        tenant_id,
        account_code
    from {{ ref('account_balances') }}
    where role = 'suspense'
    group by tenant_id, account_code
),

transactions as (
    select * from {{ ref('transactions') }} where event_type != 'unknown'
),

currencies as (
    select * from {{ ref('currencies') }}
),

posted as (
    select
        ledger_entries.transaction_id,
        -sum(ledger_entries.amount_minor) as moved_minor
    from ledger_entries
    inner join suspense_accounts
        on ledger_entries.tenant_id = suspense_accounts.tenant_id and ledger_entries.account_code = suspense_accounts.account_code
    group by ledger_entries.transaction_id
    having sum(ledger_entries.amount_minor) != 0
),

suspended as (
    select
        cast(null as {{ dbt.type_string() }}) as reconciliation,
        transactions.tenant_id,
        cast(null as {{ dbt.type_string() }}) as match_id,
        transactions.transaction_id,
        cast(null as {{ dbt.type_string() }}) as counterpart_transaction_id,
        transactions.source,
        transactions.native_id,
        transactions.processor,
        coalesce(transactions.reference, transactions.trace_reference) as reference,
        transactions.business_date,
        transactions.currency,
        transactions.event_type,
        transactions.description,
        transactions._document_id,
        transactions._source_file,
        transactions._source_line,
        posted.moved_minor,
        {{ amount_text('abs(posted.moved_minor)', 'currencies.exponent', 'transactions.currency') }} as moved
    from posted
    inner join transactions on posted.transaction_id = transactions.transaction_id
    inner join currencies on transactions.currency = currencies.currency
)

select
    'in_suspense' as kind,
    {{ break_identity() }},
    0 as expected_minor,
    moved_minor as found_minor,
    abs(moved_minor) as amount_at_risk_minor,
    business_date as first_seen_on,
    'A ' || event_type || ' of ' || moved || ' that no rule places' || coalesce(': ' || description, '') || '.' as explanation
from suspended
