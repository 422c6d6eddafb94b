{# The step `candidates` of a pass on a key: the rows of `open_rows` that a rule of this pass and step may pair, with the key, the amount on the
   rule's basis (gross, or net of the fee on one side) and the day's number in the rule's calendar. #}
{% macro key_candidates(open_rows, pass, step, needs_key=true) -%}
ruled as (
    select
        {{ open_rows }}.*,
        rules.pass,
        rules.rule_id,
        rules.key_form,
        rules.calendar,
        case
            when rules.amount_basis = 'both_net' then {{ open_rows }}.net_minor
            when rules.amount_basis = 'left_net' and {{ open_rows }}.left_one = 1 then {{ open_rows }}.net_minor
            when rules.amount_basis = 'right_net' and {{ open_rows }}.left_one = 0 then {{ open_rows }}.net_minor
            else {{ open_rows }}.amount_minor
        end as compared_minor,
        case when {{ open_rows }}.left_one = 1 then rules.left_key else rules.right_key end as key_column,
        case when {{ open_rows }}.left_one = 1 then rules.left_second_key else rules.right_second_key end as second_key_column
    from {{ open_rows }}
    inner join {{ ref('int_matching__party_rules') }} as rules
        on
            {{ open_rows }}.reconciliation = rules.reconciliation
            and {{ open_rows }}.tenant_id = rules.for_tenant_id
            and {{ open_rows }}.processor = rules.for_processor
    where
        rules.pass = {{ pass }} and rules.step = {{ step }} and (rules.takes_failed or {{ open_rows }}.dead_rank = 0)
),

keyed as (
    select
        ruled.*,
        {{ key_column_value('key_column') }} as key_text,
        {{ key_column_value('second_key_column') }} as second_key_text
    from ruled
),

formed as (
    select
        keyed.*,
        case when key_form = 'normalised' then {{ normalised_reference('key_text') }} else nullif(key_text, '') end as key_value,
        case
            when second_key_column is null then ''
            when key_form = 'normalised' then {{ normalised_reference('second_key_text') }}
            else nullif(second_key_text, '')
        end as second_key_value
    from keyed
),

candidates as (
    select
        formed.*,
        days.day_number
    from formed
    inner join {{ ref('int_matching__days') }} as days
        on formed.business_date = days.business_date and formed.calendar = days.calendar
    {% if needs_key %}where formed.key_value is not null and formed.second_key_value is not null{% endif %}
)
{%- endmacro %}

{# The value of the column a rule names, of those a rule may name. #}
{% macro key_column_value(name) -%}
    case {{ name }}
        {%- for column in key_columns() %}
            when '{{ column }}' then {{ column }}
        {%- endfor %}
        end
{%- endmacro %}

{# What a rule may take for a key: columns of `transactions` that name something. #}
{% macro key_columns() -%}
    {{ return([
        'processor_reference', 'reference', 'order_id', 'trace_reference', 'payout_id', 'authorization_code',
        'native_id', 'merchant_id', 'customer_id'
    ]) }}
{%- endmacro %}

{# Only rows that agree on these can match on a key. #}
{% macro key_identity(rows='') -%}
    {%- set prefix = rows ~ '.' if rows else '' -%}
    {{ prefix }}reconciliation, {{ prefix }}tenant_id, {{ prefix }}processor, {{ prefix }}event_class, {{ prefix }}direction,
    {{ prefix }}currency, {{ prefix }}key_value, {{ prefix }}second_key_value
{%- endmacro %}

{# Whether a difference is within a rule: the absolute tolerance, or the share of the base, whichever allows more. Empty allows any.
   In whole numbers: nothing is divided. #}
{% macro within_tolerance(rules, left_minor, right_minor) -%}
    (
        {{ rules }}.amount_tolerance_minor is null
        or abs({{ right_minor }} - {{ left_minor }}) <= {{ rules }}.amount_tolerance_minor
        or cast(abs({{ right_minor }} - {{ left_minor }}) as decimal(38, 0)) * 10000 <= {{ rules }}.amount_tolerance_bps
        * case {{ rules }}.tolerance_base
            when 'left' then cast(abs({{ left_minor }}) as decimal(38, 0))
            when 'right' then cast(abs({{ right_minor }}) as decimal(38, 0))
            when 'smaller' then cast(least(abs({{ left_minor }}), abs({{ right_minor }})) as decimal(38, 0))
            else cast(greatest(abs({{ left_minor }}), abs({{ right_minor }})) as decimal(38, 0))
        end
    )
{%- endmacro %}

{# Whether two rows may be a pair by their accounts: `own_account` is null but in reconciliations between accounts, where both must differ. #}
{% macro of_two_accounts(left_account, right_account) -%}
    ({{ left_account }} is null or {{ left_account }} != {{ right_account }})
{%- endmacro %}

{# Whether the right's day lies within a rule's window around the left's, which may reach further one way. Empty reaches any distance. #}
{% macro within_window(rules, left_day, right_day) -%}
    (
        ({{ rules }}.days_before is null or {{ right_day }} >= {{ left_day }} - {{ rules }}.days_before)
        and ({{ rules }}.days_after is null or {{ right_day }} <= {{ left_day }} + {{ rules }}.days_after)
    )
{%- endmacro %}
