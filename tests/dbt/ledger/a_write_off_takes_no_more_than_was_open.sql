-- When it was decided: of the item's lines those that had happened by its day and were in the books when it was booked, less the decisions
-- before it. Money that came later is not asked here; of that nothing_is_written_off_beyond_what_was_open warns.
{{ config(meta={'dagster': {'ref': {'name': 'account_lines'}}}, group='ledger') }}

with item_lines as (
    select
        lines.ledger_line_id, lines.tenant_id, lines.account_code, lines.currency, lines.item_id, lines.posted_on, lines.recorded_at,
        lines.amount_minor, entries.transaction_id
    from {{ ref('account_lines') }} as lines
    inner join {{ ref('ledger_entries') }} as entries on lines.ledger_line_id = entries.ledger_line_id
    where lines.item_id is not null
),

decisions as (
    select
        write_offs.write_off_id,
        {{ key_hash('wof', ['write_offs.tenant_id', 'write_offs.write_off_id']) }} as transaction_id,
        write_offs.written_off_on,
        write_offs.amount_minor as asked_minor
    from {{ ref('write_offs') }} as write_offs
),

-- The account it takes from: where the amount stood, its line has the other sign.
taken as (
    select
        item_lines.tenant_id,
        item_lines.account_code,
        item_lines.currency,
        item_lines.item_id,
        decisions.write_off_id,
        decisions.written_off_on,
        -sum(item_lines.amount_minor) as written_off_minor,
        max(item_lines.recorded_at) as recorded_at
    from decisions
    inner join item_lines on decisions.transaction_id = item_lines.transaction_id
    group by
        item_lines.tenant_id, item_lines.account_code, item_lines.currency, item_lines.item_id, decisions.write_off_id,
        decisions.written_off_on, decisions.asked_minor
    having
        (sum(item_lines.amount_minor) < 0 and decisions.asked_minor > 0)
        or (sum(item_lines.amount_minor) > 0 and decisions.asked_minor < 0)
),

before as (
    select
        *,
        coalesce(sum(written_off_minor) over (
            partition by tenant_id, account_code, currency, item_id order by written_off_on, {{ bytewise('write_off_id') }}
            rows between unbounded preceding and 1 preceding
        ), 0) as written_off_before_minor
    from taken
),

known as (
    select
        taken.write_off_id,
        taken.tenant_id,
        taken.account_code,
        taken.currency,
        taken.item_id,
        sum(item_lines.amount_minor) as known_minor
    from taken
    inner join item_lines
        on
            taken.tenant_id = item_lines.tenant_id
            and taken.account_code = item_lines.account_code
            and taken.currency = item_lines.currency
            and taken.item_id = item_lines.item_id
            and taken.written_off_on >= item_lines.posted_on
            and taken.recorded_at >= item_lines.recorded_at
    where not {{ is_write_off('item_lines.transaction_id') }}
    group by taken.write_off_id, taken.tenant_id, taken.account_code, taken.currency, taken.item_id
),

judged as (
    select
        before.*,
        coalesce(known.known_minor, 0) - before.written_off_before_minor as open_minor
    from before
    left join known
        on
            before.write_off_id = known.write_off_id
            and before.tenant_id = known.tenant_id
            and before.account_code = known.account_code
            and before.currency = known.currency
            and before.item_id = known.item_id
)

select *
from judged
where abs(written_off_minor) > abs(open_minor) or (written_off_minor > 0) != (open_minor > 0)
