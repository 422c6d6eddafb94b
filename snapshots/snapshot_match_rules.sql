-- People edit the seed; this keeps what each version of a rule said when it was first used. By the clock and not by as_of:
-- a run that looks back must not write itself before what was known.
{% snapshot snapshot_match_rules %}
    {{ config(
        unique_key=['rule_id', 'rule_version', 'column_name'],
        strategy='check',
        check_cols=['said'],
        hard_deletes='ignore'
    ) }}
    with rules as (
        select * from {{ ref('match_rules') }}
    )

    select * from ({{ rule_words('rules') }}) as rule_words
{% endsnapshot %}
