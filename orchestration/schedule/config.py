"""What a Dagster run may be told: which moment, which files; and how it waits its turn.

In: run config from a schedule, the inbox sensor or a person. Out: typed values.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from dagster import Config, RetryRequested
from pydantic import Field

from dbt_project.warehouse import WarehouseBusyError

POOL = "warehouse"  # limit 1 in dagster.yaml: a DuckDB file has one writer
WRITER_TAG = {"tieout/writer": "warehouse"}  # whole runs, so that two never interleave
BUILD_OP = "dbt_build"
TURNS = 20
SECONDS_A_TURN = 30


class LoadConfig(Config):
    """Which files of a source to land."""

    files: list[str] | None = Field(
        default=None,
        description="Only these files of the doors; nothing means all that wait there.",
    )


class BuildConfig(Config):
    """What a build speaks of."""

    as_of: str | None = Field(
        default=None,
        description="The moment, 2026-10-31T23:59:59 in UTC; nothing means now.",
    )
    fix_moment: bool = Field(
        default=False,
        description="Fix the moment when the build begins; ops.runs keeps it for --as-of.",
    )
    full_refresh: bool = Field(default=False, description="Build incremental models anew.")


@contextmanager
def in_turn() -> Iterator[None]:
    """Somebody else writes just now (the command line, a person): try again in a while."""
    try:
        yield
    except WarehouseBusyError as busy:
        raise RetryRequested(max_retries=TURNS, seconds_to_wait=SECONDS_A_TURN) from busy
