"""A snapshot dates what it saw by the run's as_of, also when the parse is kept from an earlier run.

Run alone: pytest tests/python/dbt/test_snapshots.py
"""

from __future__ import annotations

from datetime import datetime

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from tests.python.dbt.planted_marts import plant

ROW = {"tenant_id": "t", "kind": "orphan", "source": "stripe", "native_id": "n", "comment": "why"}


def test_an_accepted_break_is_dated_by_each_runs_as_of(duckdb_settings: Settings) -> None:
    """First read on the 1st, changed on the 2nd; a third run that sees no change adds nothing."""
    assert run_dbt(duckdb_settings, ["seed", "--select", "accepted_breaks"]).succeeded
    with open_warehouse(duckdb_settings) as warehouse:
        warehouse.execute("delete from seeds.accepted_breaks")
        warehouse.execute(
            "insert into seeds.accepted_breaks (tenant_id, kind, source, native_id, comment,"
            " up_to_minor) values ($1, $2, $3, $4, $5, 100)",
            list(ROW.values()),
        )
    for day, limit in ((1, 100), (2, 200), (3, 200)):
        with open_warehouse(duckdb_settings) as warehouse:
            warehouse.execute(f"update seeds.accepted_breaks set up_to_minor = {limit}")
        words = ["snapshot", "--select", "snapshot_accepted_breaks"]
        assert run_dbt(duckdb_settings, words, {"as_of": f"2026-10-0{day} 12:00:00"}).succeeded
    with open_warehouse(duckdb_settings, read_only=True) as warehouse:
        rows = warehouse.rows(
            "select up_to_minor, dbt_valid_from, dbt_valid_to"
            " from snapshots.snapshot_accepted_breaks order by dbt_valid_from"
        )
    first, second = datetime(2026, 10, 1, 12), datetime(2026, 10, 2, 12)
    assert [tuple(row.values()) for row in rows] == [(100, first, second), (200, second, None)]


STATES = (("chargeback", "open", -1000), ("representment", "open", -1000), ("won", "won", 0))


def test_a_dispute_keeps_every_state_it_was_in(duckdb_settings: Settings) -> None:
    """Three builds, three states; one that sees no other adds none, nor one that looks back.

    A dispute that has another id since a better report came ends.
    """
    dispute = {"chargeback_id": "cbk_1", "tenant_id": "t", "source": "adyen", "native_id": "D1"}
    for day, state in ((1, 0), (2, 1), (3, 2), (4, 2), (2, 0), (5, 2)):
        stage, outcome, net = STATES[state]
        dispute["chargeback_id"] = "cbk_2" if day == 5 else "cbk_1"
        row = {**dispute, "stage": stage, "outcome": outcome, "net_effect_minor": net}
        plant(duckdb_settings, "chargebacks", [{**row, "evidence_count": 0}])
        words = ["snapshot", "--select", "snapshot_chargeback_states"]
        assert run_dbt(duckdb_settings, words, {"as_of": f"2026-10-0{day} 12:00:00"}).succeeded
    with open_warehouse(duckdb_settings, read_only=True) as warehouse:
        rows = warehouse.rows(
            "select stage, net_effect_minor, dbt_valid_from, dbt_valid_to"
            " from snapshots.snapshot_chargeback_states where chargeback_id = 'cbk_1'"
            " order by dbt_valid_from"
        )
        others = warehouse.rows(
            "select chargeback_id, dbt_valid_from, dbt_valid_to"
            " from snapshots.snapshot_chargeback_states where chargeback_id != 'cbk_1'"
        )
    days = [datetime(2026, 10, day, 12) for day in (1, 2, 3)]
    assert [tuple(row.values())[:3] for row in rows] == [
        (stage, net, first) for (stage, _, net), first in zip(STATES, days, strict=True)
    ]
    assert [row["dbt_valid_to"] for row in rows[:2]] == days[1:]
    assert rows[2]["dbt_valid_to"] is not None  # by the clock: nobody said when it was gone
    assert [tuple(row.values()) for row in others] == [("cbk_2", datetime(2026, 10, 5, 12), None)]
