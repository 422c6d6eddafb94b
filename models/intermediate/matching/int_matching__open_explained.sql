with open_items as (
    select * from {{ ref('int_matching__open') }}
),

transactions as (
    select * from {{ ref('transactions') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

rivals as (
    select * from {{ ref('int_matching__rivals') }}
),

related as (
    select
        transactions.transaction_id,
        transactions.native_id,
        {{ amount_text('transactions.amount_minor', 'currencies.exponent', 'transactions.currency') }} as amount_text
    from transactions
    inner join currencies on transactions.currency = currencies.currency
)

select
    open_items.*,
    coalesce(rivals.rivals, open_items.known_rivals) as rivals,
    case open_items.reason_code
        when 'key_conflict' then 'The same id was reported with other money facts; neither row is matched.'
        when 'unknown_event_type' then 'Nobody said what kind of event this is; see the words of its manifest, or the seed event_types.'
        when 'excluded_by_rule' then 'The seed reconciliation_scopes leaves it out.'
        when 'rivals'
            then
                'Under ' || rivals.rule_id || coalesce(' key ' || rivals.key_text, '') || ' stand on the other side: ' || rivals.labels
                || '. Nothing tells which is the one.'
        when 'returned' then 'Came back as ' || related.native_id || ' (' || related.amount_text || ') before the bank saw it.'
        when 'failed'
            then 'It is ' || open_items.status || ' at the ' || open_items.side || ' and unknown to the other side: nothing is due.'
        when 'duplicate' then 'A second row for ' || related.native_id || ' (' || related.amount_text || ') from the same side.'
        when 'conflict_opposite'
            then
                'The other side has the same id, in a row that another row contradicts: '
                || related.native_id || ' (' || related.amount_text || ').'
        when 'other_currency'
            then
                'The other side has the same id in another currency: '
                || related.native_id || ' (' || related.amount_text || ').'
        when 'pending'
            then
                'Pending; the counterpart is waited for until '
                || cast(open_items.expected_by as {{ dbt.type_string() }}) || '.'
        when 'not_due' then 'The counterpart is due by ' || cast(open_items.expected_by as {{ dbt.type_string() }}) || '.'
        else
            'No counterpart was reported' || coalesce(' by ' || cast(open_items.expected_by as {{ dbt.type_string() }}), '')
            || coalesce('; a person decided on it (' || open_items.decided_by || ': ' || open_items.decided_because || ')', '')
            || '.'
    end as reason
from open_items
left join rivals
    on open_items.reconciliation = rivals.reconciliation and open_items.transaction_id = rivals.transaction_id
left join related on open_items.related_transaction_id = related.transaction_id
