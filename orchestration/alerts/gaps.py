"""Telling about what did not come: each gap once, however many runs it lasts.

In: the marts of a build that just ended, under the writer's lock. Out: at most one alert in the
outbox, which names every gap that no alert has named before. Nothing is sent when a gap closes.
"""

from __future__ import annotations

from datetime import timedelta

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from orchestration.alerts.channels import names_for
from orchestration.alerts.deliver import outbox_of
from orchestration.alerts.message import worded_gaps
from orchestration.gaps import Gap, gaps_of
from orchestration.outcome import BuildOutcome
from orchestration.runs import RunStart

JUDGES = {"expected_files", "file_gaps"}
PAST = timedelta(hours=1)  # a run that speaks of an earlier moment than this ago is about the past
SEVERITY = "warn"


def tell_gaps(settings: Settings, run: RunStart, outcome: BuildOutcome) -> list[Gap]:
    """Files one alert about the gaps that nobody was told of; returns them.

    Only after a build that judged them, and not when it was about the past: what was missing then
    may have come long since.
    """
    built = {result.name for result in outcome.results if result.status == "success"}
    is_past = run.as_of is not None and settings.clock() - run.as_of > PAST
    if is_past or not built & JUDGES:
        return []
    with open_warehouse(settings, read_only=True) as warehouse:
        gaps = {f"{settings.tenant}:{gap.key}": gap for gap in gaps_of(warehouse)}
    outbox = outbox_of(settings)
    untold = outbox.untold(list(gaps))
    if untold:
        new = [gaps[key] for key in untold]
        message = worded_gaps(settings.tenant, run.run_id, new)
        outbox.put(message, names_for(settings.alerts, SEVERITY), untold)
    return [gaps[key] for key in untold]
