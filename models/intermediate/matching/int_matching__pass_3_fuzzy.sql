with recursive candidates as (
    select
        reconciliation, left_transaction_id, right_transaction_id, score, margin_min
    from {{ ref('int_matching__pass_3_candidates') }}
    where score >= proposes_from
),

{{ mutual_best('candidates') }}

select
    scored.reconciliation,
    scored.pass,
    scored.rule_id,
    scored.rule_version,
    scored.tenant_id,
    scored.processor,
    scored.currency,
    scored.left_transaction_id,
    scored.right_transaction_id,
    scored.left_amount_minor,
    scored.right_amount_minor,
    scored.left_date,
    scored.right_date,
    coalesce(scored.left_key_text, '(none)') || ' / ' || coalesce(scored.right_key_text, '(none)') as key_text,
    'score ' || cast(scored.score as {{ dbt.type_string() }})
    || ', best of both by ' || cast(accepted.margin as {{ dbt.type_string() }})
    || '; references alike ' || coalesce(cast(scored.similarity as {{ dbt.type_string() }}), '?')
    || ' of 100' as basis,
    scored.score as confidence,
    scored.similarity,
    accepted.margin,
    accepted.round_number
from accepted
inner join {{ ref('int_matching__pass_3_candidates') }} as scored
    on
        accepted.reconciliation = scored.reconciliation
        and accepted.left_transaction_id = scored.left_transaction_id
        and accepted.right_transaction_id = scored.right_transaction_id
