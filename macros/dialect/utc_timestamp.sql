{# ISO text to UTC: an offset in the text (Z, +02:00, +0200, +02) wins; without one the local time is in `zone` (an IANA name).
   Fractions beyond microseconds are cut off, the same on every engine. An hour that the clocks skip counts on with the offset before
   it; of an hour that comes twice the second one (standard time) is meant: both engines do this by themselves, a test holds them to it. #}
{% macro utc_timestamp(text, zone) -%}
    {{ return(adapter.dispatch('utc_timestamp', 'tieout')(text, zone)) }}
{%- endmacro %}

{% macro default__utc_timestamp(text, zone) -%}
    {{ refuse_dialect('utc_timestamp') }}
{%- endmacro %}

{% macro duckdb__utc_timestamp(text, zone) -%}
    case
        when regexp_matches({{ text }}, ':[0-9.]+ ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$')
            then cast(
                regexp_replace(
                    regexp_replace(
                        regexp_replace({{ text }}, '(\.[0-9]{6})[0-9]+', '\1'),
                        ' ?([+-][0-9]{2})$', '\1:00'
                    ),
                    ' ?([+-][0-9]{2}):?([0-9]{2})$', '\1:\2'
                ) as timestamptz
            ) at time zone 'UTC'
        else cast(regexp_replace({{ text }}, '(\.[0-9]{6})[0-9]+', '\1') as timestamp)
            at time zone {{ zone }} at time zone 'UTC'
    end
{%- endmacro %}

{% macro postgres__utc_timestamp(text, zone) -%}
    case
        when {{ text }} ~ ':[0-9.]+ ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$'
            then cast(regexp_replace({{ text }}, '(\.[0-9]{6})[0-9]+', '\1') as timestamptz) at time zone 'UTC'
        else cast(regexp_replace({{ text }}, '(\.[0-9]{6})[0-9]+', '\1') as timestamp)
            at time zone {{ zone }} at time zone 'UTC'
    end
{%- endmacro %}
