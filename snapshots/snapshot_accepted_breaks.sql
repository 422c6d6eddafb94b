-- People edit the seed; this keeps what it said before, and since when.
{% snapshot snapshot_accepted_breaks %}
    {{ config(
        unique_key=['tenant_id', 'kind', 'source', 'native_id'],
        strategy='check',
        check_cols=['up_to_minor', 'accepted_by', 'accepted_on', 'comment'],
        updated_at='known_at',
        hard_deletes='invalidate'
    ) }}
    select
        tenant_id,
        kind,
        source,
        native_id,
        up_to_minor,
        accepted_by,
        accepted_on,
        comment,
        -- a column, because dbt keeps what is written in config from the first run that parsed it
        {{ as_of() }} as known_at
    from {{ ref('accepted_breaks') }}
{% endsnapshot %}
