{# The days up to and including the run's, one select a day: business_date, weekday (mon … sun), day_of_month.
   Literals, because series, weekdays and days of the month are written differently on each engine. #}
{% macro recent_days(count) -%}
    {%- set moment = var('as_of', '') or run_started_at.strftime('%Y-%m-%d %H:%M:%S') -%}
    {%- set last = modules.datetime.datetime.strptime(moment[:10], '%Y-%m-%d') -%}
    {%- for number in range(count) -%}
        {%- set day = last - modules.datetime.timedelta(days=number) %}
        select cast('{{ day.strftime('%Y-%m-%d') }}' as date) as business_date, '{{ ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'][day.weekday()] }}' as weekday, {{ day.day }} as day_of_month
        {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
