{# The lines that bring a journal to what the posting rules want: of a transaction whose lines are not what they should be (amount, account,
   currency, effective day, gone) the reversal of its standing entry and the new entry; of a new one its entry. An entry has an odd
   sequence, its reversal the even one after it. `journal` is the relation of the journal, or none before its first build; `condition`
   limits both sides, so that a build that has nothing to compare reads nothing.
   A tenant's first build books every month as it was; from then on what a closed month lacks goes to the first open one after it. #}
{% macro journal_lines_to_write(journal, condition) -%}
with legs as (
    select * from {{ ref('int_ledger__legs') }} where {{ condition }}
),

closed_months as (
    select * from {{ ref('int_ledger__closed_months') }}
),

{% if journal -%}
journal as (
    select * from {{ journal }} where recorded_at <= {{ as_of() }} and {{ condition }}
),

began as (
    select tenant_id
    from journal
    group by tenant_id
),

compared as (
    select transaction_id, tenant_id, currency, posted_on, account_code, amount_minor
    from legs
    union all
    select transaction_id, tenant_id, currency, posted_on, account_code, -amount_minor as amount_minor
    from journal
),

differing as (
    select transaction_id, tenant_id, currency, posted_on, account_code
    from compared
    group by transaction_id, tenant_id, currency, posted_on, account_code
    having sum(amount_minor) != 0
),

changed as (
    select transaction_id
    from differing
    group by transaction_id
),

last_sequences as (
    select
        journal.transaction_id,
        max(journal.sequence) as last_sequence
    from journal
    inner join changed on journal.transaction_id = changed.transaction_id
    group by journal.transaction_id
),

reversals as (
    select
        journal.transaction_id, journal.tenant_id, journal.currency, journal.posted_on, journal.event_type, journal.posting_rule_id,
        journal.leg, journal.account_code, journal.memo,
        -journal.amount_minor as amount_minor, journal.sequence + 1 as sequence, journal.entry_id as reverses_entry_id,
        journal.posting_period as not_before
    from journal
    inner join last_sequences
        on journal.transaction_id = last_sequences.transaction_id and journal.sequence = last_sequences.last_sequence
    where journal.entry_kind != 'reversal'
),

entries as (
    select
        legs.*,
        coalesce(last_sequences.last_sequence + 1 + last_sequences.last_sequence % 2, 1) as sequence,
        cast(null as {{ dbt.type_string() }}) as reverses_entry_id,
        cast({{ dbt.date_trunc('month', 'legs.posted_on') }} as date) as not_before
    from legs
    inner join changed on legs.transaction_id = changed.transaction_id
    left join last_sequences on legs.transaction_id = last_sequences.transaction_id
),
{%- else -%}
began as (
    select tenant_id from legs where 1 = 0
),

reversals as (
    select
        legs.*, 2 as sequence, cast(null as {{ dbt.type_string() }}) as reverses_entry_id, posted_on as not_before
    from legs
    where 1 = 0
),

entries as (
    select
        legs.*, 1 as sequence, cast(null as {{ dbt.type_string() }}) as reverses_entry_id,
        cast({{ dbt.date_trunc('month', 'posted_on') }} as date) as not_before
    from legs
),
{%- endif %}

lines as (
    select transaction_id, tenant_id, currency, posted_on, event_type, posting_rule_id, leg, account_code, memo, amount_minor, sequence,
        reverses_entry_id, not_before
    from entries
    union all
    select transaction_id, tenant_id, currency, posted_on, event_type, posting_rule_id, leg, account_code, memo, amount_minor, sequence,
        reverses_entry_id, not_before
    from reversals
),

binding_months as (
    select closed_months.* from closed_months inner join began on closed_months.tenant_id = began.tenant_id
)

select
    case
        when sequence = 1 then {{ key_hash('lin', ['transaction_id', 'posting_rule_id', 'leg']) }}
        else {{ key_hash('lin', ['transaction_id', 'posting_rule_id', 'leg', 'sequence']) }}
    end as ledger_line_id,
    case
        when sequence = 1 then {{ key_hash('ent', ['transaction_id', 'posting_rule_id']) }}
        else {{ key_hash('ent', ['transaction_id', 'posting_rule_id', 'sequence']) }}
    end as entry_id,
    lines.tenant_id,
    transaction_id,
    cast(sequence as integer) as sequence,
    case when sequence = 1 then 'original' when sequence % 2 = 0 then 'reversal' else 'correction' end as entry_kind,
    reverses_entry_id,
    posted_on,
    coalesce(binding_months.books_into, not_before) as posting_period,
    {{ as_of() }} as recorded_at,
    event_type,
    posting_rule_id,
    leg,
    account_code,
    memo,
    currency,
    amount_minor
from lines
left join binding_months
    on
        lines.tenant_id = binding_months.tenant_id
        and {{ of_rewards('lines.transaction_id') }} = binding_months.is_of_rewards
        and lines.not_before <= binding_months.closed_until
{%- endmacro %}
