with items as (
    select * from {{ ref('int_discrepancies__items') }}
),

incomplete_days as (
    select * from {{ ref('int_discrepancies__incomplete_days') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

reported as (
    select
        tenant_id, reconciliation, source, side, role, processor, business_date, currency,
        count(*) as total_count,
        sum(case role when 'left' then 1 else 0 end) as left_count,
        sum(case role when 'right' then 1 else 0 end) as right_count,
        sum(case state when 'matched' then 1 else 0 end) as matched_count,
        sum(case state when 'proposed' then 1 else 0 end) as proposed_count,
        sum(case state when 'expected' then 1 else 0 end) as expected_count,
        sum(case state when 'missing' then 1 else 0 end) as missing_count,
        sum(case state when 'ambiguous' then 1 else 0 end) as ambiguous_count,
        sum(case state when 'excluded' then 1 else 0 end) as excluded_count,
        sum(is_discrepant) as discrepant_count,
        sum(is_accepted) as accepted_count,
        sum(amount_minor) as total_amount_minor,
        sum(case role when 'left' then amount_minor else 0 end) as left_amount_minor,
        sum(case role when 'right' then amount_minor else 0 end) as right_amount_minor,
        sum(case state when 'matched' then amount_minor else 0 end) as matched_amount_minor,
        sum(case state when 'proposed' then amount_minor else 0 end) as proposed_amount_minor,
        sum(case state when 'expected' then amount_minor else 0 end) as expected_amount_minor,
        sum(case state when 'missing' then amount_minor else 0 end) as missing_amount_minor,
        sum(case state when 'ambiguous' then amount_minor else 0 end) as ambiguous_amount_minor,
        sum(case state when 'excluded' then amount_minor else 0 end) as excluded_amount_minor,
        sum(amount_minor * is_discrepant) as discrepant_amount_minor,
        sum(amount_at_risk_minor) as amount_at_risk_minor
    from items
    group by tenant_id, reconciliation, source, side, role, processor, business_date, currency
),

-- A day whose file did not come is a row too: a row of zeros, where else there would be nothing to see.
silent as (
    select
        incomplete_days.tenant_id, incomplete_days.reconciliation, incomplete_days.source, incomplete_days.side,
        incomplete_days.role, incomplete_days.processor, incomplete_days.business_date, incomplete_days.currency
    from incomplete_days
    left join reported
        on incomplete_days.tenant_id = reported.tenant_id
            and incomplete_days.reconciliation = reported.reconciliation
            and incomplete_days.source = reported.source
            and incomplete_days.role = reported.role
            and incomplete_days.processor = reported.processor
            and incomplete_days.business_date = reported.business_date
            and incomplete_days.currency = reported.currency
    where incomplete_days.lacks_its_own_file and reported.tenant_id is null
),

days as (
    select * from reported
    union all
    select silent.*{{ ', 0' * 22 }} from silent
)

select
    days.*,
    {{ key_hash('sum', ['tenant_id', 'reconciliation', 'source', 'role', 'processor', 'business_date', 'days.currency']) }}
        as summary_id,
    {{ share_of('discrepant_count', 'total_count') }} as discrepancy_rate,
    currencies.exponent,
    {{ major_units('amount_at_risk_minor', 'currencies.exponent') }} as amount_at_risk
from days
inner join currencies on days.currency = currencies.currency
