{# How far from an amount a rule may reach, in minor units and never too little, whatever base its share is taken of. #}
{% macro tolerance_reach(size_minor, rules) -%}
    {%- set shared = '(' ~ size_minor ~ ' * cast(' ~ rules ~ '.amount_tolerance_bps as bigint))' -%}
    {%- set rest = '(10000 - ' ~ rules ~ '.amount_tolerance_bps)' -%}
    greatest(
        {{ rules }}.amount_tolerance_minor,
        case
            when {{ rules }}.amount_tolerance_bps = 0 then 0
            else cast(({{ shared }} - mod({{ shared }}, {{ rest }})) / {{ rest }} as bigint) + 1
        end
    )
{%- endmacro %}

{# The number of digits of an amount; at least that of ten tolerances. #}
{% macro magnitude(size_minor) -%}
    length(cast(greatest({{ size_minor }}, amount_tolerance_minor * 10, 1) as {{ dbt.type_string() }}))
{%- endmacro %}

{# 10 to a small whole number, as text to cast: engines disagree about the type of a power. #}
{% macro power_of_ten(exponent) -%}
    ('1' || substring('000000000000000000' from 1 for {{ exponent }}))
{%- endmacro %}

{# The whole numbers from one to another as rows. #}
{% macro numbers_from(first, last) -%}
    {% for number in range(first, last + 1) %}select {{ number }} as number {{ 'union all ' if not loop.last }}{% endfor %}
{%- endmacro %}

{# What two rows share that lie in one bucket. #}
{% macro bucket_identity(rows='') -%}
    {%- set prefix = rows ~ '.' if rows else '' -%}
    {{ prefix }}rule_id, {{ prefix }}tenant_id, {{ prefix }}processor, {{ prefix }}event_class, {{ prefix }}direction, {{ prefix }}currency,
    {{ prefix }}magnitude, {{ prefix }}amount_bucket, {{ prefix }}day_bucket
{%- endmacro %}

{# The condition that two rows lie in one bucket. #}
{% macro same_bucket(rows, others) -%}
    {%- for column in [
        'rule_id', 'tenant_id', 'processor', 'event_class', 'direction', 'currency', 'magnitude', 'amount_bucket', 'day_bucket'
    ] %}
        {{ rows }}.{{ column }} = {{ others }}.{{ column }} {{ 'and' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# What rows of a full bucket may have in common that narrows it: who bought, the last four characters of the reference, or all before them.
   A letter typed wrong changes one of the two. #}
{% macro near_trait(trait, rows) -%}
    {%- if trait == 'customer' -%}
    nullif({{ rows }}.customer_id, '')
    {%- elif trait == 'head' -%}
    case when length({{ rows }}.key_value) >= 6 then substring({{ rows }}.key_value from 1 for length({{ rows }}.key_value) - 4) end
    {%- else -%}
    case when length({{ rows }}.key_value) >= 6 then substring({{ rows }}.key_value from length({{ rows }}.key_value) - 3) end
    {%- endif -%}
{%- endmacro %}

{# 100 when two ids are one, 0 when they differ, 50 when one side does not say. #}
{% macro likeness(left_id, right_id) -%}
    case when {{ left_id }} = {{ right_id }} then 100 when {{ left_id }} != {{ right_id }} then 0 else 50 end
{%- endmacro %}
