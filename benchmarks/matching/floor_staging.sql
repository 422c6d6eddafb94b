-- The files as typed rows: blanks cut, codes in one case and mapped, times in UTC and days in the reporter's zone, money in minor units, one row an id.
-- Variables: books, told (patterns of files), books_zone, told_zone.
create table currencies as
select * from (values ('EUR', 2, 100), ('USD', 2, 100), ('GBP', 2, 100), ('JPY', 0, 1), ('KWD', 3, 1000)) as t (currency, exponent, factor);

create table statuses as
select * from (values ('settled', 'settled'), ('succeeded', 'settled'), ('pending', 'pending'), ('failed', 'failed')) as t (native_status, status);

create or replace temp macro clean(text) as nullif(trim(text, ' '), '');
create or replace temp macro match_key(text) as
    nullif(translate(
        case when strlen(text) = length(text) then text else nfc_normalize(text) end,
        'abcdefghijklmnopqrstuvwxyz -_./:;,#*()[]{}|+&"''', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
    ), '');

create table books as
with lines as (
    select
        clean(transaction_id) as transaction_id,
        lower(clean(processor_name)) as processor,
        lower(clean(event_type)) as event_type,
        lower(clean(status)) as native_status,
        cast(amount as decimal(24, 6)) as amount,
        cast(fee as decimal(24, 6)) as fee,
        upper(lines.currency) as currency,
        cast(transaction_date as timestamp) at time zone getvariable('books_zone') at time zone 'UTC' as occurred_at,
        cast(cast(transaction_date as timestamp) as date) as business_date,
        clean(reference_number) as reference,
        clean(processor_transaction_id) as processor_reference,
        clean(order_id) as order_id,
        clean(merchant_id) as merchant_id,
        clean(customer_id) as customer_id,
        clean(description) as description
    from read_csv(getvariable('books'), all_varchar = true) as lines
)

select
    lines.* exclude (amount, fee, native_status),
    statuses.status,
    cast(amount * factor as bigint) as amount_minor,
    cast(fee * factor as bigint) as fee_minor
from lines
inner join currencies on lines.currency = currencies.currency
left join statuses on lines.native_status = statuses.native_status
qualify row_number() over (partition by transaction_id order by occurred_at desc) = 1;

create table told as
with lines as (
    select
        clean(transaction_id) as transaction_id,
        lower(clean(processor_name)) as processor,
        lower(clean(event_type)) as event_type,
        lower(clean(status)) as native_status,
        cast(amount as decimal(24, 6)) as amount,
        cast(fee as decimal(24, 6)) as fee,
        upper(lines.currency) as currency,
        cast(transaction_date as timestamp) at time zone getvariable('told_zone') at time zone 'UTC' as occurred_at,
        cast(cast(transaction_date as timestamp) as date) as business_date,
        clean(reference_number) as reference,
        clean(order_id) as order_id,
        clean(authorization_code) as authorization_code,
        clean(merchant_id) as merchant_id,
        clean(customer_id) as customer_id,
        clean(description) as description
    from read_csv(getvariable('told'), all_varchar = true) as lines
)

select
    lines.* exclude (amount, fee, native_status),
    statuses.status,
    cast(amount * factor as bigint) as amount_minor,
    cast(fee * factor as bigint) as fee_minor
from lines
inner join currencies on lines.currency = currencies.currency
left join statuses on lines.native_status = statuses.native_status
qualify row_number() over (partition by processor, event_type, transaction_id order by occurred_at desc) = 1;
