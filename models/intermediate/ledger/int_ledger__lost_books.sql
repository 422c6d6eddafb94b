-- A month can be closed only after a build, so a tenant that has a closed month and not one line has lost its journal. To write it anew
-- from what landed would book closed months as they look today.
with closed_months as (
    select * from {{ ref('int_ledger__closed_months') }}
),

legs as (
    select * from {{ ref('int_ledger__legs') }}
),

journal as (
    select tenant_id
    from {{ journal_as_it_stands() }} as journal
    group by tenant_id
),

lost as (
    select closed_months.*
    from closed_months
    left join journal on closed_months.tenant_id = journal.tenant_id
    where journal.tenant_id is null and not {{ var('begin_books_anew', false) }}
),

rewritten as (
    select
        lost.tenant_id,
        max(lost.closed_until) as closed_until
    from lost
    inner join legs
        on
            lost.tenant_id = legs.tenant_id
            and {{ of_rewards('legs.transaction_id') }} = lost.is_of_rewards
            and lost.books_into > legs.posted_on
    group by lost.tenant_id
)

select
    tenant_id,
    'tenant ' || tenant_id || ': the journal has no line, yet ' || substring(cast(closed_until as {{ dbt.type_string() }}), 1, 7)
    || ' is closed (tieout close lists it). Restore intermediate.int_ledger__journal from a backup: built anew, closed months would be'
    || ' booked as they look today. If that is what you want, build once with begin_books_anew: true (docs/ledger.md#backup)' as message
from rewritten
