with expected_days as (
    select * from {{ ref('int_controls__expected_days') }}
),

documents as (
    select
        document_id,
        tenant_id,
        source,
        name,
        received_at,
        -- what a person released later was held until then
        case when state = 'landed' and landed_at > {{ as_of() }} then 'held' else state end as state
    from {{ ref('stg_documents__register') }}
    where is_known and state != 'rejected'
),

-- Of several files that fit, the one that is in the books; of several of those, the first.
found as (
    select
        expected_days.expectation_id,
        expected_days.business_date,
        documents.document_id,
        documents.name,
        documents.state,
        documents.received_at,
        row_number() over (
            partition by expected_days.expectation_id, expected_days.business_date
            order by
                case when documents.state = 'landed' then 0 else 1 end,
                documents.received_at asc nulls last,
                documents.document_id asc
        ) as place
    from expected_days
    inner join documents
        on expected_days.tenant_id = documents.tenant_id
            and expected_days.source = documents.source
            and documents.name like expected_days.name_like escape '!'
            and (
                expected_days.is_dated
                or {{ local_date('documents.received_at', 'expected_days.time_zone') }} = expected_days.due_on
            )
),

first_found as (
    select * from found where place = 1
),

answered as (
    select
        expected_days.*,
        first_found.document_id,
        first_found.name,
        first_found.received_at,
        case
            when first_found.state = 'held' then 'held'
            when first_found.received_at <= expected_days.missing_from then 'arrived'
            when first_found.document_id is not null then 'late'
            when expected_days.missing_from < {{ as_of() }} then 'missing'
            else 'not_due'
        end as state
    from expected_days
    left join first_found
        on expected_days.expectation_id = first_found.expectation_id
            and expected_days.business_date = first_found.business_date
)

select
    {{ key_hash('exp', ['tenant_id', 'expectation_id', 'business_date']) }} as expected_file_id,
    tenant_id,
    cast(expectation_id as {{ dbt.type_string() }}) as expectation_id,
    cast(source as {{ dbt.type_string() }}) as source,
    cast(name_pattern as {{ dbt.type_string() }}) as name_pattern,
    cast(expected_name as {{ dbt.type_string() }}) as expected_name,
    business_date,
    cast(due_at as timestamp) as due_at,
    cast(missing_from as timestamp) as missing_from,
    cast(time_zone as {{ dbt.type_string() }}) as time_zone,
    cast(calendar as {{ dbt.type_string() }}) as calendar,
    cast(state as {{ dbt.type_string() }}) as state,
    cast(state in ('arrived', 'late', 'not_due') as boolean) as is_complete,
    document_id,
    name,
    received_at
from answered
