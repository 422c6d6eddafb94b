-- What met its counterpart on an account: the lines of a match on a clearing account, the sides of a conversion on the exchange account.
-- Books in one currency: what they were worth on their days adds up to something although the money is gone. That is the realised gain
-- or loss. What is left of a match in its currency (a difference within tolerance) stays at the rate of the day the match was complete.
with standing as (
    select
        standing.*,
        -- a match is of one currency; a conversion has a side in each of two
        case when treatment = 'settled' then currency else '(both)' end as settled_in
    from {{ ref('int_fx__standing') }} as standing
    where settlement_id is not null and (treatment = 'exchanged' or currency != functional_currency)
),

days as (
    select
        standing.*,
        max(posted_on) over (partition by tenant_id, account_code, settlement_id, settled_in) as settled_on
    from standing
),

settlements as (
    select
        tenant_id,
        account_code,
        settlement_id,
        settled_in,
        treatment,
        functional_currency,
        functional_factor,
        functional_exponent,
        min(currency) as currency,
        min(minor_unit_factor) as minor_unit_factor,
        min(exponent) as exponent,
        settled_on,
        max(posting_period) as posting_period,
        sum(functional_minor) as carrying_minor,
        sum(case when treatment = 'settled' then amount_minor else 0 end) as remaining_minor,
        max(case when posted_on = settled_on then rate end) as rate
    from days
    group by
        tenant_id, account_code, settlement_id, settled_in, treatment, functional_currency, functional_factor, functional_exponent,
        settled_on
    having
        count(functional_minor) = count(*)
        and (
            (treatment = 'settled' and min(transaction_id) != max(transaction_id))
            or (treatment = 'exchanged' and min(currency) != max(currency))
        )
),

valued as (
    select
        settlements.*,
        case
            when treatment = 'settled' then {{ converted_minor('remaining_minor', 'rate', 'minor_unit_factor', 'functional_factor') }}
            else 0
        end as remaining_functional_minor
    from settlements
)

select
    valued.*,
    remaining_functional_minor - carrying_minor as gain_minor
from valued
