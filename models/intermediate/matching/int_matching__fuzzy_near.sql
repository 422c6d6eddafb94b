-- Pairs that lie in one bucket. Of a bucket that is too full only those that share a customer or either end of the reference, and of
-- those again not the too full. A pair meets in one bucket at most: its right row lies in one of the left row's magnitude.
with buckets as (
    select * from {{ ref('int_matching__fuzzy_buckets') }}
),

sizes as (
    select * from {{ ref('int_matching__fuzzy_bucket_sizes') }}
),

fuzzy_rows as (
    select * from {{ ref('int_matching__fuzzy_rows') }}
),

sized as (
    select
        buckets.*,
        sizes.is_compared
    from buckets
    inner join sizes on {{ same_bucket('buckets', 'sizes') }}
),

traits as (
    {% for trait in ['customer', 'head', 'tail'] %}
        select sized.*, '{{ trait }} ' || {{ near_trait(trait, 'fuzzy_rows') }} as trait
        from sized
        inner join fuzzy_rows
            on sized.transaction_id = fuzzy_rows.transaction_id and sized.reconciliation = fuzzy_rows.reconciliation
        where not sized.is_compared and {{ near_trait(trait, 'fuzzy_rows') }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

trait_sizes as (
    select
        {{ bucket_identity() }},
        trait
    from traits
    group by {{ bucket_identity() }}, trait
    having sum(left_one) * sum(1 - left_one) between 1 and {{ var('pass_3_pairs_per_bucket') }}
),

bounded as (
    select traits.*
    from traits
    inner join trait_sizes
        on {{ same_bucket('traits', 'trait_sizes') }} and traits.trait = trait_sizes.trait
)

select
    lefts.reconciliation,
    lefts.rule_id,
    lefts.transaction_id as left_transaction_id,
    rights.transaction_id as right_transaction_id
from sized as lefts
inner join sized as rights
    on {{ same_bucket('lefts', 'rights') }} and lefts.left_one = 1 and rights.left_one = 0
where lefts.is_compared and rights.is_compared
union all
select
    lefts.reconciliation,
    lefts.rule_id,
    lefts.transaction_id as left_transaction_id,
    rights.transaction_id as right_transaction_id
from bounded as lefts
inner join bounded as rights
    on
        {{ same_bucket('lefts', 'rights') }}
        and lefts.trait = rights.trait and lefts.left_one = 1 and rights.left_one = 0
group by lefts.reconciliation, lefts.rule_id, lefts.transaction_id, rights.transaction_id
