"""A run's figures beyond their thresholds: each told at its tier, once for a cause; and not below.

Every threshold is looked at from both sides: what lies on it is no news, one more is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import Settings
from dbt_project.settings_alerts import Alerts, Channel, Thresholds
from dbt_project.warehouse import open_warehouse
from ingestion.landing.schema import ensure_schema
from orchestration.alerts import vitals
from orchestration.alerts.deliver import outbox_of
from orchestration.alerts.success import tell_success
from orchestration.alerts.trouble import Finding
from orchestration.alerts.vital import Vital
from orchestration.outcome import BuildOutcome
from orchestration.runs import RunStart
from tests.python.conftest import make_settings

NOW = datetime(2026, 11, 3, 4, 0)
RUN = RunStart("run_now", "run", None, NOW)
GOOD = BuildOutcome("run_now", None, NOW, NOW)


def channel(name: str, *severities: Any) -> Channel:
    url = f"TIEOUT_SECRET_{name.upper()}"
    return Channel(name=name, url_variable=url, severities=severities or ("error", "warn"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A pager, a desk and a board; thresholds as they come, but 50 EUR of mismatch."""
    channels = (
        channel("pager", "error"),
        channel("desk"),
        channel("board", "error", "warn", "info"),
    )
    thresholds = Thresholds(balance_mismatch={"EUR": Decimal(50)})
    alerts = Alerts(channels=channels, thresholds=thresholds)
    return make_settings(tmp_path, now=NOW, alerts=alerts)


@dataclass(frozen=True)
class Books:
    """The warehouse of a deployment, open only while it is spoken to."""

    settings: Settings

    def execute(self, sql: str, values: Sequence[Any] = ()) -> None:
        with open_warehouse(self.settings) as warehouse:
            warehouse.execute(sql, values)

    def vitals(self, run: RunStart = RUN) -> list[tuple[str, str]]:
        """Tier and words of what is beyond its threshold."""
        with open_warehouse(self.settings) as warehouse:
            found = vitals.vitals_of(warehouse, self.settings, run)
        return [(vital.severity, vital.what) for vital in found]


MARTS = (
    "reward_current_balances (tenant_id text, currency text, balance decimal(28,4),"
    " open_lots decimal(28,4), event_count bigint)",
    "reward_roll_forward (tenant_id text, period date, event_count bigint)",
    "reward_closed_periods (tenant_id text, close_id text, period date, is_unchanged boolean,"
    " fingerprint_now text, adjusted_count bigint)",
)


