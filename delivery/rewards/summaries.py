"""The tables that sum up: orders, groups, reports by cycle, checks and the rows that fail them.

In: nothing. Out: Table values, as in delivery/rewards/tables.py. Orders, checks and failing rows
are as they stand now: the workbook gives orders no date.
"""

from __future__ import annotations

from delivery.rewards.tables import ALLOCATIONS, BALANCES, HISTORY, TC_DATA, C, Table, columns_of

ORDERS = Table(
    "reward_orders",
    "Orders",
    ("reward_orders",),
    columns_of(
        "order_id customer_id customer_group currency gross_sales:money earned:money"
        " redeemed:money unfunded:money redeemed_share:share redemption_count:whole"
        " is_in_sales:flag reports_agree:flag is_of_one_customer:flag"
    ),
    "select * from marts.reward_orders where tenant_id = $1"
    f" order by tenant_id {C}, order_id {C}, currency {C}",
)
REPORTS = Table(
    "reward_reports",
    "Reports",
    ("reward_reports",),
    columns_of(
        "cycle period_from:day period_to:day level member currency opening:money earned:money"
        " spent:money expired:money reversed:money closing:money unfunded:money is_over:flag"
    ),
    "select * from marts.reward_reports where tenant_id = $1 and period_from <= cast($2 as date)"
    " and (cast($2 as date) >= date '9999-01-01' or period_to <= cast($2 as date))"
    " order by tenant_id, case cycle when 'weekly' then 1 when 'biweekly' then 2"
    f" when 'monthly' then 3 else 4 end, cycle {C}, period_from, case level when 'total' then 0"
    f" else 1 end, level {C}, member {C}, currency {C}",
)
GROUPS = Table(
    "reward_group_liabilities",
    "Groups",
    ("customer_balance_history", "reward_customers"),
    columns_of(
        "customer_group group_name company cost_center region currency customers:whole"
        " earned:money spent:money expired:money reversed:money open_lots:money"
    ),
    "select balances.tenant_id, balances.customer_group, customers.group_name, balances.company,"
    " balances.cost_center, balances.region, balances.currency, count(*) as customers,"
    " sum(earned) as earned, sum(spent) as spent, sum(expired) as expired,"
    f" sum(reversed) as reversed, sum(open_lots) as open_lots from ({BALANCES.query}) as balances"
    " inner join marts.reward_customers as customers on balances.tenant_id = customers.tenant_id"
    " and balances.customerid = customers.customer_id group by balances.tenant_id,"
    " balances.customer_group, customers.group_name, balances.company, balances.cost_center,"
    f" balances.region, balances.currency order by balances.tenant_id,"
    f" balances.customer_group {C}, balances.currency {C}",
)
CHECKS = Table(
    "reward_validations",
    "Checks",
    ("reward_validations",),
    columns_of(
        "layer check_name severity statement:label checked_count:whole failing_count:whole"
        " what_to_do"
    ),
    "select * from marts.reward_validations where tenant_id = $1 order by tenant_id,"
    " case layer when 'source' then 1 when 'processing' then 2 when 'results' then 3 else 4 end,"
    f" fails_build desc, severity {C} desc, check_name {C}",
)
FAILURES = Table(
    "reward_validation_failures",
    "Failing rows",
    ("reward_validation_failures",),
    columns_of(
        "layer check_name severity subject customer_id currency amount:money explanation"
        " what_to_do _source_file _source_line:whole"
    ),
    "select * from marts.reward_validation_failures where tenant_id = $1"
    f" order by tenant_id, fails_build desc, severity {C} desc,"
    f" check_name {C}, subject {C}, reward_validation_failure_id {C}",
)
ALL = (TC_DATA, ALLOCATIONS, HISTORY, BALANCES, ORDERS, GROUPS, REPORTS, CHECKS, FAILURES)
