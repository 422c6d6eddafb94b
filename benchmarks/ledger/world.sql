-- N processor rows of a month: nine charges to a payout, two currencies, all settled.
insert into marts.transactions by name
select
    'txn_' || md5(cast(i as text)) as transaction_id,
    'default' as tenant_id,
    'processor' as side,
    'generic' as source,
    'told' as source_account,
    'generic' as processor,
    'n' || i as native_id,
    case when i % 10 = 9 then 'payout' else 'charge' end as event_type,
    'settled' as status,
    case when i % 10 = 9 then -90000 else 100 + i % 20000 end as amount_minor,
    amount_minor / 100 as amount,
    case when i % 10 = 9 then 0 else 1 + i % 50 end as fee_minor,
    fee_minor / 100 as fee,
    amount_minor - fee_minor as net_minor,
    net_minor / 100 as net,
    case when i % 7 = 0 then 'USD' else 'EUR' end as currency,
    timestamp '2026-10-01 12:00:00' as occurred_at,
    date '2026-10-01' + cast(i % 31 as integer) as business_date,
    false as has_conflict,
    'doc_bench' as _document_id,
    i as _source_line
from range({rows}) as numbers (i)
