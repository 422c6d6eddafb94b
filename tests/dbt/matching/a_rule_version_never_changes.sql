-- A match names the rule and the version that made it, so a version that was used once says the same for ever; who wants
-- another rule writes a row with the next version. What a version said first counts: with the old words back the test passes.
{{ config(meta={'dagster': {'ref': {'name': 'match_rules'}}}) }}

with rules as (
    select * from {{ ref('match_rules') }}
),

history as (
    select * from {{ ref('snapshot_match_rules') }}
),

first_words as (
    select
        history.*,
        row_number() over (
            partition by rule_id, rule_version, column_name
            order by dbt_valid_from, dbt_scd_id
        ) as place
    from history
),

present_words as (
    {{ rule_words('rules') }}
)

select
    present_words.rule_id,
    present_words.rule_version,
    present_words.column_name,
    first_words.said as said_when_first_used,
    present_words.said as says_now
from present_words
inner join first_words
    on
        present_words.rule_id = first_words.rule_id
        and present_words.rule_version = first_words.rule_version
        and present_words.column_name = first_words.column_name
        and first_words.place = 1
where present_words.said != first_words.said
