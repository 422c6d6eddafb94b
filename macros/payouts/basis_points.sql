{# Shares of a payout in whole basis points, by whole numbers alone. Where a share would not fit (a payout of 0.00, amounts of nine
   trillion and more) there is none. #}
{% macro has_shares(part, paid) -%}
    {{ paid }} != 0 and greatest(abs({{ part }}), abs({{ paid }})) < 900000000000000
{%- endmacro %}

{# A part as the payout signs it, in basis points times the payout: only this divided by the payout is a share. #}
{% macro scaled_share(part, paid) -%}
    case when {{ paid }} < 0 then -10000 else 10000 end * {{ part }}
{%- endmacro %}

{# A payout less its unexplained part. The unexplained is rounded up, away from zero: 10000 is said only of what ties to the cent. #}
{% macro explained_bps(unexplained, paid) -%}
    {%- set away = 'abs(' ~ paid ~ ') - 1' -%}
    {%- set scaled = scaled_share(unexplained, paid) -%}
    case
        when not ({{ has_shares(unexplained, paid) }}) then null
        when {{ scaled }} < 0 then 10000 + {{ whole_quotient('-(' ~ scaled ~ ') + ' ~ away, 'abs(' ~ paid ~ ')') }}
        else 10000 - {{ whole_quotient(scaled ~ ' + ' ~ away, 'abs(' ~ paid ~ ')') }}
    end
{%- endmacro %}
