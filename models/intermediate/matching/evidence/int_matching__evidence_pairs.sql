-- Each open item with each row found for it, once: by the rule whose rival it is, else by the first rule that brings the two together.
with together as (
    {% for found_by in ['rivals', 'by_key', 'alike', 'by_amount'] %}
        select reconciliation, transaction_id, candidate_transaction_id, rule_id, {{ 1 if loop.first else 0 }} as rival_one
        from {{ ref('int_matching__evidence_' ~ found_by) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

rules as (
    select * from {{ ref('int_matching__rules') }}
),

alike as (
    select * from {{ ref('int_matching__evidence_alike') }}
),

placed as (
    select
        together.*,
        row_number() over (
            partition by together.reconciliation, together.transaction_id, together.candidate_transaction_id
            order by together.rival_one desc, rules.pass, rules.step, {{ bytewise('together.rule_id') }}
        ) as place
    from together
    inner join rules on together.rule_id = rules.rule_id
)

select
    placed.reconciliation,
    placed.transaction_id,
    placed.candidate_transaction_id,
    placed.rule_id,
    placed.rival_one,
    alike.score,
    alike.similarity,
    alike.margin,
    alike.tied_transaction_id
from placed
left join alike
    on
        placed.reconciliation = alike.reconciliation
        and placed.transaction_id = alike.transaction_id
        and placed.candidate_transaction_id = alike.candidate_transaction_id
        and placed.rule_id = alike.rule_id
where placed.place = 1
