"""What a person does about files: release or reject held ones, land lost ones, parse anew.

In: Settings, a document or a source, the person's name. Out: results. Each takes the writer's lock.
Raises ConfigurationError for a document that is not what it would have to be.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from typing import Any

from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing import again, difference
from ingestion.landing.difference import Difference
from ingestion.landing.evidence import restore_evidence
from ingestion.landing.land import LandingResult, ensure_schema
from orchestration.lock import single_writer


def person(named: str | None) -> str:
    """Who does this: the name given, else the user of this machine."""
    if named and named.strip():
        return named.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may have a number and no name
        return f"user {os.getuid()}"


def reject(settings: Settings, document_id: str, by: str, reason: str) -> dict[str, Any]:
    """Refuses a held document; returns its line in the register."""
    with single_writer(settings), open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        try:
            return again.reject(settings, warehouse, document_id, by, reason)
        except (KeyError, ValueError) as error:
            raise ConfigurationError(str(error.args[0])) from error


def reland(settings: Settings, by: str) -> Iterator[LandingResult]:
    """Lands every archived file that the register lost, or whose rows are not all there.

    Documents of disputes are registered again with the facts beside them.
    """
    with single_writer(settings) as lock, open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        restore_evidence(settings, warehouse)
        for result in again.reland(settings, warehouse, by):
            yield result
            lock.check()


def reprocess(
    settings: Settings, source: str | None, documents: list[str], by: str, *, is_trial: bool
) -> Iterator[Difference]:
    """Parses documents anew: those an older parser read, or the named ones."""
    with single_writer(settings) as lock, open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        try:
            rows = difference.outdated(settings, warehouse, source, documents)
        except KeyError as error:
            raise ConfigurationError(str(error.args[0])) from error
        for row in rows:
            lock.check()
            yield difference.reprocess(settings, warehouse, row, by, is_trial=is_trial)
