-- One break a file and currency. A count, and an amount whose unit the file does not say, put nothing at risk that could be named; they are
-- told in the currency that the source reports most, so that the break has one.
with file_totals as (
    select * from {{ ref('int_discrepancies__file_totals') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

counted as (
    select tenant_id, source, currency, count(*) as transactions
    from {{ ref('transactions') }}
    group by tenant_id, source, currency
),

usual as (
    select
        counted.tenant_id,
        counted.source,
        counted.currency,
        row_number() over (
            partition by counted.tenant_id, counted.source order by counted.transactions desc, counted.currency
        ) as place,
        row_number() over (partition by counted.tenant_id order by counted.transactions desc, counted.currency, counted.source)
            as place_in_tenant
    from counted
),

named as (
    select
        file_totals.*,
        file_totals.currency is not null and file_totals.measure = 'amount' as is_money,
        coalesce(file_totals.currency, file_totals.file_currency, usual.currency, home.currency) as told_in
    from file_totals
    left join usual on file_totals.tenant_id = usual.tenant_id and file_totals.source = usual.source and usual.place = 1
    left join usual as home on file_totals.tenant_id = home.tenant_id and home.place_in_tenant = 1
),

measured as (
    select
        named.*,
        case when named.is_money then {{ minor_units('named.declared', 'currencies.minor_unit_factor') }} else 0 end as declared_minor,
        case when named.is_money then {{ minor_units('named.found', 'currencies.minor_unit_factor') }} else 0 end as found_minor,
        named.what || ' says ' || {{ plain_number('named.declared') }} || ', found ' || {{ plain_number('named.found') }} as story
    from named
    inner join currencies on named.told_in = currencies.currency
),

told as (
    select
        {{ key_hash('tot', ['document_id', 'told_in']) }} as transaction_id,
        cast(null as {{ dbt.type_string() }}) as reconciliation,
        tenant_id,
        cast(null as {{ dbt.type_string() }}) as match_id,
        cast(null as {{ dbt.type_string() }}) as counterpart_transaction_id,
        source,
        document_id as native_id,
        cast(null as {{ dbt.type_string() }}) as processor,
        name as reference,
        received_on as business_date,
        told_in as currency,
        document_id as _document_id,
        name as _source_file,
        cast(null as bigint) as _source_line,
        sum(declared_minor) as expected_minor,
        sum(found_minor) as found_minor,
        sum(abs(declared_minor - found_minor)) as amount_at_risk_minor,
        case when is_current then 'Let in by a person: ' else 'Held: ' end
        || {{ dbt.listagg('story', "'; '", 'order by story') }} || '.' as explanation
    from measured
    group by document_id, told_in, tenant_id, source, name, received_on, is_current
)

select
    'file_total_differs' as kind,
    {{ break_identity() }},
    expected_minor,
    found_minor,
    amount_at_risk_minor,
    business_date as first_seen_on,
    explanation
from told
