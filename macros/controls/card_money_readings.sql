{# The money of the card acquirers' raw tables, read a second time for the controls; see money_readings. Amounts are hundredths.
   `rows` takes the place of the table where one event stands for several of its lines. #}
{% macro card_money_readings() %}
    {% set unica = source('unica', 'unica_sales') %}
    {% set sign = "case when debit_flag is null then 1 else -1 end" %}
    {% set in_parts = "cast(instalments as integer) > 1" %}
    {% set part_net = "case when " ~ in_parts ~ " then instalment_net_amount else net_amount end" %}
    {% set early = "launch_type = '2' and cast(anticipated_net_amount as decimal(18, 0)) != 0" %}
    {% set paid = "case when " ~ early ~ " then anticipated_net_amount else " ~ part_net ~ " end" %}
    {% set account = "payee_establishment, settlement_date, bank, branch, account" %}
    {% set unica_paid %}(
        select _document_id, min(_source_line) as _source_line, -sum({{ hundredths_major(paid) }} * {{ sign }}) as amount
        from {{ unica }} where launch_type in ('1', '2') group by _document_id, {{ account }}
        having sum({{ hundredths_major(paid) }} * {{ sign }}) != 0
    ) as paid_accounts{% endset %}
    {% set readings = [
        {'event': 'charge', 'amount': hundredths_major('gross_amount') ~ ' * ' ~ sign,
         'fee': hundredths_major('discount_amount') ~ ' * ' ~ sign, 'raw_where': 'cast(gross_amount as decimal(18, 0)) != 0'},
        {'event': 'receivable', 'amount': '-' ~ hundredths_major('instalment_net_amount') ~ ' * ' ~ sign,
         'raw_where': in_parts ~ ' and cast(instalment_net_amount as decimal(18, 0)) != 0'},
        {'event': 'receivable_paid', 'amount': hundredths_major('instalment_net_amount') ~ ' * ' ~ sign,
         'raw_where': in_parts ~ " and launch_type != '0' and cast(instalment_net_amount as decimal(18, 0)) != 0"},
        {'event': 'anticipation_cost',
         'amount': '(' ~ hundredths_major('anticipated_net_amount') ~ ' - ' ~ hundredths_major(part_net) ~ ') * ' ~ sign,
         'raw_where': early ~ ' and cast(anticipated_net_amount as decimal(18, 0)) != cast(' ~ part_net ~ ' as decimal(18, 0))'},
        {'event': 'payout', 'amount': 'amount', 'rows': unica_paid},
    ] %}
    {% set complete = [] %}
    {% for reading in readings %}
        {% do complete.append(card_reading('unica', 'unica_sales', reading)) %}
    {% endfor %}
    {{ return(complete + cielo_money_readings() + rede_money_readings()) }}
{% endmacro %}

{# A reading with what they all have: the document's currency, no fee, the events model of the source. #}
{% macro card_reading(source_name, table, reading) %}
    {{ return({
        'record': source_name ~ ' ' ~ reading.event, 'table': (source_name, reading.table or table), 'rows': reading.rows,
        'amount': reading.amount, 'fee': reading.fee or '0', 'currency': 'null', 'raw_where': reading.raw_where,
        'model': 'stg_' ~ source_name ~ '__events', 'staged_where': "event = '" ~ reading.event ~ "'",
    }) }}
{% endmacro %}
