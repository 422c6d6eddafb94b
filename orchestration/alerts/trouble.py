"""What went wrong in one run, as values: the findings, the error, and where to look.

In: dbt's node results, or what Dagster's event log says. Out: Trouble, which message.py words.
Pure but for the environment, whose secrets must not get out: no clock, network or database.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warn"]
_SECRET_PREFIXES = ("TIEOUT_SECRET_", "DBT_ENV_SECRET_")
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)")
# Each gap is told once by a message of its own (gaps.py), and not by every run while it lasts.
GAP_TESTS = frozenset({"expected_files_are_there", "file_numbers_have_no_gaps"})
_MINIMUM_SECRET = 4  # shorter values would blank half of every message


@dataclass(frozen=True)
class Finding:
    """One failing dbt test (or a model that did not build): what, how bad, how many rows."""

    name: str
    severity: Severity
    rows: int
    sql: str
    link: str
    message: str = ""
    is_test: bool = True


@dataclass(frozen=True)
class Trouble:
    """One run that needs a person. `run_id` is the retry group's: all attempts are one trouble."""

    run_id: str
    title: str
    tenant: str
    link: str
    findings: tuple[Finding, ...] = ()
    error: str = ""

    @property
    def key(self) -> str:
        """What makes an alert the same alert: the tenant and the run."""
        return f"run:{self.tenant}:{self.run_id}"

    @property
    def severity(self) -> Severity:
        """Error when the run failed or any finding is an error, else warn."""
        is_error = bool(self.error) or any(f.severity == "error" for f in self.findings)
        return "error" if is_error else "warn"


def without_gaps(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that a run's own alert tells; a gap test that could not be asked is one."""
    return tuple(f for f in findings if not (f.name in GAP_TESTS and f.severity == "warn"))


def rows_said(rows: int) -> str:
    """A failing test has rows; a model, or a test that could not be asked, has failed."""
    if not rows:
        return "failed"
    return "1 row" if rows == 1 else f"{rows} rows"


def each_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding a test, the latest word on it, errors before warnings, then by name."""
    latest = {(finding.is_test, finding.name): finding for finding in findings}
    return tuple(sorted(latest.values(), key=lambda f: (f.severity != "error", f.name)))


def scrubbed(text: str) -> str:
    """Text that may leave the house: no secret of the environment, no card-like number."""
    for name, value in os.environ.items():
        if name.startswith(_SECRET_PREFIXES) and len(value) >= _MINIMUM_SECRET:
            text = text.replace(value, "***")
    return _LONG_NUMBER.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found.group())
    return f"…{digits[-4:]}" if _passes_luhn(digits) else found.group()


def _passes_luhn(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
