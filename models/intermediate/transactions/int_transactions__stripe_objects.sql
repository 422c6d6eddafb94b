with

charges as (
    select
        charges.*,
        row_number() over (
            partition by tenant_id, source_account, charge_id
            order by told_at desc nulls last, _document_id desc, _source_line desc
        ) as place
    from {{ ref('stg_stripe__api_charges') }} as charges
),

refunds as (
    select
        refunds.*,
        row_number() over (
            partition by tenant_id, source_account, refund_id
            order by told_at desc nulls last, _document_id desc, _source_line desc
        ) as place
    from {{ ref('stg_stripe__api_refunds') }} as refunds
),

disputes as (
    select
        disputes.*,
        row_number() over (
            partition by tenant_id, source_account, dispute_id
            order by told_at desc nulls last, _document_id desc, _source_line desc
        ) as place
    from {{ ref('stg_stripe__api_disputes') }} as disputes
),

-- what happened to a charge later says its order by the charge
of_charges as (
    select
        tenant_id, source_account, charge_id, 'refund ' || native_status as words, balance_transaction_id,
        second_balance_transaction_id, merchant_reference
    from refunds
    where place = 1
    union all
    select
        tenant_id, source_account, charge_id, 'dispute ' || native_status || ', ' || reason as words, balance_transaction_id,
        second_balance_transaction_id, merchant_reference
    from disputes
    where place = 1
),

named as (
    select
        tenant_id, source_account, balance_transaction_id, failure_balance_transaction_id as second_balance_transaction_id,
        merchant_reference, customer_id, description as words
    from charges
    where place = 1
    union all
    select
        of_charges.tenant_id, of_charges.source_account, of_charges.balance_transaction_id,
        of_charges.second_balance_transaction_id,
        coalesce(charges.merchant_reference, of_charges.merchant_reference) as merchant_reference, charges.customer_id,
        of_charges.words
    from of_charges
    left join charges
        on of_charges.tenant_id = charges.tenant_id
            and of_charges.source_account = charges.source_account
            and of_charges.charge_id = charges.charge_id
            and charges.place = 1
),

movements as (
    select tenant_id, source_account, balance_transaction_id, merchant_reference, customer_id, words
    from named
    union all
    select tenant_id, source_account, second_balance_transaction_id as balance_transaction_id, merchant_reference, customer_id, words
    from named
)

select
    tenant_id,
    source_account,
    balance_transaction_id,
    max({{ bytewise('merchant_reference') }}) as merchant_reference,
    max({{ bytewise('customer_id') }}) as customer_id,
    max({{ bytewise('words') }}) as words
from movements
where balance_transaction_id is not null
group by tenant_id, source_account, balance_transaction_id
