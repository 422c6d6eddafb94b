"""Two builds started at once: one builds, the other is told so, and no row is matched twice.

On PostgreSQL from two hosts, on DuckDB from two shells. The control: without the writer's lock
both would build.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from threading import Barrier

import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import WarehouseBusyError, open_warehouse
from orchestration import build
from orchestration.build import BuildRequest, build_and_announce
from orchestration.lock import Lock, single_writer
from orchestration.outcome import BuildOutcome
from tests.python.dbt.worlds import World, land

AS_OF = datetime(2026, 11, 1, 4, 0)
ROOM = BuildRequest(AS_OF, select=("+match_members", "+matches", "+open_items"))
Ending = BuildOutcome | WarehouseBusyError


def two_lines_one_payout() -> World:
    """Each of two bank lines could be the one payout, and each of two sales the one booking."""
    world = World("crowded").payout("t1", "-10.00", "po_1", trace_id="R-1")
    world.line("10.00", "STRIPE PO_1", end_to_end_id="R-1")
    world.line("10.00", "STRIPE PO_1", end_to_end_id="R-1")
    world.book("b1", reference_number="R-1")
    return world.told("p1", reference_number="R-1").told("p2", reference_number="R-1")


def both_at_once(settings: Settings) -> list[Ending]:
    """How two builds end that start at the same moment."""
    folder = settings.state / "other"
    elsewhere = {"state": folder, "target_path": folder / "target"}
    other = settings.model_copy(update=elsewhere if settings.target == "postgres" else {})
    together = Barrier(2)

    def one(deployment: Settings) -> Ending:
        together.wait(60)
        try:
            return build_and_announce(deployment, ROOM)
        except WarehouseBusyError as busy:
            return busy

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, (settings, other)))


def test_of_two_builds_at_once_one_builds_and_nothing_is_matched_twice(
    engine_settings: Settings,
) -> None:
    land(engine_settings, [two_lines_one_payout()])
    endings = both_at_once(engine_settings)
    refused = [ending for ending in endings if isinstance(ending, WarehouseBusyError)]
    built = [ending for ending in endings if isinstance(ending, BuildOutcome)]
    assert (len(refused), len(built)) == (1, 1)
    assert "Another run is at work" in str(refused[0])
    assert built[0].succeeded, built[0]
    with open_warehouse(engine_settings, read_only=True) as warehouse:
        rows = warehouse.rows(
            "select reconciliation, transaction_id, count(*) as times from marts.match_members"
            " group by reconciliation, transaction_id"
        )
    assert len(rows) == 4
    assert {row["times"] for row in rows} == {1}


def test_control_without_the_writer_s_lock_both_would_build(
    postgres_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else stands between two builds: neither is refused here."""
    begun: list[str] = []

    @contextmanager
    def unlocked(settings: Settings) -> Iterator[Lock]:
        begun.append(str(settings.state))
        yield Lock()

    monkeypatch.setattr(build, "single_writer", unlocked)
    monkeypatch.setattr(build, "build_models", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    for deployment in (postgres_settings, postgres_settings):
        with single_writer(postgres_settings), pytest.raises(KeyboardInterrupt):
            build_and_announce(deployment, ROOM)
    assert len(begun) == 2
