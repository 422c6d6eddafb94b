{# How a fee was worked out, in words: "1.5 % of 64.50 EUR and 0.25 EUR". #}
{% macro fee_calculation() -%}
    case
        when schedule_id is null then 'No schedule prices this transaction.'
        when expected_minor is null then 'Interchange is passed on, and the file does not say how much it was.'
        else
            case when pricing = 'interchange_plus' then 'Interchange, scheme fees and ' else '' end
            || case tier_by
                when 'none'
                    then
                        {{ plain_number('cast(rate_millionths * cast(0.0001 as decimal(5, 4)) as decimal(12, 4))') }} || ' % of '
                        || {{ amount_text('volume_minor', 'exponent', 'currency') }} || ' and '
                        || {{ amount_text('flat_minor', 'exponent', 'currency') }}
                when 'whole'
                    then
                        'the rate of a month of ' || {{ amount_text('month_volume_minor', 'exponent', 'currency') }} || ' on '
                        || {{ amount_text('volume_minor', 'exponent', 'currency') }}
                else
                    'the rates from ' || {{ amount_text('volume_before_minor', 'exponent', 'currency') }} || ' in the month on, for '
                    || {{ amount_text('volume_minor', 'exponent', 'currency') }}
            end
            || ', by ' || schedule_id || '.'
    end
{%- endmacro %}
