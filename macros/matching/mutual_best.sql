{# The steps from pairs with a score to `accepted`: round by round the pairs that both sides prefer to every other that is left, by at least the
   rule's margin. What a pair takes is gone for the next round, so a second choice becomes a first only when the better one is truly taken:
   no two rows that both prefer each other are left apart (stable). Ties are never accepted. What a chain longer than `rounds` would settle
   later stays open. #}
{% macro mutual_best(pairs, rounds) -%}
    {%- for number in range(1, rounds + 1) %}
    {%- set rows = pairs if number == 1 else 'left_after_' ~ (number - 1) %}
placed_{{ number }} as (
    select
        {{ rows }}.*,
        row_number() over (partition by reconciliation, left_transaction_id order by score desc, right_transaction_id) as left_place,
        lead(score) over (partition by reconciliation, left_transaction_id order by score desc, right_transaction_id) as left_next,
        row_number() over (partition by reconciliation, right_transaction_id order by score desc, left_transaction_id) as right_place,
        lead(score) over (partition by reconciliation, right_transaction_id order by score desc, left_transaction_id) as right_next
    from {{ rows }}
),

accepted_{{ number }} as (
    select
        reconciliation,
        left_transaction_id,
        right_transaction_id,
        score - greatest(coalesce(left_next, 0), coalesce(right_next, 0)) as margin,
        {{ number }} as round_number
    from placed_{{ number }}
    where
        left_place = 1
        and right_place = 1
        and score - coalesce(left_next, 0) >= margin_min
        and score - coalesce(right_next, 0) >= margin_min
),

{%- if number < rounds %}
left_after_{{ number }} as (
    select {{ rows }}.*
    from {{ rows }}
    left join accepted_{{ number }} as taken_left
        on
            {{ rows }}.reconciliation = taken_left.reconciliation
            and {{ rows }}.left_transaction_id = taken_left.left_transaction_id
    left join accepted_{{ number }} as taken_right
        on
            {{ rows }}.reconciliation = taken_right.reconciliation
            and {{ rows }}.right_transaction_id = taken_right.right_transaction_id
    where taken_left.left_transaction_id is null and taken_right.right_transaction_id is null
),
{%- endif %}
    {%- endfor %}

accepted as (
    {%- for number in range(1, rounds + 1) %}
    select * from accepted_{{ number }} {{ 'union all' if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}
