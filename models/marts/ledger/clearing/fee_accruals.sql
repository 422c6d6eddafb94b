with fee_months as (
    select * from {{ ref('int_ledger__fee_months') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

judged as (
    select
        fee_months.*,
        case when invoiced_on is not null then invoiced_minor - accrued_minor else 0 end as true_up_minor,
        case when invoiced_on is not null then invoiced_minor else accrued_minor end - paid_minor as owed_minor
    from fee_months
)

select
    cast(judged.fee_month_id as {{ dbt.type_string() }}) as fee_month_id,
    cast(judged.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(judged.processor as {{ dbt.type_string() }}) as processor,
    cast(judged.period as date) as period,
    {% for measure in ['accrued', 'invoiced', 'true_up', 'paid', 'owed'] %}
        cast(judged.{{ measure }}_minor as bigint) as {{ measure }}_minor,
        {{ major_units('judged.' ~ measure ~ '_minor', 'currencies.exponent') }} as {{ measure }},
    {% endfor %}
    cast(judged.currency as {{ dbt.type_string() }}) as currency,
    cast(judged.accrued_on as date) as accrued_on,
    cast(judged.invoiced_on as date) as invoiced_on,
    cast(judged.paid_on as date) as paid_on
from judged
inner join currencies on judged.currency = currencies.currency
