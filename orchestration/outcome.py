"""What a dbt build came to, as values that the CLI, Dagster, reports and alerts share.

In: dbt's node results. Out: BuildOutcome. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from dbt_project.project import NodeResult
from orchestration.alerts.trouble import Finding, Trouble, each_once, without_gaps

_ERRORS = {"error", "fail"}


class Exit(IntEnum):
    """The exit codes of the command line."""

    GOOD = 0
    FAILED = 1
    USAGE = 2
    ATTENTION = 3


@dataclass(frozen=True)
class BuildOutcome:
    """One dbt build: every node's result, what failed, and dbt's words if it never started.

    `grave_breaks`: open breaks at or above the deployment's limits.attention_from.
    """

    run_id: str
    as_of: datetime | None
    started_at: datetime
    finished_at: datetime
    results: tuple[NodeResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    error: str = ""
    grave_breaks: int = 0

    @property
    def succeeded(self) -> bool:
        """No error: every model was built and no test at severity error failed."""
        return not self.error and not any(f.severity == "error" for f in self.findings)

    @property
    def exit_code(self) -> Exit:
        """1 when it failed, 3 when a test at warn failed or a break is grave, else 0."""
        if not self.succeeded:
            return Exit.FAILED
        return Exit.ATTENTION if self.findings or self.grave_breaks else Exit.GOOD

    def counts(self) -> dict[str, int]:
        """How many nodes ended in each of dbt's states."""
        return dict(sorted(Counter(result.status for result in self.results).items()))

    def detail(self) -> dict[str, Any]:
        """What ops.runs keeps of it: no SQL and none of dbt's messages, which may hold data."""
        named = [{"name": f.name, "severity": f.severity, "rows": f.rows} for f in self.findings]
        return {"nodes": self.counts(), "failing": named, "grave_breaks": self.grave_breaks}


def findings_of(
    results: Sequence[NodeResult], manifest: Mapping[str, Any], link: str = ""
) -> tuple[Finding, ...]:
    """The failing tests and models of a build. `link`: a page to look at; else the node's file."""
    failing = [r for r in results if r.status in _ERRORS or r.status == "warn"]
    nodes = {**manifest.get("nodes", {}), **manifest.get("unit_tests", {})}
    return each_once(
        Finding(
            name=result.name,
            severity="error" if result.status in _ERRORS else "warn",
            rows=result.failures,
            sql=result.compiled_code,
            link=link or nodes.get(result.unique_id, {}).get("original_file_path", ""),
            message=result.message,
            is_test=result.unique_id.startswith(("test.", "unit_test.")),
        )
        for result in failing
    )


def trouble_of(outcome: BuildOutcome, title: str, tenant: str, link: str) -> Trouble | None:
    """The alert a build deserves, or None when all is well. What did not come has its own."""
    findings = without_gaps(outcome.findings)
    if not findings and not outcome.error:
        return None
    return Trouble(
        run_id=outcome.run_id,
        title=title,
        tenant=tenant,
        link=link,
        findings=findings,
        error=outcome.error,
    )
