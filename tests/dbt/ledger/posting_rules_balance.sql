-- Whatever the amounts are, the legs of a rule sum to zero: net is gross less fee, and gross of a redemption is minus
-- what lots paid minus what nobody paid. So the factors must cancel out by basis.
with factors as (
    select
        posting_rule_id,
        sum(case when basis = 'gross' then factor else 0 end) as gross,
        sum(case when basis = 'fee' then factor else 0 end) as fee,
        sum(case when basis = 'tax' then factor else 0 end) as tax,
        sum(case when basis = 'net' then factor else 0 end) as net,
        sum(case when basis = 'allocated' then factor else 0 end) as allocated,
        sum(case when basis = 'unfunded' then factor else 0 end) as unfunded
    from {{ ref('posting_rules') }}
    group by posting_rule_id
)

select *
from factors
where
    gross + net != allocated
    or allocated != unfunded
    or fee != net
    or tax != 0
