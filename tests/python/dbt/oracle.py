"""The matching room once more, row by row: what a transaction is and what may become of it.

In: the rows of the mart `transactions` and of the seeds. Out: the Rooms (one a reconciliation and
tenant) that the passes of oracle_keys, oracle_fuzzy and oracle_groups work on, and Outcome, what
they say of a row. Written from the rules' meaning, not from the models: loops over sorted lists, no
groups, no windows, no buckets. Slow, and easy to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

Row = dict[str, Any]
Seeds = Mapping[str, list[Row]]
SEEDS = (
    "reconciliations",
    "reconciliation_scopes",
    "match_rules",
    "business_calendars",
    "holidays",
    "settlement_calendars",
)
DEAD = ("failed", "canceled")
EXCLUSIONS = {"unknown": "unknown_event_type", "exclude": "excluded_by_rule"}


@dataclass(frozen=True)
class Outcome:
    """In a match of a pass with its partners, or open in a state for a reason."""

    state: str
    reason: str = ""
    rule: str = ""
    partners: frozenset[str] = frozenset()
    confidence: int = 0
    related: str | None = None
    rivals: int = 0
    expected_by: date | None = None


@dataclass
class Room:
    """One reconciliation of one tenant, while it is being worked on.

    `key_rivals` are a row's rivals under a key, `near_rivals` those of pass 3, `sum_rivals` those
    of pass 4, `not_searched` the rows with too many candidates for a sum.
    """

    name: str
    tenant: str
    left: list[Row]
    right: list[Row]
    seeds: Seeds
    rules: list[Row]
    days: Mapping[str, Mapping[date, int]]
    found: dict[str, Outcome] = field(default_factory=dict)
    hands_off: set[str] = field(default_factory=set)
    key_rivals: dict[str, set[str]] = field(default_factory=dict)
    near_rivals: dict[str, set[str]] = field(default_factory=dict)
    sum_rivals: dict[str, set[str]] = field(default_factory=dict)
    not_searched: set[str] = field(default_factory=set)

    def everyone(self) -> list[Row]:
        """Both sides, oldest first."""
        return sorted(self.left + self.right, key=age)

    def match(self, rule: Row, members: Iterable[Row], confidence: int | None = None) -> None:
        """Notes a match, or a proposal where the rule does not confirm it by itself."""
        members = list(members)
        sure = rule["confidence"] if confidence is None else confidence
        state = "matched" if sure >= rule["confirms_from"] else "proposed"
        names = frozenset(row["transaction_id"] for row in members)
        step = f"{rule['pass']}.{rule['step']} {rule['rule_id']} {rule['rule_version']}"
        for name in names:
            assert name not in self.found, f"{name} is in two matches"
            self.found[name] = Outcome(
                state, rule=step, partners=names - {name}, confidence=int(sure)
            )

    def note(self, row: Row, state: str, reason: str, **more: Any) -> None:
        """Notes an open row, unless something was found before."""
        self.found.setdefault(row["transaction_id"], Outcome(state, reason, **more))

    def is_open(self, row: Row) -> bool:
        """Whether nothing was found for the row yet."""
        return row["transaction_id"] not in self.found

    def waiting(self, needs_no_rivals: bool = True) -> list[Row]:
        """What a rule may look at now, oldest first."""
        return [
            row
            for row in self.everyone()
            if self.is_open(row)
            and row["transaction_id"] not in self.hands_off
            and not (needs_no_rivals and row["transaction_id"] in self.key_rivals)
        ]


def age(row: Row) -> tuple[date, datetime, str]:
    """Oldest first, and never two of one age."""
    return row["business_date"], row["occurred_at"], row["transaction_id"]


def is_dead(row: Row) -> bool:
    """Whether the row says that no money moved."""
    return row["status"] in DEAD


def sign(amount: int) -> int:
    """-1, 0 or 1."""
    return (amount > 0) - (amount < 0)


def _scope(row: Row, reconciliation: str, scopes: list[Row]) -> Row | None:
    """The line that speaks for a row: the most exact of those that fit."""
    way = {1: "in", -1: "out", 0: "none"}[sign(row["amount_minor"])]
    fitting = [
        scope
        for scope in scopes
        if scope["reconciliation"] == reconciliation
        and (scope["side"], scope["event_type"]) == (row["side"], row["event_type"])
        and scope["tenant_id"] in ("*", row["tenant_id"])
        and scope["source"] in ("*", row["source"])
        and scope["source_account"] in ("*", row["source_account"] or "")
        and scope["processor"] in ("*", row["processor"] or "")
        and scope["direction"] in ("any", way)
        and (row["processor"] or not scope["needs_processor"])
    ]
    names = ("tenant_id", "source", "source_account", "processor", "direction")
    return min(
        fitting, key=lambda scope: [scope[name] in ("*", "any") for name in names], default=None
    )


def _item(row: Row, scope: Row, reconciliation: Row) -> Row:
    """A row as the reconciliation sees it: its role, its class, its money as the other signs it."""
    factor = reconciliation[f"{scope['role']}_sign"]
    conflict = "key_conflict" if row["has_conflict"] else None
    return {
        **row,
        "role": scope["role"],
        "processor": row["processor"] or "",
        "gross": row["amount_minor"] * factor,
        "net": row["net_minor"] * factor,
        "direction": sign(row["amount_minor"] * factor),
        "event_class": scope["event_class"],
        "group_class": scope["group_class"],
        "one_per_id": scope["one_per_id"],
        "nets_returns": reconciliation["nets_returns"] and scope["role"] == "left",
        "own_account": row["source_account"] if reconciliation["between_accounts"] else None,
        "exclusion": conflict or EXCLUSIONS.get(scope["treatment"]),
    }


def _in_force(rules: list[Row], as_of: datetime) -> list[Row]:
    """The newest version of each rule whose day has come."""
    newest: dict[str, Row] = {}
    for rule in sorted(rules, key=lambda rule: rule["rule_version"]):
        begins = rule["effective_from"]
        if begins is None or datetime.fromisoformat(begins) <= as_of:
            newest[rule["rule_id"]] = rule
    return list(newest.values())


def rooms(
    transactions: list[Row],
    seeds: Seeds,
    days: Mapping[str, Mapping[date, int]],
    as_of: datetime,
) -> Iterable[Room]:
    """Every reconciliation of every tenant with the rows in its scope; `days` are open_days."""
    rules = _in_force(seeds["match_rules"], as_of)
    for tenant in sorted({row["tenant_id"] for row in transactions}):
        mine = [row for row in transactions if row["tenant_id"] == tenant]
        for reconciliation in seeds["reconciliations"]:
            name = reconciliation["reconciliation"]
            items = []
            for row in mine:
                scope = _scope(row, name, seeds["reconciliation_scopes"])
                if scope and scope["treatment"] != "out":
                    items.append(_item(row, scope, reconciliation))
            yield Room(
                name=name,
                tenant=tenant,
                left=[row for row in items if row["role"] == "left"],
                right=[row for row in items if row["role"] == "right"],
                seeds=seeds,
                rules=[rule for rule in rules if rule["reconciliation"] == name],
                days=days,
            )
