"""Two runs of the matching room, compared match by match, in the scratch file.

In: the scratch warehouse after each run. Out: totals and lists of what differs. A match belongs to
a period when one of its transactions does, or one of the match that it moved from or to.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from dbt_project.warehouse import Warehouse

Match = dict[str, Any]

# Of each run: its matches, and their members with the transactions behind them.
_KEEP = """
create or replace table main.{side}_matches as from marts.matches;
create or replace table main.{side}_members as
select
    members.match_id, members.reconciliation, members.role, members.transaction_id,
    transactions.native_id, transactions.source, transactions.business_date
from marts.match_members as members
inner join marts.transactions as transactions
    on members.transaction_id = transactions.transaction_id
"""

_COMPARE = """
create or replace table main.sides as
select
    '{one}' as side, mine.*,
    others.match_id is null as is_alone,
    coalesce((others.status, others.rule_id) != (mine.status, mine.rule_id), false) as is_changed
from main.{one}_matches as mine
left join main.{other}_matches as others
    on mine.match_id = others.match_id and mine.reconciliation = others.reconciliation
"""

_LINKS = """
create or replace table main.links as
select distinct befores.reconciliation, befores.match_id as old_id, afters.match_id as new_id
from main.old_members as befores
inner join main.new_members as afters
    on befores.transaction_id = afters.transaction_id
    and befores.reconciliation = afters.reconciliation
inner join main.sides as lefts
    on lefts.side = 'old' and lefts.is_alone
    and befores.match_id = lefts.match_id and befores.reconciliation = lefts.reconciliation
inner join main.sides as rights
    on rights.side = 'new' and rights.is_alone
    and afters.match_id = rights.match_id and afters.reconciliation = rights.reconciliation
"""

_KINDS = """
create or replace table main.compared as
with in_period as (
    select 'old' as side, reconciliation, match_id from main.old_members
    where business_date between $1 and $2
    union
    select 'new' as side, reconciliation, match_id from main.new_members
    where business_date between $1 and $2
),

with_partners as (
    select side, reconciliation, match_id from in_period
    union
    select 'old', links.reconciliation, links.old_id from main.links inner join in_period
        on side = 'new' and links.new_id = match_id
        and links.reconciliation = in_period.reconciliation
    union
    select 'new', links.reconciliation, links.new_id from main.links inner join in_period
        on side = 'old' and links.old_id = match_id
        and links.reconciliation = in_period.reconciliation
)

select
    sides.*,
    case
        when not is_alone then case when is_changed then 'changed' else 'same' end
        when exists (
            select 1 from main.links
            where links.reconciliation = sides.reconciliation
            and sides.match_id = case sides.side when 'old' then old_id else new_id end
        ) then 'moved'
        when side = 'old' then 'lost'
        else 'gained'
    end as kind
from main.sides
where (side, reconciliation, match_id) in (from with_partners)
"""

_TOTALS = """
select
    reconciliation, currency,
    {counts},
    {amounts}
from main.compared
group by reconciliation, currency
order by reconciliation, currency
"""
_CASES = {
    "old": "side = 'old'",
    "lost": "kind = 'lost'",
    "moved_from": "kind = 'moved' and side = 'old'",
    "moved_to": "kind = 'moved' and side = 'new'",
    "gained": "kind = 'gained'",
    "changed": "kind = 'changed' and side = 'new'",
    "new": "side = 'new'",
}

_LISTED = """
with pairs as (
    select reconciliation, match_id as old_id, null as new_id from main.compared
    where kind = 'lost' and $1 = 'lost'
    union all
    select reconciliation, null, match_id from main.compared
    where kind = 'gained' and $1 = 'gained'
    union all
    select reconciliation, match_id, match_id from main.compared
    where kind = 'changed' and side = 'new' and $1 = 'changed'
    union all
    select links.* from main.links where $1 = 'moved' and (reconciliation, old_id) in (
        select (reconciliation, match_id) from main.compared where side = 'old')
)

select * from pairs order by reconciliation, coalesce(old_id, new_id), new_id limit $2
"""

_MATCH = """
select
    matches.match_id, matches.reconciliation, matches.currency, matches.status,
    matches.rule_id, matches.rule_version, matches.pass, matches.confidence,
    matches.left_amount_minor, matches.right_amount_minor, matches.days_apart,
    coalesce(currencies.exponent, 2) as exponent,
    (select list(source || ' ' || native_id order by source, native_id)
        from main.{side}_members as members where role = 'left' and
        members.match_id = matches.match_id and members.reconciliation = matches.reconciliation
    ) as left_ids,
    (select list(source || ' ' || native_id order by source, native_id)
        from main.{side}_members as members where role = 'right' and
        members.match_id = matches.match_id and members.reconciliation = matches.reconciliation
    ) as right_ids
from main.{side}_matches as matches
left join seeds.currencies as currencies on matches.currency = currencies.currency
where matches.reconciliation = $1 and matches.match_id = $2
"""


def keep(warehouse: Warehouse, side: str) -> None:
    """Puts the marts of a run aside, as the old or the new."""
    for statement in _KEEP.format(side=side).split(";"):
        warehouse.execute(statement)


def compare(warehouse: Warehouse, period: tuple[date, date]) -> None:
    """Says of each match of the period whether both runs have it."""
    once = _COMPARE.format(one="old", other="new")
    warehouse.execute(once)
    other = _COMPARE.format(one="new", other="old").split("as\n", 1)[1]
    warehouse.execute("insert into main.sides " + other)
    warehouse.execute(_LINKS)
    warehouse.execute(_KINDS, period)


def totals(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Per reconciliation and currency: how many matches of each case, and the left's amounts."""
    counts = ",\n    ".join(f"count(*) filter ({case}) as {name}" for name, case in _CASES.items())
    amounts = ",\n    ".join(
        f"cast(coalesce(sum(left_amount) filter ({case}), 0) as decimal(38, 4)) as {name}_amount"
        for name, case in _CASES.items()
    )
    return warehouse.rows(_TOTALS.format(counts=counts, amounts=amounts))


def listed(warehouse: Warehouse, kind: str, most: int) -> list[tuple[Match | None, Match | None]]:
    """The first changes of a kind: before, after."""
    found = warehouse.rows(_LISTED, [kind, most])
    return [
        (
            _match(warehouse, "old", row["reconciliation"], row["old_id"]),
            _match(warehouse, "new", row["reconciliation"], row["new_id"]),
        )
        for row in found
    ]


def _match(
    warehouse: Warehouse, side: str, reconciliation: str, match_id: str | None
) -> Match | None:
    if match_id is None:
        return None
    (row,) = warehouse.rows(_MATCH.format(side=side), [reconciliation, match_id])
    exponent = int(row.pop("exponent"))
    for name in ("left_amount", "right_amount"):
        row[name] = Decimal(row[f"{name}_minor"]).scaleb(-exponent)
    return row
