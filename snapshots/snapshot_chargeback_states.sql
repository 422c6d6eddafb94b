-- A dispute goes from stage to stage for months, and files say only the last: each state, and since when we knew. A dispute that a better
-- report put to another id ends here. A run as of an earlier moment looks back and writes no history: it sees what stands.
{% snapshot snapshot_chargeback_states %}
    {{ config(
        unique_key='chargeback_id',
        strategy='check',
        check_cols=['stage', 'outcome', 'respond_by', 'net_effect_minor', 'evidence_count'],
        updated_at='known_at',
        hard_deletes='invalidate'
    ) }}
    {% set columns = [
        'chargeback_id', 'tenant_id', 'source', 'native_id', 'stage', 'outcome', 'respond_by', 'net_effect_minor', 'settlement_currency',
        'evidence_count'
    ] | join(', ') %}
    select
        {{ columns }},
        -- a column, because dbt keeps what is written in config from the first run that parsed it
        {{ as_of() }} as known_at
    from {{ ref('chargebacks') }}
    {% if load_relation(this) %}
    where {{ as_of() }} >= (select coalesce(max(dbt_valid_from), {{ as_of() }}) from {{ this }})
    union all
    select
        {{ columns }},
        known_at
    from {{ this }}
    where dbt_valid_to is null and {{ as_of() }} < (select max(dbt_valid_from) from {{ this }})
    {% endif %}
{% endsnapshot %}
