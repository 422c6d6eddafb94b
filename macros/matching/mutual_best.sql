{# The steps from pairs with a score to `accepted`: round by round the pairs that both sides prefer to every other that is left, by at least the
   rule's margin. What a pair takes is gone for the next round, so a second choice becomes a first only when the better one is truly taken:
   no two rows that both prefer each other are left apart (stable). Ties are never accepted. The rounds end when one accepts nothing: a pair
   of the next round always scores less than one of this, so there are a hundred at most. The first step of its query says `with recursive`. #}
{% macro mutual_best(pairs) -%}
rounds as (
    select
        reconciliation,
        left_transaction_id,
        right_transaction_id,
        score,
        margin_min,
        0 as round_number,
        0 as margin,
        0 as is_accepted
    from {{ pairs }}
    union all
    select
        reconciliation,
        left_transaction_id,
        right_transaction_id,
        score,
        margin_min,
        round_number,
        margin,
        is_accepted
    from (
        select
            judged.*,
            max(is_accepted) over (partition by reconciliation, left_transaction_id) as left_is_taken,
            max(is_accepted) over (partition by reconciliation, right_transaction_id) as right_is_taken,
            max(is_accepted) over () as any_is_accepted
        from (
            select
                placed.*,
                score - greatest(coalesce(left_next, 0), coalesce(right_next, 0)) as margin,
                case
                    when
                        left_place = 1
                        and right_place = 1
                        and score - greatest(coalesce(left_next, 0), coalesce(right_next, 0)) >= margin_min
                        then 1
                    else 0
                end as is_accepted
            from (
                select
                    reconciliation,
                    left_transaction_id,
                    right_transaction_id,
                    score,
                    margin_min,
                    round_number + 1 as round_number,
                    row_number() over by_left as left_place,
                    lead(score) over by_left as left_next,
                    row_number() over by_right as right_place,
                    lead(score) over by_right as right_next
                from rounds
                where is_accepted = 0
                window
                    by_left as (partition by reconciliation, left_transaction_id order by score desc, right_transaction_id),
                    by_right as (partition by reconciliation, right_transaction_id order by score desc, left_transaction_id)
            ) as placed
        ) as judged
    ) as taken
    where any_is_accepted = 1 and (is_accepted = 1 or (left_is_taken = 0 and right_is_taken = 0))
),

accepted as (
    select
        reconciliation,
        left_transaction_id,
        right_transaction_id,
        margin,
        round_number
    from rounds
    where is_accepted = 1
)
{%- endmacro %}
