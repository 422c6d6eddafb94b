with

stated as (
    select * from {{ ref('int_payouts__stated') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

payout_sources as (
    select * from {{ ref('payout_sources') }}
)

select
    -- keys
    cast(coalesce(stated.payout_id, stated.native_id) as {{ dbt.type_string() }}) as payout_id,
    cast(stated.tenant_id as {{ dbt.type_string() }}) as tenant_id,
    cast(stated.source as {{ dbt.type_string() }}) as source,
    cast(stated.source_account as {{ dbt.type_string() }}) as source_account,
    cast(stated.transaction_id as {{ dbt.type_string() }}) as transaction_id,

    -- money
    cast(stated.currency as {{ dbt.type_string() }}) as currency,
    cast(stated.paid_minor as bigint) as amount_minor,
    {{ major_units('stated.paid_minor', 'currencies.exponent') }} as amount,
    cast(stated.explained_minor as bigint) as explained_minor,
    {{ major_units('stated.explained_minor', 'currencies.exponent') }} as explained,
    cast(stated.paid_minor - stated.explained_minor as bigint) as unexplained_minor,
    {{ major_units('stated.paid_minor - stated.explained_minor', 'currencies.exponent') }} as unexplained,
    cast({{ explained_bps('(stated.paid_minor - stated.explained_minor)', 'stated.paid_minor') }} as bigint) as explained_bps,
    cast(stated.member_count as integer) as member_count,

    -- time
    cast(stated.business_date as date) as paid_on,
    cast(stated.expected_on as date) as expected_on,
    cast(stated.returned_on as date) as returned_on,

    -- the bank's side
    cast(stated.bank_match_id as {{ dbt.type_string() }}) as bank_match_id,
    cast(stated.bank_transaction_id as {{ dbt.type_string() }}) as bank_transaction_id,
    cast(stated.bank_date as date) as bank_date,
    cast(stated.bank_line_count as integer) as bank_line_count,
    cast(stated.bank_payout_count as integer) as bank_payout_count,
    cast(stated.arrived_minor as bigint) as arrived_minor,
    {{ major_units('stated.arrived_minor', 'currencies.exponent') }} as arrived,
    cast(stated.proposed_minor as bigint) as proposed_minor,
    {{ major_units('stated.proposed_minor', 'currencies.exponent') }} as proposed,
    cast(
        case when stated.bank_transaction_id is not null then stated.arrived_minor - stated.paid_minor end as bigint
    ) as bank_difference_minor,
    {{ major_units(
        'case when stated.bank_transaction_id is not null then stated.arrived_minor - stated.paid_minor end', 'currencies.exponent'
    ) }} as bank_difference,

    -- state
    cast(stated.native_status as {{ dbt.type_string() }}) as native_status,
    cast(stated.state as {{ dbt.type_string() }}) as state,
    case
        when stated.paid_minor = stated.explained_minor then 'members'
        when stated.member_count > 0 then 'members_in_part'
        when stated.is_proven_by_balance then 'balance'
        when not coalesce(payout_sources.states_members, true) then 'not_stated'
        else 'nothing'
    end as explained_by,
    case
        when stated.paid_minor = stated.explained_minor then true
        when stated.member_count = 0 and stated.is_proven_by_balance then true
        when coalesce(payout_sources.states_members, true) then false
    end as is_explained,

    -- origin
    cast(stated._document_id as {{ dbt.type_string() }}) as _document_id,
    cast(stated._source_file as {{ dbt.type_string() }}) as _source_file,
    cast(stated._source_line as bigint) as _source_line
from stated
left join currencies on stated.currency = currencies.currency
left join payout_sources on stated.source = payout_sources.source
