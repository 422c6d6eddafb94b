-- N events as the books and a processor wrote them down. Variables: events (how many), seed, from_event (files of a million events each),
-- kinds (1000; for pass 3 alone 18: only events that keys do not find) and first_kind (0; 965).
-- One thousand events: 920 carry the processor's id in the books, 40 the reference only (spelled otherwise), 5 an order's number, 18 neither
-- (a letter of the reference changed or the reference lost; amount, day and customer are right), 5 were captured in two parts, 12 are known to one
-- side only. One of two hundred has another amount at the processor.
create or replace temp table events as
with numbered as (
    select
        range as event,
        getvariable('first_kind') + cast(hash(range, getvariable('seed'), 'kind') >> 1 as bigint) % getvariable('kinds') as kind,
        cast(hash(range, getvariable('seed'), 'price') >> 1 as bigint) as dice,
        cast(hash(range, getvariable('seed'), 'moment') >> 1 as bigint) as clock,
        cast(hash(range, getvariable('seed'), 'party') >> 1 as bigint) as party
    from range(getvariable('from_event'), least(getvariable('events'), getvariable('from_event') + 1000000))
),

drawn as (
    select
        numbered.*,
        case
            when kind < 920 then 'exact'
            when kind < 960 then 'reference'
            when kind < 965 then 'order'
            when kind < 980 then 'typo'
            when kind < 983 then 'lost'
            when kind < 988 then 'captures'
            when kind < 994 then 'books_only'
            else 'processor_only'
        end as scenario,
        ['EUR', 'EUR', 'EUR', 'EUR', 'EUR', 'USD', 'USD', 'GBP', 'JPY', 'KWD'][1 + party % 10] as currency,
        ['stripe_like', 'stripe_like', 'stripe_like', 'north_pay', 'north_pay', 'card_house'][1 + (party // 10) % 6] as processor,
        'shop' || (party // 60) % 40 as merchant_id,
        'C' || lpad(cast((party // 2400) % greatest(50, getvariable('events') // 4) as varchar), 9, '0') as customer_id,
        case when (party // 7) % 100 < 94 then 'charge' else 'refund' end as event_type,
        cast(case
            when dice % 10 < 3 then [499, 999, 1499, 1999, 2499, 2999, 3999, 4900, 5999, 7999, 9900, 14900][1 + (dice // 10) % 12]
            else 150 + (dice // 10) % 90000
        end as bigint) as size_minor,
        timestamp '2026-09-01 00:00:00' + to_seconds(cast(clock % 5184000 as bigint)) as happened_at,
        to_seconds(cast((clock // 5184000) % 172800 as bigint)) as later,
        case
            when party % 3 < 2 then 'INV-2026-' || lpad(cast(event as varchar), 8, '0')
            else 'R' || upper(substring(md5(event || '/' || getvariable('seed')), 1, 9))
        end as reference
    from numbered
),

signed as (
    select
        drawn.*,
        case currency when 'JPY' then 0 when 'KWD' then 3 else 2 end as exponent,
        case when event_type = 'refund' then -1 else 1 end * size_minor as amount_minor,
        -- a letter in the middle is another one
        substring(reference, 1, 6) || chr(cast(65 + (ascii(substring(reference, 7, 1)) + 3) % 26 as integer)) || substring(reference, 8) as typo
    from drawn
)

select
    signed.*,
    case
        when dice % 200 = 7 and scenario = 'exact' then amount_minor + 100
        else amount_minor
    end as told_minor,
    size_minor * 3 // 10 as first_part
from signed;

create or replace temp macro as_text(minor, exponent) as
    case exponent
        when 0 then cast(minor as varchar)
        when 3 then cast(cast(minor * 0.001 as decimal(18, 3)) as varchar)
        else cast(cast(minor * 0.01 as decimal(18, 2)) as varchar)
    end;

create or replace temp view books as
select
    'B' || event as transaction_id,
    processor as processor_name,
    event_type,
    as_text(amount_minor, exponent) as amount,
    '0' as fee,
    currency,
    'settled' as status,
    merchant_id,
    customer_id,
    strftime(happened_at, '%Y-%m-%d %H:%M:%S') as transaction_date,
    reference as reference_number,
    'ORD' || event as order_id,
    case when scenario in ('exact', 'books_only') then 'ch_' || event end as processor_transaction_id,
    'order ' || event || ' of ' || merchant_id as description
from events
where scenario != 'processor_only';

create or replace temp view told as
with parts as (
    select events.*, 'ch_' || event as id, told_minor as part_minor
    from events
    where scenario not in ('captures', 'books_only')
    union all
    select events.*, 'ch_' || event || 'a' as id, case when event_type = 'refund' then -1 else 1 end * first_part as part_minor
    from events
    where scenario = 'captures'
    union all
    select events.*, 'ch_' || event || 'b' as id, told_minor - case when event_type = 'refund' then -1 else 1 end * first_part as part_minor
    from events
    where scenario = 'captures'
)

select
    id as transaction_id,
    processor as processor_name,
    event_type,
    'succeeded' as status,
    as_text(part_minor, exponent) as amount,
    '0' as fee,
    currency,
    strftime(happened_at + later, '%Y-%m-%d %H:%M:%S') as transaction_date,
    case scenario
        when 'typo' then typo
        when 'lost' then null
        when 'order' then null
        when 'reference' then lower(replace(reference, '-', ' '))
        else reference
    end as reference_number,
    case when scenario = 'order' then 'ord-' || event end as order_id,
    upper(substring(md5('code' || event), 1, 6)) as authorization_code,
    merchant_id,
    customer_id,
    'payment ' || event as description
from parts;
