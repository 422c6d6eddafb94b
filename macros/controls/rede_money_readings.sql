{# The money of Rede's raw tables, read a second time for the controls; see card_money_readings. #}
{% macro rede_money_readings() %}
    {% set in_parts = "cast(coalesce(instalments, '1') as integer) > 1" %}
    {% set net, fee = hundredths_major('net_amount'), hundredths_major('discount_amount') %}
    {% set of_parts = "cast(coalesce(nullif(trim(substring(instalment_of, 4, 2)), ''), '0') as integer) > 1" %}
    {% set direction = "case when direction = 'D' then -1 else 1 end" %}
    {% set due = hundredths_major('coalesce(original_amount, amount)') ~ ' * ' ~ direction %}
    {% set paid = hundredths_major('amount') ~ ' * ' ~ direction %}
    {% set adjusted = hundredths_major('amount') ~ " * case when direction = 'C' then 1 else -1 end" %}
    {% set in_payments = "layout = 'rede-eefi' and cast(amount as decimal(18, 0)) != 0" %}
    {% set part_of_parts %}
        (adjustment_kind = 'D' or exists (
            select 1 from {{ source('rede', 'rede_credits') }} as c
            where c._document_id = rede_adjustments._document_id
                and coalesce(c.original_establishment, c.establishment) = rede_adjustments.establishment
                and c.summary_number = rede_adjustments.summary_number and {{ of_parts | replace('instalment_of', 'c.instalment_of') }}
        ))
    {% endset %}
    {% set readings = [
        {'event': 'charge', 'table': 'rede_sales', 'amount': net ~ ' + ' ~ fee, 'fee': fee, 'raw_where': net ~ ' + ' ~ fee ~ ' != 0'},
        {'event': 'receivable', 'table': 'rede_sales', 'amount': '-' ~ net, 'raw_where': in_parts ~ ' and ' ~ net ~ ' != 0'},
        {'event': 'receivable_paid', 'amount': due, 'raw_where': of_parts ~ ' and ' ~ due ~ ' != 0'},
        {'event': 'anticipation_cost', 'amount': paid ~ ' - ' ~ due, 'raw_where': paid ~ ' != ' ~ due},
        {'event': 'payout', 'amount': '-' ~ paid, 'raw_where': paid ~ ' != 0'},
        {'event': 'adjustment', 'table': 'rede_adjustments', 'amount': adjusted, 'raw_where': in_payments},
        {'event': 'unscheduled', 'table': 'rede_adjustments', 'amount': '-' ~ adjusted,
         'raw_where': in_payments ~ " and record_type = '035' and " ~ part_of_parts},
        {'event': 'payout_of_adjustment', 'table': 'rede_adjustments', 'amount': '-' ~ adjusted,
         'raw_where': in_payments ~ " and record_type in ('038', '043')"},
    ] %}
    {% set complete = [] %}
    {% for reading in readings %}
        {% do complete.append(card_reading('rede', 'rede_credits', reading)) %}
    {% endfor %}
    {{ return(complete) }}
{% endmacro %}
