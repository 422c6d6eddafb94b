"""What a run tells its report, and what the report tells the run.

RunFacts comes from orchestration (the build and its failing tests), Delivered goes back to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Failure:
    """A model or test that did not pass: its name, severity, failing rows, and where to look."""

    name: str
    severity: str
    rows: int = 0
    message: str = ""
    link: str = ""


@dataclass(frozen=True)
class RunFacts:
    """A run as far as its report speaks of it.

    `as_of`: the moment the marts speak of; None means the start of the run. `nodes`: how many of
    dbt's nodes ended in each state. `error`: dbt's words when it stopped without a node to blame.
    """

    run_id: str
    as_of: datetime | None
    started_at: datetime
    finished_at: datetime
    nodes: Mapping[str, int] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    error: str = ""

    @property
    def moment(self) -> datetime:
        """The moment the report speaks of."""
        return self.as_of or self.started_at

    @property
    def succeeded(self) -> bool:
        """No error: every model was built and no test of severity error failed."""
        return not self.error and not any(f.severity == "error" for f in self.failures)


@dataclass(frozen=True)
class Delivered:
    """Where a report is. `uploaded_to` is None, and `note` says why, when no bucket took it."""

    folder: Path
    files: tuple[Path, ...]
    uploaded_to: str | None
    note: str


class PublishError(Exception):
    """The copy would not be what was built; the old copy is still in place."""
