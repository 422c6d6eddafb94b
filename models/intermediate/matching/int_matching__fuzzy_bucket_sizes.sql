-- How many pairs a bucket holds. One with more than pass_3_pairs_per_bucket is not compared pair by pair: a thousand sales of one price
-- on one day cannot be told apart by price and day, and comparing them all would cost a million pairs.
with buckets as (
    select * from {{ ref('int_matching__fuzzy_buckets') }}
),

sizes as (
    select
        {{ bucket_identity() }},
        sum(left_one) as left_count,
        sum(1 - left_one) as right_count
    from buckets
    group by {{ bucket_identity() }}
)

select
    sizes.*,
    left_count * right_count <= {{ var('pass_3_pairs_per_bucket') }} as is_compared
from sizes
where left_count > 0 and right_count > 0
