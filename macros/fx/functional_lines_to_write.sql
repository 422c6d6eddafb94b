{# The lines that bring the books in one currency to what rates, matches and balances are worth now. An open month gets its own lines: those
   that changed are taken back and written as they are. What a closed month would be otherwise goes to the first open one after it, in
   entries of kind `adjustment`, one an entry of the closed month. `written` is the relation of lines written before, or none; `condition`
   limits both sides, so that a build that has nothing to compare reads nothing.
   A tenant's first build writes every month as it is, closed or not. A tenant of whom nothing is posted has lost its ledger, or waits for
   its rates: it keeps what was written. #}
{% macro functional_lines_to_write(written, condition) -%}
{% set same = 'line_key, tenant_id, functional_currency, transaction_currency, ledger_line_id, entry_id' -%}
with posted as (
    select * from {{ ref('int_fx__posted') }} where {{ condition }}
),

{% if written -%}
tenants as (
    select tenant_id as whose, functional_currency as kept_in
    from posted
    group by tenant_id, functional_currency
),

written as (
    select kept.*
    from {{ written }} as kept
    inner join tenants on kept.tenant_id = tenants.whose and kept.functional_currency = tenants.kept_in
    where kept.recorded_at <= {{ as_of() }}
),

binding as (
    select tenant_id as bound, closed_until, books_into
    from {{ ref('int_fx__closed_months') }}
    where tenant_id in (select tenant_id from written)
),
{%- else -%}
binding as (
    select tenant_id as bound, closed_until, books_into from {{ ref('int_fx__closed_months') }} where 1 = 0
),
{%- endif %}

compared as (
    select
        functional_entry_id as origin_entry_id, {{ same }}, line_kind, posted_on, posting_period, posted_to as account_code, settlement_id,
        rate, rate_published_on, amount_minor, 0 as sequence
    from posted
    {%- if written %}
    union all
    select
        origin_entry_id, {{ same }}, line_kind, posted_on, posting_period, account_code, settlement_id,
        rate, rate_published_on, -amount_minor as amount_minor, sequence
    from written
    {%- endif %}
),

placed as (
    select
        compared.*,
        case when bound is null then line_kind else 'adjustment' end as placed_kind,
        coalesce(books_into, posting_period) as placed_in,
        -- an adjustment is about what a line is worth, at whatever rate, of whatever day
        coalesce(books_into, posted_on) as placed_on,
        case when bound is null then rate end as placed_rate,
        case when bound is null then rate_published_on end as placed_rate_of
    from compared
    left join binding on compared.tenant_id = binding.bound and compared.posting_period <= binding.closed_until
),

differing as (
    select
        origin_entry_id, {{ same }}, account_code,
        min(settlement_id) as settlement_id,
        placed_kind as line_kind,
        placed_on as posted_on,
        placed_in as posting_period,
        placed_rate as rate,
        placed_rate_of as rate_published_on,
        sum(amount_minor) as amount_minor,
        max(sequence) + 1 as sequence
    from placed
    group by origin_entry_id, {{ same }}, account_code, placed_kind, placed_on, placed_in, placed_rate, placed_rate_of
    having sum(amount_minor) != 0
)

select
    case
        when line_kind = 'adjustment' then {{ key_hash('fen', ["'adjustment'", 'origin_entry_id', 'posting_period']) }}
        else origin_entry_id
    end as functional_entry_id,
    origin_entry_id, {{ same }}, account_code, settlement_id, line_kind,
    cast(posted_on as date) as posted_on,
    cast(posting_period as date) as posting_period,
    cast(rate as decimal(20, 12)) as rate,
    cast(rate_published_on as date) as rate_published_on,
    cast(amount_minor as {{ dbt.type_bigint() }}) as amount_minor,
    cast(sequence as integer) as sequence,
    {{ as_of() }} as recorded_at
from differing
{%- endmacro %}
