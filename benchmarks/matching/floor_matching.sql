-- Three passes and what they leave. A key that stands twice on one side settles nothing.
create table pairs as
select
    1 as pass,
    100 as score,
    min(books.transaction_id) as books_id,
    min(told.transaction_id) as told_id,
    books.currency,
    min(books.amount_minor) as books_minor,
    min(told.amount_minor) as told_minor,
    min(books.business_date) as books_date,
    min(told.business_date) as told_date
from books
inner join told
    on books.processor_reference = told.transaction_id
    and books.processor = told.processor
    and books.event_type = told.event_type
    and books.currency = told.currency
    and sign(books.amount_minor) = sign(told.amount_minor)
group by books.processor, books.event_type, books.currency, sign(books.amount_minor), books.processor_reference
having count(*) = 1;

create table open_books as
select books.*, match_key(reference) as reference_key, match_key(order_id) as order_key
from books anti join pairs on books.transaction_id = pairs.books_id;

create table open_told as
select told.*, match_key(reference) as reference_key, match_key(order_id) as order_key
from told anti join pairs on told.transaction_id = pairs.told_id;

insert into pairs
select
    2, 90, min(b.transaction_id), min(t.transaction_id), b.currency, min(b.amount_minor), min(t.amount_minor),
    min(b.business_date), min(t.business_date)
from open_books as b
inner join open_told as t
    on b.reference_key = t.reference_key and b.processor = t.processor and b.event_type = t.event_type and b.currency = t.currency
    and sign(b.amount_minor) = sign(t.amount_minor)
group by b.processor, b.event_type, b.currency, sign(b.amount_minor), b.reference_key
having count(*) = 1 and min(b.amount_minor) = min(t.amount_minor) and abs(min(t.business_date) - min(b.business_date)) <= 14;

insert into pairs
select
    2, 90, min(b.transaction_id), min(t.transaction_id), b.currency, min(b.amount_minor), min(t.amount_minor),
    min(b.business_date), min(t.business_date)
from (select * from open_books anti join pairs on transaction_id = books_id) as b
inner join (select * from open_told anti join pairs on transaction_id = told_id) as t
    on b.order_key = t.order_key and b.processor = t.processor and b.event_type = t.event_type and b.currency = t.currency
    and sign(b.amount_minor) = sign(t.amount_minor)
group by b.processor, b.event_type, b.currency, sign(b.amount_minor), b.order_key
having count(*) = 1 and min(b.amount_minor) = min(t.amount_minor) and abs(min(t.business_date) - min(b.business_date)) <= 14;

-- Amount equal, the processor's day one before to five after: by weeks, so that the join is on equality.
create temp table scored as
with lefts as (
    select open_books.*, unnest(generate_series((business_date - date '1970-01-01' - 1) // 7, (business_date - date '1970-01-01' + 5) // 7)) as week
    from open_books anti join pairs on transaction_id = books_id
),

rights as (
    select open_told.*, (business_date - date '1970-01-01') // 7 as week
    from open_told anti join pairs on transaction_id = told_id
),

near as (
    select
        b.transaction_id as books_id, t.transaction_id as told_id, b.currency, b.amount_minor as books_minor, t.amount_minor as told_minor,
        b.business_date as books_date, t.business_date as told_date, b.reference_key as books_key, t.reference_key as told_key,
        case when b.customer_id = t.customer_id then 100 when b.customer_id != t.customer_id then 0 else 50 end as customer,
        case when b.merchant_id = t.merchant_id then 100 when b.merchant_id != t.merchant_id then 0 else 50 end as merchant
    from lefts as b
    inner join rights as t
        on b.week = t.week and b.amount_minor = t.amount_minor and b.currency = t.currency and b.processor = t.processor
        and b.event_type = t.event_type
    where t.business_date - b.business_date between -1 and 5
),

alike as (
    select
        near.*,
        case
            when books_key is null or told_key is null then 50
            when damerau_levenshtein(books_key, told_key) <= 1 then cast(100 * jaccard(books_key, told_key) as integer)
            else cast(50 * jaro_winkler_similarity(books_key, told_key) as integer)
        end as likeness
    from near
    -- a stranger's row cannot reach sixty
    where customer > 0
)

select alike.*, (28 * likeness + 24 * 100 + 3 * (100 - 100 * abs(told_date - books_date) // 6) + 40 * customer + 5 * merchant) // 100 as score
from alike
where score >= 60;

create temp view best as
with free as (
    select * from scored
    where books_id not in (select books_id from pairs) and told_id not in (select told_id from pairs)
),

placed as (
    select
        free.*,
        row_number() over by_books as books_place,
        coalesce(lead(score) over by_books, 0) as books_next,
        row_number() over by_told as told_place,
        coalesce(lead(score) over by_told, 0) as told_next
    from free
    window by_books as (partition by books_id order by score desc, told_id), by_told as (partition by told_id order by score desc, books_id)
)

select 3, score, books_id, told_id, currency, books_minor, told_minor, books_date, told_date
from placed
where books_place = 1 and told_place = 1 and score - greatest(books_next, told_next) >= 10;

-- Twice: a rival that the first round paired leaves another free.
insert into pairs select * from best;
insert into pairs select * from best;

create table matches as
select
    'm' || md5(books_id || ',' || told_id) as match_id,
    pairs.*,
    told_minor - books_minor as difference_minor,
    told_date - books_date as days_apart,
    case when score >= 85 then 'matched' else 'proposed' end as status
from pairs;

create table open_items as
select
    'books' as side, transaction_id, processor, event_type, reference, amount_minor, currency, business_date,
    case when business_date + 5 >= cast(getvariable('as_of') as date) then 'expected' else 'missing' end as state
from books anti join pairs on transaction_id = books_id
union all
select
    'processor' as side, transaction_id, processor, event_type, reference, amount_minor, currency, business_date,
    case when business_date + 5 >= cast(getvariable('as_of') as date) then 'expected' else 'missing' end as state
from told anti join pairs on transaction_id = told_id;
