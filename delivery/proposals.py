"""Matches that wait for a person, with both sides: what page, JSON and `tieout status` list.

In: rows of QUERY, or an open warehouse. Out: one dictionary a proposal, the largest amount first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

SHOWN = 25  # proposals that the page shows; proposed.csv has them all
_NAMED = 5  # rows of a side that are named; a group may be hundreds

NEEDS = ("marts.matches", "marts.match_members", "marts.transactions")
QUERY = (
    "select * from (select proposed.match_id, proposed.tenant_id, proposed.reconciliation,"
    " proposed.rule_id, proposed.pass, proposed.confidence, proposed.currency,"
    " proposed.left_amount, proposed.right_amount, proposed.difference, proposed.left_count,"
    " proposed.right_count, proposed.days_apart, proposed.explanation, proposed.size_rank,"
    " members.role, moves.source, moves.native_id, moves.amount, moves.business_date,"
    " row_number() over (partition by proposed.match_id, members.role"
    " order by moves.business_date, moves.native_id, moves.transaction_id) as place"
    " from (select matches.*, row_number() over (order by greatest(abs(left_amount_minor),"
    " abs(right_amount_minor)) desc, match_id) as size_rank from marts.matches as matches"
    " where status = 'proposed') as proposed"
    " inner join marts.match_members as members on proposed.match_id = members.match_id"
    " inner join marts.transactions as moves on members.transaction_id = moves.transaction_id"
    f" where proposed.size_rank <= {SHOWN}) as listed where place <= {_NAMED}"
    " order by size_rank, role, place"
)


def proposals(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry a match; `left` and `right` hold the rows of its sides, `more` how many not."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        entry = found.setdefault(row["match_id"], {**row, "left": [], "right": []})
        entry[row["role"]].append(row)
    for entry in found.values():
        for side in ("left", "right"):
            entry[f"{side}_more"] = int(entry[f"{side}_count"]) - len(entry[side])
    return list(found.values())


def side_of(entry: dict[str, Any], role: str) -> str:
    """The rows of one side in words."""
    named = ", ".join(f"{row['source']} {row['native_id']}" for row in entry[role])
    return f"{named} and {more} more" if (more := entry[f"{role}_more"]) else named
