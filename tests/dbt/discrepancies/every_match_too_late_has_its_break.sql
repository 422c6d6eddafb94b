-- Of matches by a rule without a window, where every day counts and nothing was announced: those whose second row came after the days the
-- calendar gives are date_differs, and no others.
{{ config(meta={'dagster': {'ref': {'name': 'discrepancies'}}}) }}

with matches as (
    select matches.*
    from {{ ref('matches') }} as matches
    inner join {{ ref('match_rules') }} as rules on matches.rule_id = rules.rule_id and matches.rule_version = rules.rule_version
    where
        matches.match_type = 'one_to_one' and matches.status = 'matched' and rules.pass != 0
        and rules.days_before is null and rules.days_after is null
),

calendars as (
    select
        reconciliation,
        side,
        min(due_days) as shortest,
        max(due_days) as longest,
        max(case when calendar = 'every_day' then 0 else 1 end) as has_closed_days
    from {{ ref('settlement_calendars') }}
    group by reconciliation, side
),

transactions as (
    select * from {{ ref('transactions') }}
),

members as (
    select members.match_id, members.role, members.side, transactions.business_date, transactions.expected_on
    from {{ ref('match_members') }} as members
    inner join transactions on members.transaction_id = transactions.transaction_id
),

measured as (
    select
        matches.match_id,
        {{ days_between('firsts.business_date', 'seconds.business_date') }} as days_later,
        calendars.shortest,
        calendars.longest
    from matches
    inner join members as firsts on matches.match_id = firsts.match_id and firsts.expected_on is null
    inner join members as seconds
        on firsts.match_id = seconds.match_id and firsts.role != seconds.role and firsts.business_date <= seconds.business_date
    inner join calendars
        on matches.reconciliation = calendars.reconciliation and firsts.side = calendars.side and calendars.has_closed_days = 0
),

told as (
    select * from {{ ref('discrepancies') }} where kind = 'date_differs'
)

select
    measured.*,
    told.discrepancy_id
from measured
left join told on measured.match_id = told.match_id
where
    (measured.days_later > measured.longest and told.match_id is null)
    or (measured.days_later <= measured.shortest and told.match_id is not null)
