{%- set kinds = [
    'missing_internally', 'missing_at_processor', 'missing_at_bank', 'amount_differs', 'fee_differs', 'fee_off_schedule', 'currency_differs',
    'status_differs', 'date_differs', 'proposed_match', 'duplicate', 'key_conflict', 'reward_conflict', 'ambiguous', 'orphan_refund', 'orphan_chargeback',
    'over_refunded', 'over_charged_back', 'double_loss', 'chargeback_illegal_transition', 'payout_does_not_tie', 'unfunded_redemption',
    'unknown_event_type', 'in_suspense', 'fx_rate_missing',
    'file_total_differs', 'reward_unknown_type', 'reward_wrong_sign', 'reward_reversal_unmatched', 'reward_expiry_overdue'
] -%}
with told as (
    {%- for kind in kinds %}
        {{ 'union all' if not loop.first }}
        select kind, {{ break_identity() }}, expected_minor, found_minor, amount_at_risk_minor, first_seen_on, explanation
        from {{ ref('int_discrepancies__' ~ kind) }}
    {%- endfor %}
)

select
    {{ key_hash('brk', ['kind', 'tenant_id', 'reconciliation', 'transaction_id', 'match_id', 'counterpart_transaction_id']) }}
        as discrepancy_id,
    told.*
from told
