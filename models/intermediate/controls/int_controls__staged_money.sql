with money_rows as (
    {% for reading in money_readings() %}
        select
            '{{ reading.record }}' as record,
            tenant_id,
            source,
            _document_id,
            currency,
            {{ reading.staged_amount or 'amount_minor' }} as amount_minor,
            {{ reading.is_booked or 'true' }} as is_booked
        from {{ ref(reading.model) }}
        where {{ reading.staged_where or 'true' }} {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    record,
    tenant_id,
    source,
    _document_id as document_id,
    currency,
    is_booked,
    count(*) as row_count,
    sum(amount_minor) as amount_minor
from money_rows
group by record, tenant_id, source, _document_id, currency, is_booked
