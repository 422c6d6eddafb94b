-- Open rows of the two sides with one amount and days near each other: eight days at least, sixteen at most. A rule without a key judges
-- them, or else the first of their rules.
with evidence_rows as (
    select * from {{ ref('int_matching__evidence_rows') }} where is_open and exclusion is null
),

rules as (
    select * from {{ ref('int_matching__party_rules') }} where pass > 0
),

bucketed as (
    select
        evidence_rows.*,
        {{ whole_share(days_between("cast('1900-01-01' as date)", 'business_date'), '8') }} as bucket
    from evidence_rows
),

placed as (
    select
        bucketed.*,
        row_number() over (
            partition by reconciliation, tenant_id, processor, event_class, direction, currency, amount_minor, role, bucket
            order by dead_rank, business_date, transaction_id
        ) as place
    from bucketed
),

reaching as (
    select bucketed.*, bucketed.bucket + offsets.number as reached_bucket
    from bucketed
    inner join ({{ numbers_from(-1, 1) }}) as offsets on bucketed.is_asked
),

judges as (
    select
        reconciliation, for_tenant_id, for_processor, rule_id,
        row_number() over (
            partition by reconciliation, for_tenant_id, for_processor
            order by case when pass = 3 then 1 else 2 end, pass, step
        ) as place
    from rules
)

select
    reaching.reconciliation,
    reaching.transaction_id,
    placed.transaction_id as candidate_transaction_id,
    judges.rule_id
from reaching
inner join placed
    on
        reaching.reconciliation = placed.reconciliation
        and reaching.tenant_id = placed.tenant_id
        and reaching.processor = placed.processor
        and reaching.event_class = placed.event_class
        and reaching.direction = placed.direction
        and reaching.currency = placed.currency
        and reaching.amount_minor = placed.amount_minor
        and reaching.reached_bucket = placed.bucket
        and reaching.role != placed.role
        and placed.place <= {{ var('evidence_per_item') }}
inner join judges
    on
        reaching.reconciliation = judges.reconciliation
        and reaching.tenant_id = judges.for_tenant_id
        and reaching.processor = judges.for_processor
        and judges.place = 1
