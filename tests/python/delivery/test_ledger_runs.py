"""Of which run the exported books are: what leaves once leaves once, and never half built."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import typer

from dbt_project.settings import Settings
from delivery.ledger import export as exporting
from delivery.ledger.book import ExportRefusedError
from delivery.ledger.export import export_ledger
from delivery.ledger.selection import Selection
from orchestration.commands.export import _moment
from tests.python.delivery.ledger_world import PERIOD, change, files_of, make_books

RECORDED = "2026-11-01 04:00:07.123456"
RAN = "2026-11-01 04:00:00", "2026-11-01 04:09:00"


@pytest.fixture
def books(engine_settings: Settings) -> Settings:
    """Books that a run without a pinned clock wrote: dbt began seven seconds after the run did."""
    settings = engine_settings.model_copy(update={"tenant": "acme"})
    make_books(settings, 100)
    change(settings, f"update marts.ledger_entries set recorded_at = timestamp '{RECORDED}'")
    ran(settings, "run_wrote", *RAN)
    return settings


def ran(
    settings: Settings,
    name: str,
    started: str,
    finished: str = "",
    status: str = "succeeded",
    as_of: str = "",
    is_partial: bool = False,
) -> None:
    """A line in the diary of runs."""
    ended, asked = (f"timestamp '{at}'" if at else "null" for at in (finished, as_of))
    change(
        settings,
        "insert into ops.runs (run_id, command, target, as_of, started_at, finished_at, status,"
        f" is_partial) values ('{name}', 'build', 'x', {asked}, timestamp '{started}', {ended},"
        f" '{status}', {is_partial})",
    )


def export(settings: Settings, folder: Path, **changes: Any) -> exporting.Exported:
    """The month for SAP, or what `changes` ask for."""
    wanted = {"target": "sap", "tenant": "acme", "period": PERIOD, **changes}
    return export_ledger(settings, Selection(**wanted), folder)


def test_what_was_exported_is_not_exported_again(books: Settings, tmp_path: Path) -> None:
    whole = export(books, tmp_path).manifest
    assert whole["recorded_until"] == "2026-11-01T04:00:07.123456"
    assert whole["run"]["as_of"] is None
    after = _moment(whole["recorded_until"])
    with pytest.raises(ExportRefusedError, match="there is no entry to export"):
        export(books, tmp_path, recorded_after=after)
    # what the run says of itself is earlier, and would double the month
    started = _moment(whole["run"]["started_at"])
    assert export(books, tmp_path, recorded_after=started).manifest["lines"] == whole["lines"]

    change(
        books,
        "insert into marts.ledger_entries select 'lin_late' || leg, 'ent_late', tenant_id,"
        " posted_on, posting_period, account_code, account_name, amount_minor, currency,"
        " event_type, transaction_id, 'correction', null, memo, posting_rule_id, leg, timestamp"
        " '2026-11-01 04:00:07.123457' from marts.ledger_entries where entry_id = (select"
        " min(entry_id) from marts.ledger_entries where posting_period = '2026-10-01')",
    )
    made = export(books, tmp_path, recorded_after=after)
    assert (made.manifest["entries"], made.manifest["kinds"]) == (1, {"correction": 1})
    assert made.manifest["recorded_until"] == "2026-11-01T04:00:07.123457"
    assert made.folder.name == "sap-2026-10-after-20261101T040007_123456"
    assert "ent_late" in (made.folder / f"{made.folder.name}.txt").read_text()


def test_a_moment_is_read_to_the_microsecond_and_in_utc() -> None:
    assert _moment("") is None
    assert _moment("2026-11-01T04:00:07.123456") == datetime(2026, 11, 1, 4, 0, 7, 123456)
    assert _moment("2026-11-01 05:00:07+01:00") == datetime(2026, 11, 1, 4, 0, 7)
    for wrong in ("2026-11-01", "yesterday", "2026-13-01T00:00:00"):
        with pytest.raises(typer.BadParameter, match="recorded_until"):
            _moment(wrong)


@pytest.mark.parametrize(
    ("status", "words"), [("failed", "run_2 .*failed"), ("running", "run_2 .*has not ended")]
)
def test_what_a_failed_or_unfinished_run_left_does_not_leave(
    books: Settings, tmp_path: Path, status: str, words: str
) -> None:
    export(books, tmp_path / "before")
    ran(books, "run_2", "2026-11-02 04:00:00", status=status)
    with pytest.raises(ExportRefusedError, match=f"sap: {words}.*call tieout build"):
        export(books, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    ended = "2026-11-02 05:00:00", "2026-11-02 05:01:00"
    ran(books, "run_3", *ended, is_partial=True)  # tieout build --select, and it ended well
    with pytest.raises(ExportRefusedError, match=f"sap: {words}.*call tieout build"):
        export(books, tmp_path / "out")
    ran(books, "run_4", "2026-11-02 06:00:00", "2026-11-02 06:09:00", "attention")
    export(books, tmp_path / "out")


def test_a_run_that_begins_meanwhile_stops_it(
    books: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = iter(["run_wrote", "run_2"])
    monkeypatch.setattr(exporting.runs, "newest", lambda *_: next(names))
    with pytest.raises(ExportRefusedError, match="a run built the books anew meanwhile"):
        export(books, tmp_path)
    assert not list(tmp_path.glob("*sap*"))


def test_books_without_a_diary_are_of_no_run(books: Settings, tmp_path: Path) -> None:
    change(books, "delete from ops.runs")
    assert export(books, tmp_path).manifest["run"] is None


def test_a_later_run_that_changes_nothing_changes_no_byte(books: Settings, tmp_path: Path) -> None:
    first = files_of(export(books, tmp_path).folder)
    assert b'"run_id": "run_wrote"' in first["manifest.json"]
    ran(books, "run_2", "2026-11-02 04:00:00", "2026-11-02 04:09:00")
    ran(books, "run_3", "2026-11-03 04:00:00", "2026-11-03 04:09:00", as_of="2026-11-30 00:00:00")
    assert files_of(export(books, tmp_path).folder) == first
    # and one that wrote an entry does
    moment = "timestamp '2026-11-30 00:00:00'"
    change(
        books,
        f"update marts.ledger_entries set recorded_at = {moment} where posted_on > '2026-10-30'",
    )
    assert export(books, tmp_path).manifest["run"]["run_id"] == "run_3"


def test_what_a_failed_run_wrote_is_of_the_first_good_one_after_it(
    books: Settings, tmp_path: Path
) -> None:
    change(books, "update ops.runs set status = 'failed'")
    ran(books, "run_0", "2026-10-31 04:00:00", "2026-10-31 04:09:00", as_of="2026-12-01 00:00:00")
    ran(books, "run_2", "2026-11-02 04:00:00", "2026-11-02 04:09:00")
    made = export(books, tmp_path)
    assert made.manifest["run"]["run_id"] == "run_2"
    before = files_of(made.folder)
    ran(books, "run_3", "2026-11-03 04:00:00", "2026-11-03 04:09:00")
    assert files_of(export(books, tmp_path).folder) == before
