"""What a person decides about matches: confirm a proposal, match two rows, take a match apart.

In: Settings, a match id or two rows' ids, the person's name. Out: a Decision, written into
ops.match_decisions, one line a pair; the next build follows it. Raises ConfigurationError when the
ids do not name what they would have to. Takes the writer's lock.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from ingestion.landing.land import ensure_schema
from orchestration.lock import single_writer
from orchestration.register import has_table

Row = dict[str, Any]

_MEMBERS = """
select members.reconciliation, members.role, moves.transaction_id, moves.source, moves.native_id,
    moves.amount, moves.currency, moves.business_date
from marts.match_members as members
inner join marts.transactions as moves on members.transaction_id = moves.transaction_id
where members.match_id = $1 and members.tenant_id = $2
order by members.role, moves.business_date, moves.transaction_id
"""
_STANDING = """
select standing.reconciliation, standing.role, moves.transaction_id, moves.source, moves.native_id,
    moves.amount, moves.currency, moves.business_date
from (
    select reconciliation, role, transaction_id from marts.match_members
    union all
    select reconciliation, role, transaction_id from marts.open_items
) as standing
inner join marts.transactions as moves on standing.transaction_id = moves.transaction_id
where moves.tenant_id = $2 and (moves.transaction_id = $1 or moves.native_id = $1)
order by standing.reconciliation, standing.role, moves.transaction_id
"""
_INSERT = """
insert into ops.match_decisions (decision_id, tenant_id, action, reconciliation, left_source,
    left_native_id, right_source, right_native_id, decided_by, decided_at, reason, decision_group)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""


@dataclass(frozen=True)
class Decision:
    """What was decided: match or unmatch, on which rows of each side."""

    action: str
    reconciliation: str
    left: tuple[Row, ...]
    right: tuple[Row, ...]


def decide(
    settings: Settings,
    action: str,
    ids: list[str],
    by: str,
    reason: str,
    reconciliation: str | None = None,
) -> Decision:
    """Writes down that the rows belong together (match) or do not (unmatch)."""
    with single_writer(settings), open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        if not has_table(warehouse, "marts", "match_members"):
            raise ConfigurationError("Nothing is built yet: tieout build comes first.")
        if len(ids) == 1:
            decision = _on_match(warehouse, settings.tenant, action, ids[0])
        else:
            decision = _on_rows(warehouse, settings.tenant, action, ids, reconciliation)
        _refuse_other_currency(decision)
        with warehouse.transaction():
            _write(warehouse, settings, decision, by, reason)
        return decision


def _on_match(warehouse: Warehouse, tenant: str, action: str, match_id: str) -> Decision:
    rows = warehouse.rows(_MEMBERS, [match_id, tenant])
    if not rows:
        raise ConfigurationError(
            f"{match_id} is no match of the last build. tieout status lists proposals;"
            " two rows are named by both their ids."
        )
    [match] = warehouse.rows("select * from marts.matches where match_id = $1", [match_id])
    if action == "match" and match["status"] == "matched":
        raise ConfigurationError(
            f"{match_id} is matched already (rule {match['rule_id']}); nothing to confirm."
        )
    sides = {role: tuple(row for row in rows if row["role"] == role) for role in ("left", "right")}
    return Decision(action, match["reconciliation"], sides["left"], sides["right"])


def _on_rows(
    warehouse: Warehouse, tenant: str, action: str, ids: list[str], reconciliation: str | None
) -> Decision:
    first, second = (warehouse.rows(_STANDING, [identity, tenant]) for identity in ids)
    found = [
        (one, other)
        for one in first
        for other in second
        if one["reconciliation"] == other["reconciliation"]
        and one["role"] != other["role"]
        and reconciliation in (None, one["reconciliation"])
    ]
    if not found:
        raise ConfigurationError(
            f"{ids[0]} and {ids[1]} are not the two sides of one reconciliation"
            f"{f' {reconciliation}' if reconciliation else ''} in the last build;"
            " tieout explain ID says where each stands."
        )
    if len(found) > 1:
        raise ConfigurationError(
            f"{ids[0]} and {ids[1]} name several pairs; take transaction ids (txn_…, as tieout"
            " explain shows them), or say which with --reconciliation."
        )
    left, right = sorted(found[0], key=lambda row: str(row["role"]))
    return Decision(action, left["reconciliation"], (left,), (right,))


def _refuse_other_currency(decision: Decision) -> None:
    currencies = {row["currency"] for row in (*decision.left, *decision.right)}
    if decision.action == "match" and len(currencies) > 1:
        raise ConfigurationError(
            f"The rows are in different currencies ({', '.join(sorted(currencies))}): amounts of"
            " two currencies are never compared."
        )


def _pairs(decision: Decision) -> list[tuple[Row, Row]]:
    """The fewest pairs that name every row: each left with the first right, and the other way."""
    left, right = decision.left, decision.right
    return [(one, right[0]) for one in left] + [(left[0], other) for other in right[1:]]


def _write(warehouse: Warehouse, settings: Settings, decision: Decision, by: str, why: str) -> None:
    name = f"dec_{secrets.token_hex(12)}"
    pairs = _pairs(decision)
    # Rows taken apart are taken apart one by one; a group is confirmed whole.
    group = name if decision.action == "match" and len(pairs) > 1 else None
    for number, (left, right) in enumerate(pairs, start=1):
        for row, role in ((left, "left"), (right, "right")):
            _refuse_shared_name(warehouse, settings.tenant, decision.reconciliation, role, row)
        warehouse.execute(
            _INSERT,
            [
                name if len(pairs) == 1 else f"{name}_{number}",
                settings.tenant,
                decision.action,
                decision.reconciliation,
                *(left["source"], left["native_id"], right["source"], right["native_id"]),
                *(by, settings.clock(), why, group),
            ],
        )


def _refuse_shared_name(
    warehouse: Warehouse, tenant: str, reconciliation: str, role: str, row: Row
) -> None:
    """A decision names rows by source and native id, so that it outlives a rebuild."""
    others = [
        other
        for other in warehouse.rows(_STANDING, [row["native_id"], tenant])
        if other["reconciliation"] == reconciliation
        and other["role"] == role
        and other["source"] == row["source"]
        and other["native_id"] == row["native_id"]
    ]
    if len(others) > 1:
        raise ConfigurationError(
            f"{row['source']} {row['native_id']} stands for {len(others)} rows of several"
            " accounts; a decision could not tell them apart."
        )
