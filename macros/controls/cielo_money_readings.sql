{# The money of Cielo's raw tables, read a second time for the controls; see card_money_readings. #}
{% macro cielo_money_readings() %}
    {% set details = source('cielo', 'cielo_details') %}
    {% set kind %}
        (select min(f.file_type) from {{ source('cielo', 'cielo_files') }} as f where f._document_id = cielo_details._document_id)
    {% endset %}
    {% set unit_kind = kind | replace('cielo_details.', 'cielo_units.') %}
    {% set is_sale = "launch_type in ('01', '02', '03', '42')" %}
    {% set in_parts = "cast(instalments as integer) > 1" %}
    {% set known = kind ~ " in ('03', '04')" %}
    {% set gross, net = hundredths_major('gross_amount'), hundredths_major('net_amount') %}
    {% set sale = "case when " ~ in_parts ~ " then sale_amount else gross_amount end" %}
    {% set not_zero = " and cast(net_amount as decimal(18, 0)) != 0" %}
    {% set units %}(
        select _document_id, min(_source_line) as _source_line, -sum({{ net }}) as amount
        from {{ source('cielo', 'cielo_units') }} as cielo_units where {{ unit_kind }} = '04'
        group by _document_id, unit_key having sum({{ net }}) != 0
        union all
        select _document_id, min(_source_line) as _source_line, -sum({{ hundredths_major('deposit_amount') }}) as amount
        from {{ source('cielo', 'cielo_negotiation_deposits') }}
        group by _document_id, negotiation_number having sum({{ hundredths_major('deposit_amount') }}) != 0
        union all
        select _document_id, min(_source_line) as _source_line, -sum({{ net }}) as amount
        from {{ source('cielo', 'cielo_pix') }} where payment_date is not null
        group by _document_id, establishment, payment_date, bank, branch, account having sum({{ net }}) != 0
    ) as paid_units{% endset %}
    {% set readings = [
        {'event': 'charge', 'amount': hundredths_major(sale),
         'fee': 'case when ' ~ in_parts ~ ' then 0 else ' ~ gross ~ ' - ' ~ net ~ ' end',
         'raw_where': is_sale ~ ' and ' ~ known ~ ' and cast(' ~ sale ~ ' as decimal(18, 0)) != 0'},
        {'event': 'commission', 'amount': net ~ ' - ' ~ gross,
         'raw_where': is_sale ~ ' and ' ~ known ~ ' and ' ~ in_parts ~ ' and ' ~ gross ~ ' != ' ~ net},
        {'event': 'receivable', 'amount': '-' ~ net, 'raw_where': is_sale ~ ' and ' ~ known ~ ' and ' ~ in_parts ~ not_zero},
        {'event': 'receivable_paid', 'amount': net,
         'raw_where': is_sale ~ ' and ' ~ kind ~ " = '04' and " ~ in_parts ~ not_zero},
        {'event': 'launch', 'amount': gross, 'fee': gross ~ ' - ' ~ net,
         'raw_where': 'not ' ~ is_sale ~ ' and ' ~ kind ~ " = '04' and cast(gross_amount as decimal(18, 0)) != 0"},
        {'event': 'pix', 'table': 'cielo_pix', 'amount': gross, 'fee': gross ~ ' - ' ~ net,
         'raw_where': 'cast(gross_amount as decimal(18, 0)) != 0'},
        {'event': 'advance', 'table': 'cielo_negotiation_units', 'amount': gross, 'fee': gross ~ ' - ' ~ net,
         'raw_where': 'cast(gross_amount as decimal(18, 0)) != 0'},
        {'event': 'payout', 'amount': 'amount', 'rows': units},
    ] %}
    {% set complete = [] %}
    {% for reading in readings %}
        {% do complete.append(card_reading('cielo', 'cielo_details', reading)) %}
    {% endfor %}
    {{ return(complete) }}
{% endmacro %}
