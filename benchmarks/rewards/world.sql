-- N reward rows as a workbook tells them, oldest first. Variables: rows (how many), from_row, to_row, seed, odd (of a thousand customers, how many
-- have lots that expire out of order, so that their histories are played redemption by redemption).
-- A visit is two rows of one customer and order: something is earned, and in four of five visits something older is spent; else it expires or
-- goodwill is granted. Eight rows a customer on average, over three years. The same seed gives the same rows.
create or replace temp table world as
with numbered as (
    select
        range as place,
        range % 2 = 0 as is_first,
        cast(hash(range // 2, getvariable('seed'), 'who') >> 1 as bigint) % greatest(getvariable('rows') // 8, 1) as customer,
        cast(hash(range, getvariable('seed'), 'what') >> 1 as bigint) as dice,
        timestamp '2023-10-01 00:00:00' + to_microseconds(cast(range * (94608000000000 // getvariable('rows')) as bigint)) as moment
    from range(getvariable('from_row'), getvariable('to_row'))
),

drawn as (
    select
        *,
        case
            when is_first or dice % 100 < 7 then 'earned'
            when dice % 100 < 85 then 'spent'
            else 'expired'
        end as kind,
        case when is_first then 100 + (dice // 100) % 2000 else 50 + (dice // 100) % 1900 end as size_minor,
        case when customer % 1000 < getvariable('odd') then 20 + (dice // 7) % 700 else 365 end as days
    from numbered
)

select
    'T' || lpad(cast(place as varchar), 9, '0') as trans_id,
    kind as tctype,
    strftime(moment, '%Y-%m-%d %H:%M:%S.%f') as createdat,
    case when kind = 'earned' then strftime(moment + to_days(cast(days as integer)), '%Y-%m-%d') end as expiredat,
    'C' || customer as customerid,
    case when kind != 'expired' then 'O' || (place // 2) end as orderid,
    case when kind = 'earned' then '' else '-' end || cast(cast(size_minor * 0.01 as decimal(18, 2)) as varchar) as amount,
    case when kind = 'earned' and not is_first then 'goodwill' end as reason,
    place
from drawn;
