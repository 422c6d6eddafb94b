"""One figure of a run that is beyond its threshold, in words."""

from __future__ import annotations

from dataclasses import dataclass

from dbt_project.settings_alerts import Tier


@dataclass(frozen=True)
class Vital:
    """What is beyond its threshold. `keys` make it the same cause in the next run."""

    severity: Tier
    keys: tuple[str, ...]
    what: str
    measure: str
    look: str
