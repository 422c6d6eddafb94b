"""Whether the floor and Tieout say the same: pairs by the parties' own ids, and what is open.

In: both DuckDB files. Out: Agreement. Pass 4 is Tieout's alone: its rows are open in the floor.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

ATTACHED = """
attach '{tieout}' as tieout (read_only);
attach '{floor}' as floor (read_only);
create temp table ours as
select matches.pass, matches.status, lefts.native_id as books_id, rights.native_id as told_id
from tieout.marts.matches as matches
inner join tieout.marts.match_members as left_members
    on matches.match_id = left_members.match_id and left_members.role = 'left'
inner join tieout.marts.match_members as right_members
    on matches.match_id = right_members.match_id and right_members.role = 'right'
inner join tieout.marts.transactions as lefts on left_members.transaction_id = lefts.transaction_id
inner join tieout.marts.transactions as rights
    on right_members.transaction_id = rights.transaction_id
where matches.pass between 1 and 3;
create temp table theirs as
select pass, status, books_id, told_id from floor.matches;
create temp table left_open as
select side, native_id from (
    select case side when 'internal' then 'books' else side end as side, native_id
    from tieout.marts.open_items
    union all
    select
        case transactions.side when 'internal' then 'books' else transactions.side end as side,
        transactions.native_id
    from tieout.marts.match_members as members
    inner join tieout.marts.matches as matches on members.match_id = matches.match_id
    inner join tieout.marts.transactions as transactions
        on members.transaction_id = transactions.transaction_id
    where matches.pass = 4
) as items;
"""
COUNTS = """
select pass, status, count(*) as pairs,
    count(*) filter (where substring(books_id, 2) != regexp_extract(told_id, '[0-9]+')) as wrong
from ours group by pass, status order by pass, status
"""
DIFFERENCES = """
select * from (
    select 'tieout only' as who, * from (select * from ours except all select * from theirs)
    union all
    select 'floor only' as who, * from (select * from theirs except all select * from ours)
) as different order by all limit 20
"""
OPEN = """
select * from (
    select 'tieout only' as who, * from (
        select * from left_open except all select side, transaction_id from floor.open_items
    )
    union all
    select 'floor only' as who, * from (
        select side, transaction_id from floor.open_items except all select * from left_open
    )
) as different order by all limit 20
"""


@dataclass
class Agreement:
    """What both found. `wrong`: pairs that the generator did not make."""

    pairs: list[dict[str, Any]] = field(default_factory=list)
    open_items: int = 0
    differences: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """The same pairs in the same passes, and the same rows open."""
        return bool(self.pairs) and not self.differences


def agreement(tieout: Path, floor: Path) -> Agreement:
    """Compares both files."""
    with duckdb.connect() as connection:
        connection.execute(ATTACHED.format(tieout=tieout, floor=floor))
        found = connection.execute(COUNTS)
        names = [column[0] for column in found.description]
        pairs = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        items = connection.execute("select count(*) from left_open").fetchone()
        different = connection.execute(DIFFERENCES).fetchall()
        different += connection.execute(OPEN).fetchall()
    return Agreement(pairs, int(items[0]) if items else 0, different)
