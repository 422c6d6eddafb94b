with

payouts as (
    select * from {{ ref('payouts') }}
),

categories as (
    select * from {{ ref('payout_categories') }}
),

members as (
    select members.*
    from {{ ref('int_payouts__members') }} as members
    inner join {{ ref('int_payouts__explained') }} as explained
        on members.payout_transaction_id = explained.payout_transaction_id and explained.lists_members
),

transactions as (
    select * from {{ ref('transactions') }} where side = 'processor' and event_type != 'payout'
),

kinds as (
    select * from {{ ref('int_payouts__reporting_categories') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

explained as (
    select payout_transaction_id, is_counted from {{ ref('int_payouts__explained') }}
),

items as (
    select
        members.payout_transaction_id, 'transaction' as item_kind, kinds.reporting_category,
        transactions.transaction_id as item_transaction_id, transactions.native_id, transactions.event_type, transactions.business_date,
        transactions.reference, transactions.order_id, transactions.customer_id, transactions.description,
        transactions.amount_minor as gross_minor, transactions.fee_minor, transactions.net_minor
    from members
    inner join transactions on members.member_transaction_id = transactions.transaction_id
    left join kinds
        on transactions.source = kinds.source
            and coalesce(transactions.native_type, '(none)') = kinds.native_type
            and transactions.event_type = kinds.event_type
    union all
    -- what is no transaction of its own: the payout's fee, and what payouts of its id paid
    select
        transaction_id as payout_transaction_id, reporting_category as item_kind, reporting_category,
        null as item_transaction_id, null as native_id, null as event_type, null as business_date,
        null as reference, null as order_id, null as customer_id, null as description,
        gross_minor, fee_minor, net_minor
    from categories
    where reporting_category in ('payout_fee', 'paid_under_the_same_id')
    union all
    select
        transaction_id as payout_transaction_id, 'unexplained' as item_kind, 'unexplained' as reporting_category,
        null as item_transaction_id, null as native_id, null as event_type, null as business_date,
        null as reference, null as order_id, null as customer_id, null as description,
        unexplained_minor as gross_minor, 0 as fee_minor, unexplained_minor as net_minor
    from payouts
    where unexplained_minor != 0
)

select
    -- keys
    {{ key_hash('prc', ['items.payout_transaction_id', 'items.item_kind', 'items.item_transaction_id']) }} as payout_reconciliation_id,
    {% for column in ['tenant_id', 'source', 'source_account', 'transaction_id', 'payout_id'] %}
        payouts.{{ column }},
    {% endfor %}
    payouts.paid_on,
    payouts.state as payout_state,
    payouts.bank_transaction_id,
    payouts.bank_date,
    cast(coalesce(explained.is_counted, true) as boolean) as is_counted,

    -- the item
    {% for column in [
        'item_kind', 'reporting_category', 'item_transaction_id', 'native_id', 'event_type', 'reference', 'order_id', 'customer_id',
        'description'
    ] %}
        cast(items.{{ column }} as {{ dbt.type_string() }}) as {{ column }},
    {% endfor %}

    -- money
    payouts.currency,
    {% for measure in ['gross', 'fee', 'net'] %}
        cast(items.{{ measure }}_minor as bigint) as {{ measure }}_minor,
        {{ major_units('items.' ~ measure ~ '_minor', 'currencies.exponent') }} as {{ measure }},
    {% endfor %}

    -- the item's day
    cast(items.business_date as date) as business_date
from items
inner join payouts on items.payout_transaction_id = payouts.transaction_id
left join explained on items.payout_transaction_id = explained.payout_transaction_id
left join currencies on payouts.currency = currencies.currency
