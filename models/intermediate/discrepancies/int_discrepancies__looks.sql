-- depends_on: {{ ref('discrepancies') }}
-- After the breaks: a build that could not tell them saw nothing. Append only, kept through --full-refresh: a look back writes nothing, and
-- nothing that was seen is forgotten.
{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}

select {{ as_of() }} as looked_at
{% if is_incremental() %}
where {{ as_of() }} > (select coalesce(max(looked_at), {{ as_of() }} - interval '1 day') from {{ this }})
{% endif %}
