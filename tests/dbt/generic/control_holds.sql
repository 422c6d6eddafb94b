{# Fails with every row of `control` that did not pass, and when there is no row of it at all: a control that did not run
   has failed. The test is named control_<control>, so that an alert names what is broken.
   - control_holds: {name: control_trial_balance, arguments: {control: trial_balance}} #}
{% test control_holds(model, control) %}

with results as (
    select * from {{ model }} where control = '{{ control }}'
),

result_count as (
    select count(*) as row_count from results
)

select
    tenant_id,
    scope,
    measure,
    currency,
    expected,
    found,
    difference
from results
where passed is not true

union all

select
    null as tenant_id,
    'the control did not run' as scope,
    null as measure,
    null as currency,
    null as expected,
    null as found,
    null as difference
from result_count
where row_count = 0

{% endtest %}
