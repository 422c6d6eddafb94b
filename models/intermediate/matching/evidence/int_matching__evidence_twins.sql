-- What a match of a crowded key or of pass 3 was preferred to: its twins' counterparts, and pairs of a lower score.
with crowded as (
    {% for step in ['pass_1_crowded', 'pass_2_step_1', 'pass_2_step_2', 'pass_2_step_3'] %}
        select reconciliation, transaction_id, role, group_key, stretch, pair_key, business_date, amount_minor
        from {{ ref('int_matching__' ~ step) }}
        where pair_key is not null and pair_key != group_key
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

scored as (
    select * from {{ ref('int_matching__pass_3_candidates') }} where score >= proposes_from
),

accepted as (
    select * from {{ ref('int_matching__pass_3_fuzzy') }}
),

placed as (
    select
        crowded.*,
        row_number() over (partition by group_key, stretch, role order by business_date, transaction_id) as place
    from crowded
),

twins as (
    select
        winners.reconciliation,
        winners.transaction_id,
        losers.transaction_id as candidate_transaction_id,
        case
            when winners.amount_minor = losers.amount_minor
                then 'equal under one key: those of one day pair first, then the oldest; it is matched with its own twin'
            else 'another amount under one key: equal amounts pair first'
        end as why,
        1 as rank_value
    from placed as winners
    inner join placed as losers
        on
            winners.group_key = losers.group_key
            and winners.stretch = losers.stretch
            and winners.role != losers.role
            and winners.pair_key != losers.pair_key
    where losers.place <= {{ var('evidence_per_item') }}
),

outscored as (
    {% for role, other in [('left', 'right'), ('right', 'left')] %}
        select
            accepted.reconciliation,
            accepted.{{ role }}_transaction_id as transaction_id,
            scored.{{ other }}_transaction_id as candidate_transaction_id,
            'score ' || cast(scored.score as {{ dbt.type_string() }}) || ' against ' || cast(accepted.confidence as {{ dbt.type_string() }})
            || case when scored.score > accepted.confidence then ': it was taken by a better pair before' else '' end as why,
            100 - scored.score as rank_value
        from accepted
        inner join scored
            on
                accepted.reconciliation = scored.reconciliation
                and accepted.{{ role }}_transaction_id = scored.{{ role }}_transaction_id
                and accepted.{{ other }}_transaction_id != scored.{{ other }}_transaction_id
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from twins
union all
select * from outscored
