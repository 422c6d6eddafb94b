"""Telling people about a run: files the alert, then delivers whatever waits.

In: Settings and how the run went. Out: what was delivered. Used by the command line; Dagster's
runs are collected by its own sensor, which files under the same kind of key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import duckdb
import psycopg
import structlog

from dbt_project.settings import Settings
from dbt_project.warehouse import WarehouseBusyError, open_warehouse
from orchestration.alerts.deliver import Flushed, file_alert, flush
from orchestration.alerts.success import tell_success
from orchestration.alerts.trouble import Trouble
from orchestration.outcome import BuildOutcome, Exit, trouble_of
from orchestration.register import has_table
from orchestration.runs import RunStart, close_entry

log = structlog.get_logger()


def announce(
    settings: Settings, run: RunStart, outcome: BuildOutcome, link: str, unreachable: str = ""
) -> Flushed:
    """Files the alert a run deserves, if any, and tries every delivery that waits."""
    if unreachable:
        outcome = replace(outcome, error=f"{unreachable}\n{outcome.error}".strip())
    trouble = trouble_of(outcome, f"tieout {run.command}", settings.tenant, link)
    if trouble:
        file_alert(settings, trouble)
    elif outcome.exit_code == Exit.GOOD:
        tell_success(settings, run.run_id, f"tieout {run.command}")
    return flush(settings)


@contextmanager
def alerting(settings: Settings, run: RunStart) -> Iterator[None]:
    """A run that stops with an error is alerted, and the error goes on its way."""
    try:
        yield
    except Exception as error:
        log.error("run_failed", run_id=run.run_id, command=run.command, kind=type(error).__name__)
        _note_failure(settings, run)
        file_alert(
            settings,
            Trouble(
                run_id=run.run_id,
                title=f"tieout {run.command}",
                tenant=settings.tenant,
                link="tieout doctor",
                error=f"{type(error).__name__}: {error}",
            ),
        )
        flush(settings)
        raise


def _note_failure(settings: Settings, run: RunStart) -> None:
    """Closes the run's line in the diary, where the warehouse can still be written to."""
    with (
        suppress(WarehouseBusyError, duckdb.Error, psycopg.Error, OSError),
        open_warehouse(settings) as warehouse,
    ):
        if has_table(warehouse, "ops", "runs"):
            close_entry(warehouse, run, Exit.FAILED, {})
