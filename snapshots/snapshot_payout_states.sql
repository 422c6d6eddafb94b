-- A payout goes from in transit to the bank, or comes back days after it was paid: each state, and since when we knew.
-- A run as of an earlier moment looks back and writes no history.
{% snapshot snapshot_payout_states %}
    {{ config(
        unique_key='transaction_id',
        strategy='check',
        check_cols=['state', 'native_status', 'bank_transaction_id'],
        updated_at='known_at',
        hard_deletes='ignore'
    ) }}
    select
        transaction_id,
        tenant_id,
        payout_id,
        source,
        currency,
        amount_minor,
        state,
        native_status,
        bank_transaction_id,
        -- a column, because dbt keeps what is written in config from the first run that parsed it
        {{ as_of() }} as known_at
    from {{ ref('payouts') }}
    {% if load_relation(this) %}
    where {{ as_of() }} >= (select coalesce(max(dbt_valid_from), {{ as_of() }}) from {{ this }})
    {% endif %}
{% endsnapshot %}
