"""What a report is made of: the marts, read once, grouped where they may be large.

In: an open warehouse and the facts of the run. Out: Contents. A mart that is not there (a build
that stopped early) is an empty table and is named in `absent`; a report is written in any case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from dbt_project.settings import BREAK_SEVERITIES
from dbt_project.warehouse import Warehouse
from delivery import ageing, books, chargebacks, evidence, payout_parts, proposals
from delivery.facts import RunFacts
from delivery.rewards import shown as rewards

Row = Mapping[str, Any]

SHOWN = 25  # rows of a kind that the page shows; the CSV has them all
LISTED = 100_000  # breaks that report.json lists
SEVERITIES = (*reversed(BREAK_SEVERITIES), "none")
SEVERITY_RANK = (
    "case severity "
    + " ".join(f"when '{name}' then {rank}" for rank, name in enumerate(SEVERITIES, start=1))
    + " end"
)

# What should have come and did not; `tieout status` and the alerts ask the same.
INCOMPLETE_DAYS = (
    "select * from marts.expected_files where not is_complete"
    " order by business_date desc, source, expectation_id"
)
FILE_GAPS = "select * from marts.file_gaps order by source, sequence_scope, first_missing"

# Query by name, with the relations it needs. Sums stay exact: bigint and decimal only.
_QUERIES: dict[str, tuple[tuple[str, ...], str]] = {
    "currencies": (("seeds.currencies",), "select currency, exponent from seeds.currencies"),
    "reconciliations": (
        ("seeds.reconciliations",),
        "select reconciliation, name, left_side, right_side from seeds.reconciliations"
        " order by reconciliation",
    ),
    "kinds": (
        ("seeds.discrepancy_kinds",),
        "select kind, name, what_to_do from seeds.discrepancy_kinds order by kind",
    ),
    "risk": (
        ("seeds.severities",),
        "select level, at_least, compliance_status from seeds.severities where scale = 'risk'"
        " order by at_least",
    ),
    "matched": (
        ("marts.matches",),
        "select tenant_id, reconciliation, status, pass, rule_id, currency, count(*) as matches,"
        " sum(left_count) as left_count, sum(right_count) as right_count,"
        " sum(left_amount) as left_amount, sum(right_amount) as right_amount,"
        " sum(difference) as difference from marts.matches"
        " group by tenant_id, reconciliation, status, pass, rule_id, currency"
        " order by tenant_id, reconciliation, currency, status, pass, rule_id",
    ),
    "proposals": (proposals.NEEDS, proposals.QUERY),
    "open": (
        ("marts.open_items",),
        "select tenant_id, reconciliation, side, role, source, state, currency,"
        " count(*) as items, sum(amount) as amount from marts.open_items"
        " group by tenant_id, reconciliation, side, role, source, state, currency"
        " order by tenant_id, reconciliation, currency, side, source, state",
    ),
    "summary": (
        ("marts.reconciliation_summary",),
        "select * from marts.reconciliation_summary"
        " order by tenant_id, reconciliation, source, currency, business_date",
    ),
    "breaks_by_kind": (
        ("marts.discrepancies",),
        "select kind, severity, currency, is_accepted, count(*) as breaks,"
        " sum(amount_at_risk) as amount_at_risk, max(age_days) as oldest_days"
        " from marts.discrepancies group by kind, severity, currency, is_accepted"
        " order by kind, severity, currency, is_accepted",
    ),
    "breaks_by_age": (
        ("marts.discrepancies",),
        "select ageing_bucket, severity, count(*) as breaks, min(age_days) as youngest_days"
        " from marts.discrepancies where not is_accepted group by ageing_bucket, severity"
        " order by min(age_days), severity",
    ),
    "breaks": (
        ("marts.discrepancies",),
        "select * from marts.discrepancies order by is_accepted, amount_at_risk_minor desc,"
        f" discrepancy_id limit {LISTED}",
    ),
    "breaks_shown": (
        ("marts.discrepancies",),
        "select * from (select discrepancies.*, row_number() over (partition by kind"
        " order by is_accepted, amount_at_risk_minor desc, discrepancy_id) as place"
        f" from marts.discrepancies as discrepancies) as ranked where place <= {SHOWN}"
        " order by kind, place",
    ),
    **ageing.QUERIES,
    **payout_parts.QUERIES,
    **chargebacks.QUERIES,
    **rewards.queries(SHOWN),
    **books.QUERIES,
    "controls": (
        ("marts.control_results",),
        "select * from marts.control_results order by control, tenant_id, scope, currency",
    ),
    # A refused file is no trouble once a person said no, or a good one of the same key has come.
    "files": (
        ("marts.files",),
        "select files.*, coalesce(code = 'REJECTED_BY_HAND', false) or coalesce(received_at <= max("
        "case when state = 'landed' then received_at end)"
        " over (partition by tenant_id, source, logical_key), false) as is_settled"
        " from marts.files as files order by received_at, source, name, delivery_id",
    ),
    "incomplete_days": (
        ("marts.expected_files",),
        INCOMPLETE_DAYS,
    ),
    "file_gaps": (
        ("marts.file_gaps",),
        FILE_GAPS,
    ),
    "quarantine": (
        ("marts.quarantine",),
        "select * from marts.quarantine where is_current"
        f" order by name, source_line, column_number, quarantine_id limit {SHOWN}",
    ),
    **evidence.queries(SHOWN, proposals.SHOWN),
}


@dataclass(frozen=True)
class Contents:
    """Rows by query name, and what the report needs to speak of them."""

    facts: RunFacts
    tenant: str
    version: str
    tables: Mapping[str, list[dict[str, Any]]]
    absent: tuple[str, ...]

    def __getitem__(self, name: str) -> list[dict[str, Any]]:
        return self.tables[name]

    @property
    def exponents(self) -> dict[str, int]:
        """Decimal places by currency."""
        return {row["currency"]: int(row["exponent"]) for row in self["currencies"]}

    def open_breaks(self) -> int:
        """How many breaks nobody has accepted."""
        return sum(int(row["breaks"]) for row in self["breaks_by_kind"] if not row["is_accepted"])

    def failed_controls(self) -> list[dict[str, Any]]:
        """Controls whose two numbers differ."""
        return [row for row in self["controls"] if not row["passed"]]

    def troubled_files(self) -> list[dict[str, Any]]:
        """Files that a person must look at: refused, held, or with quarantined lines."""
        return [
            row
            for row in self["files"]
            if (row["state"] in {"held", "rejected"} and not row["is_settled"])
            or (row["state"] == "landed" and row["quarantined"])
        ]

    def risk_of(self, discrepancy_rate: Decimal) -> tuple[str, str]:
        """Risk level and compliance status of a rate, by the seed's thresholds."""
        found = ("UNKNOWN", "NEEDS_REVIEW")
        for row in self["risk"]:
            if discrepancy_rate >= Decimal(str(row["at_least"])):
                found = (str(row["level"]), str(row["compliance_status"]))
        return found


def read_contents(warehouse: Warehouse, facts: RunFacts, tenant: str) -> Contents:
    """Reads everything a report shows."""
    there = {
        f"{row['table_schema']}.{row['table_name']}"
        for row in warehouse.rows(
            "select table_schema, table_name from information_schema.tables"
            " where table_schema in ('marts', 'seeds')"
        )
    }
    tables: dict[str, list[dict[str, Any]]] = {}
    absent: set[str] = set()
    for name, (needs, query) in _QUERIES.items():
        missing = [relation for relation in needs if relation not in there]
        absent.update(missing)
        tables[name] = [] if missing else warehouse.rows(query)
    return Contents(facts, tenant, product_version(), tables, tuple(sorted(absent)))


def product_version() -> str:
    """The installed version of Tieout."""
    try:
        return version("tieout")
    except PackageNotFoundError:
        return "unknown"
