-- People edit the seed; this keeps what it said before, and since when.
{% snapshot snapshot_accepted_breaks %}
    {{ config(
        unique_key=['tenant_id', 'kind', 'source', 'native_id'],
        strategy='check',
        check_cols='all',
        updated_at=as_of(),
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
        comment
    from {{ ref('accepted_breaks') }}
{% endsnapshot %}
