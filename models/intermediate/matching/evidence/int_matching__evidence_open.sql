-- The sentences of one candidate as one, and the gate it failed first.
with told as (
    select * from {{ ref('int_matching__evidence_told') }}
),

named as (
    select
        told.*,
        {{ first_failed_gate() }} as first_gate,
        concat_ws(
            '; ', excluded_text, type_text, direction_text, processor_text, currency_text, status_text, key_text, second_key_text,
            amount_text, days_text, likeness_text, score_text, margin_text, taken_text, hand_text, question_text, group_text
        ) as failed_text,
        case
            when rival_one = 0 or reason_code != 'rivals' then ''
            when pass = 4 then 'part of one of several sums'
            when rivals > 1 then 'one of ' || cast(rivals as {{ dbt.type_string() }}) || ' that it could be'
            else 'others of its own side could be it too'
        end as rival_text
    from told
)

select
    named.*,
    case
        when first_gate is not null then first_gate
        when rival_one = 1 then 'rivals'
        else 'order'
    end as failed_gate,
    case
        when failed_text != '' and rival_text != '' then failed_text || '; ' || rival_text
        when failed_text != '' then failed_text
        when rival_one = 1 then 'passes every gate; ' || rival_text || ': nothing tells which'
        else 'passes the gates, and came second: the rule had taken one of the two when it asked'
    end as why
from named