@pytest.fixture
def books(settings: Settings) -> Books:
    """Operations' tables, and the marts that are asked, empty."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        warehouse.execute("create schema marts")
        for columns in MARTS:
            warehouse.execute(f"create table marts.{columns}")
    return Books(settings)


def ran(books: Books, run_id: str, seconds: int, **other: Any) -> None:
    """A line of the diary: a run that took so long, later ones later."""
    values: dict[str, Any] = {"command": "run", "status": "succeeded", **other}
    started = NOW + timedelta(minutes=int(run_id.rpartition("_")[2] or 0))
    books.execute(
        "insert into ops.runs (run_id, command, target, started_at, finished_at, status)"
        " values ($1, $2, 'duckdb', $3, $4, $5)",
        [
            *(run_id, values["command"], started, started + timedelta(seconds=seconds)),
            values["status"],
        ],
    )


def balance(books: Books, currency: str, owed: str, lots: str) -> None:
    books.execute(
        "insert into marts.reward_current_balances values ('default', $1,"
        " cast($2 as decimal(28,4)), cast($3 as decimal(28,4)), 1)",
        [currency, owed, lots],
    )


@pytest.mark.parametrize(("lots", "count"), [("50.00", 0), ("50.01", 1)])
def test_a_balance_mismatch_above_the_limit_is_critical(
    books: Books, settings: Settings, lots: str, count: int
) -> None:
    balance(books, "EUR", "0", lots)
    balance(books, "USD", "-600", "400")  # 1000, the limit where none is named
    balance(books, "JPY", "700", "700")
    expected = ("error", f"Rewards: balances and open lots differ by {lots} EUR")
    assert books.vitals() == [expected] * count


def test_two_mismatches_do_not_cancel_out(books: Books, settings: Settings) -> None:
    balance(books, "EUR", "0", "40")
    balance(books, "EUR", "40", "0")
    assert [severity for severity, _ in books.vitals()] == ["error"]


@pytest.mark.parametrize(("seconds", "count"), [(240, 0), (241, 1)])
def test_a_run_that_takes_more_than_twice_the_usual_is_a_warning(
    books: Books, settings: Settings, seconds: int, count: int
) -> None:
    for number, took in enumerate((100, 120, 900)):  # the usual is the median: two minutes
        ran(books, f"run_{number}", took)
    ran(books, "run_7", 1, command="build")  # of another kind
    ran(books, "run_8", 1, status="failed")
    ran(books, "run_now_9", seconds)
    run = RunStart("run_now_9", "run", None, NOW)
    told = ("warn", "The run took 4 min 01 s, usually 2 min 00 s")
    assert books.vitals(run) == [told] * count


def test_the_first_runs_have_no_baseline_and_seconds_that_double_are_no_news(
    books: Books, settings: Settings
) -> None:
    for number in range(2):
        ran(books, f"run_{number}", 60)
    ran(books, "run_now_9", 900)
    run = RunStart("run_now_9", "run", None, NOW)
    assert books.vitals(run) == []
    books.execute("delete from ops.runs")
    for number in range(3):
        ran(books, f"run_{number}", 10)
    ran(books, "run_now_9", 70)
    assert books.vitals(run) == []


@pytest.mark.parametrize(
    ("rows", "count"), [(110, 0), (111, 1), (90, 0), (89, 1)], ids=["on", "above", "on", "below"]
)
def test_rows_of_the_last_month_are_compared_with_the_month_before(
    books: Books, settings: Settings, rows: int, count: int
) -> None:
    for month, events in ((9, 100), (10, rows), (11, 3)):  # November has only begun
        books.execute(
            "insert into marts.reward_roll_forward values ('default', $1, $2)",
            [datetime(2026, month, 1).date(), events],
        )
    told = ("warn", f"Rewards: {rows} rows in 2026-10, 100 in the month before")
    assert books.vitals() == [told] * count


def document(books: Books, name: str, rows: int, state: str = "landed") -> None:
    books.execute(
        "insert into ops.documents (document_id, tenant_id, source, name, sha256, received_at,"
        " state, quarantined_rows) values ($1, 'default', 'thrive_cash', $1, $1, $2, $3, $4)",
        [name, NOW, state, rows],
    )


def test_quarantined_rows_are_told_above_a_hundred_and_counted_anew_then(
    books: Books, settings: Settings
) -> None:
    document(books, "doc_a", 60)
    document(books, "doc_b", 40)
    document(books, "doc_refused", 900, "rejected")
    assert books.vitals() == []
    document(books, "doc_c", 1)
    assert books.vitals() == [("warn", "101 rows are quarantined")]
    assert len(vitals.tell_vitals(settings, RUN, GOOD)) == 1
    document(books, "doc_d", 100)
    assert books.vitals() == []


def test_a_closed_month_that_changed_is_a_warning_for_each_state_it_is_in(
    books: Books, settings: Settings
) -> None:
    rows = "('default', 'a', date '2026-09-01', true, '1:1', 0),"
    rows += " ('default', 'b', date '2026-10-01', false, '2:2', 4)"
    books.execute(f"insert into marts.reward_closed_periods values {rows}")
    what = "Rewards: 2026-10 is closed and has changed since"
    assert books.vitals() == [("warn", what)]
    assert len(vitals.tell_vitals(settings, RUN, GOOD)) == 1
    assert vitals.tell_vitals(settings, RunStart("run_2", "run", None, NOW), GOOD) == []
    books.execute("update marts.reward_closed_periods set fingerprint_now = '3:3'")
    again = vitals.tell_vitals(settings, RunStart("run_3", "run", None, NOW), GOOD)
    assert [vital.what for vital in again] == [what]


def told(settings: Settings) -> list[tuple[str, str, str]]:
    return [(e.severity, e.channel, e.subject) for e in outbox_of(settings).entries()]


def test_tiers_go_to_the_channels_that_ask_for_them(books: Books, settings: Settings) -> None:
    balance(books, "EUR", "0", "51")
    document(books, "doc_a", 101)
    vitals.tell_vitals(settings, RUN, GOOD)
    subject = "[Tieout error] default: Rewards: balances and open lots differ by 51.00 EUR"
    assert set(told(settings)) == {
        *(("error", name, subject) for name in ("pager", "desk", "board")),
        *(
            ("warn", name, "[Tieout warn] default: 101 rows are quarantined")
            for name in ("desk", "board")
        ),
    }


def test_a_failed_build_and_one_about_the_past_tell_nothing(
    books: Books, settings: Settings
) -> None:
    balance(books, "EUR", "0", "51")
    broken = Finding("control_x", "error", 1, "", "x.yml")
    failed = BuildOutcome("run_now", None, NOW, NOW, findings=(broken,))
    past = RunStart("run_now", "run", NOW - timedelta(days=1), NOW)
    assert vitals.tell_vitals(settings, RUN, failed) == []
    assert vitals.tell_vitals(settings, past, GOOD) == []
    found: list[Vital] = vitals.tell_vitals(settings, RUN, GOOD)
    assert len(found) == 1  # the control: it was there to be told


def test_a_success_is_told_only_where_info_is_asked_for(books: Books, settings: Settings) -> None:
    balance(books, "EUR", "12.34", "12.34")
    assert tell_success(settings, "run_now", "tieout run")
    assert not tell_success(settings, "run_now", "tieout run")
    assert told(settings) == [("info", "board", "[Tieout info] default: tieout run: succeeded")]
    deaf = settings.model_copy(update={"alerts": Alerts(channels=(channel("desk"),))})
    assert not tell_success(deaf, "run_2", "tieout run")
    assert len(told(settings)) == 1
