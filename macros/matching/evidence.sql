{# How far two amounts may lie apart by a rule, in minor units: the absolute tolerance or the share of its base, whichever allows more.
   Null allows any. What is within is decided by within_tolerance; this is the number that is told. #}
{% macro tolerance_allowed(rules, left_minor, right_minor) -%}
    {%- set base = "case " ~ rules ~ ".tolerance_base when 'left' then abs(" ~ left_minor ~ ") when 'right' then abs(" ~ right_minor
        ~ ") when 'smaller' then least(abs(" ~ left_minor ~ "), abs(" ~ right_minor ~ ")) else greatest(abs("
        ~ left_minor ~ "), abs(" ~ right_minor ~ ")) end" -%}
    {%- set shared = '(cast(' ~ base ~ ' as bigint) * ' ~ rules ~ '.amount_tolerance_bps)' -%}
    case
        when {{ rules }}.amount_tolerance_minor is not null
            then greatest({{ rules }}.amount_tolerance_minor, cast(({{ shared }} - mod({{ shared }}, 10000)) / 10000 as bigint))
    end
{%- endmacro %}

{# The amount of a row on a rule's basis: gross, or net of the fee on one side or both. #}
{% macro compared_by_rule(rules, rows) -%}
    case
        when {{ rules }}.amount_basis = 'both_net' then {{ rows }}.net_minor
        when {{ rules }}.amount_basis = 'left_net' and {{ rows }}.left_one = 1 then {{ rows }}.net_minor
        when {{ rules }}.amount_basis = 'right_net' and {{ rows }}.left_one = 0 then {{ rows }}.net_minor
        else {{ rows }}.amount_minor
    end
{%- endmacro %}

{# A key in the rule's form; null when nothing is said. #}
{% macro key_in_form(key_form, text) -%}
    case when {{ key_form }} = 'normalised' then {{ normalised_reference(text) }} else nullif({{ text }}, '') end
{%- endmacro %}

{# A rule's window as people write it: "-1..+5", "any..+5". #}
{% macro window_text(rules) -%}
    case when {{ rules }}.days_before = 0 then '0' else coalesce('-' || cast({{ rules }}.days_before as {{ dbt.type_string() }}), 'any') end
    || '..'
    || coalesce('+' || cast({{ rules }}.days_after as {{ dbt.type_string() }}), 'any')
    || case when {{ rules }}.calendar = 'every_day' then '' else ' ' || {{ rules }}.calendar end
{%- endmacro %}

{# Whether the candidates of an open item are told: it waits for one, or repeats a row that has found its own. #}
{% macro has_candidates_told(items) -%}
    ({{ items }}.state in ('missing', 'ambiguous', 'expected') or {{ items }}.reason_code = 'duplicate')
{%- endmacro %}

{# A direction of money in words. #}
{% macro direction_text(direction) -%}
    case {{ direction }} when 1 then 'money in' when -1 then 'money out' else 'no money' end
{%- endmacro %}

{# The first gate of evidence that failed, in the order in which a person would ask; null when none did. #}
{% macro first_failed_gate() -%}
    case
        {%- for gate in [
            'excluded', 'type', 'direction', 'processor', 'currency', 'status', 'key', 'second_key', 'amount', 'days', 'likeness', 'score',
            'margin', 'taken', 'hand', 'question', 'group'
        ] %}
        when {{ gate }}_text is not null then '{{ gate }}'
        {%- endfor %}
    end
{%- endmacro %}

{# The columns of a row of evidence, in one order. #}
{% macro evidence_columns() -%}
    tenant_id, reconciliation, verdict, match_id, transaction_id, candidate_transaction_id, place, rule_id, rule_version, rule_name, pass,
    currency, candidate_currency, left_exponent, right_exponent, left_minor, right_minor, tolerance_minor, tolerance_base,
    days_apart, days_before, days_after, calendar, key_column, key_text, candidate_key_text,
    similarity, similarity_min, score, score_min, margin, margin_min, confidence, confirms_from,
    key_passed, amount_passed, days_passed, score_passed, margin_passed, is_rival, failed_gate, failed_count, why
{%- endmacro %}
