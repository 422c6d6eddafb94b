"""Held files decided by name, and archived files read again by a newer parser."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import duckdb
import psycopg
import pytest

from dbt_project.settings import Limits
from ingestion.catalogue import SourceSpec, source_spec
from ingestion.landing import again, commit, difference, one_file, trying
from ingestion.landing.again import reject, release
from ingestion.landing.archive import Archived, facts_of
from ingestion.landing.difference import Difference, outdated, reprocess
from ingestion.landing.land import LandingResult
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import books

MONTH = ({"amount": "10.00"}, {"amount": "20.00"}, {"status": ""}, {"amount": "30.00"})


def decisions(desk: Desk) -> list[tuple[Any, ...]]:
    """What people decided, as the register keeps it."""
    rows = desk.warehouse.rows("select * from ops.document_decisions order by decision_id")
    return [(r["document_id"], r["decision"], r["decided_by"], r["reason"]) for r in rows]


def test_a_release_is_recorded_with_name_and_reason_inside_and_outside(engine_desk: Desk) -> None:
    held = engine_desk.land("internal", books({})[:-1])
    words = (engine_desk.settings, engine_desk.warehouse, held.document_id)
    result = release(*words, by="Ada", reason="the sender says it is whole")
    assert (result.state, result.landed_rows) == ("landed", 1)
    said = (held.document_id, "released", "Ada", "the sender says it is whole")
    assert decisions(engine_desk) == [said]
    facts = _facts(engine_desk, result)
    assert (facts.decision, facts.decided_by, facts.door) == ("released", "Ada", "folder")
    with pytest.raises(ValueError, match="is in already: released by Ada"):
        release(*words)


def test_a_rejected_file_stays_out_and_its_bytes_stay(engine_desk: Desk) -> None:
    held = engine_desk.land("internal", books({})[:-1])
    words = (engine_desk.settings, engine_desk.warehouse)
    row = reject(*words, held.document_id, "Ada", "wrong account")
    assert (row["state"], row["code"]) == ("rejected", "REJECTED_BY_HAND")
    assert "wrong account" in row["message"]
    assert decisions(engine_desk) == [(held.document_id, "rejected", "Ada", "wrong account")]
    assert _facts(engine_desk, held).reason == "wrong account"
    assert engine_desk.count("raw.internal_transactions") == 0
    with pytest.raises(ValueError, match="is refused already: rejected by Ada"):
        reject(*words, held.document_id, "Ada", "again")
    with pytest.raises(KeyError, match="no file here has this id"):
        reject(*words, "doc_nowhere", "Ada", "x")
    with pytest.raises(KeyError, match=f"a file's name; say its id: {held.document_id}"):
        reject(*words, row["name"], "Ada", "x")


def _facts(desk: Desk, result: LandingResult) -> Any:
    row = desk.document(result)
    archived = Archived(row["sha256"], row["archived_as"], row["byte_count"])
    return facts_of(desk.settings, archived)


def newer(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """A parser of another version, which reads one column otherwise."""
    old = source_spec("internal")
    record = old.records["internal_transactions"]
    columns = tuple(
        column.model_copy(update=changes.get(column.name, {})) for column in record.columns
    )
    records = {"internal_transactions": record.model_copy(update={"columns": columns})}
    spec = old.model_copy(update={"parser_version": "internal-9", "records": records})

    def spec_of(_: Any, name: str) -> SourceSpec:
        return spec if name == "internal" else source_spec(name)

    monkeypatch.setattr(again, "spec_of", spec_of)
    monkeypatch.setattr(difference, "spec_of", spec_of)


def run(desk: Desk, *, is_trial: bool) -> list[Difference]:
    """Everything that is outdated, parsed again."""
    words = (desk.settings, desk.warehouse)
    rows = outdated(*words, None, [])
    return [reprocess(*words, row, "Ada", is_trial=is_trial) for row in rows]


def test_a_newer_parser_replaces_the_rows_and_says_what_changed(
    engine_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = engine_desk.land("internal", books(*MONTH), "books.csv")
    assert run(engine_desk, is_trial=False) == []  # the parser is the one that read it
    before = engine_desk.document(first)
    newer(monkeypatch, status={"nullable": True})
    (trial,) = run(engine_desk, is_trial=True)
    assert (trial.gained, trial.lost, trial.changed) == (1, 0, 0)
    assert (trial.rows_before, trial.rows_after) == (3, 4)
    assert (trial.totals_before, trial.totals_after) == (
        {"EUR": Decimal(60)},
        {"EUR": Decimal(70)},
    )
    assert engine_desk.document(first) == before  # a trial writes nothing
    assert engine_desk.count("raw.internal_transactions") == 3


def test_reprocessing_keeps_history_and_moments(
    engine_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = engine_desk.land("internal", books(*MONTH), "books.csv")
    before = engine_desk.document(first)
    statuses = {"kind": "enum", "values": ("pending",)}
    newer(monkeypatch, status=statuses)
    (found,) = run(engine_desk, is_trial=False)
    assert (found.state, found.gained, found.lost) == ("landed", 0, 3)
    assert found.totals_before == {"EUR": Decimal(60)}
    assert found.totals_after == {}
    after = engine_desk.document(first)
    assert after["parser_version"] == "internal-9"
    for name in ("received_at", "landed_at", "door", "name", "archived_as", "logical_key"):
        assert after[name] == before[name]
    assert engine_desk.count("raw.internal_transactions") == 0
    assert engine_desk.count("ops.deliveries") == 1
    (history,) = engine_desk.warehouse.rows("select * from ops.document_parses")
    assert (history["parser_version"], history["landed_rows"]) == ("internal-1", 3)
    assert (history["replaced_by"], history["replaced_by_version"]) == ("Ada", "internal-9")
    assert run(engine_desk, is_trial=False) == []


def test_a_changed_cell_is_a_changed_row(
    engine_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine_desk.land("internal", books({"note": "old"}, {"note": "new"}), "books.csv")
    newer(monkeypatch, description={"aliases": ("note",)})
    (found,) = run(engine_desk, is_trial=False)
    assert (found.gained, found.lost, found.changed) == (0, 0, 2)
    assert found.totals_before == found.totals_after == {"EUR": Decimal(20)}
    assert not found.is_none


def test_a_parse_that_is_refused_or_held_leaves_the_rows(
    engine_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = engine_desk.land("internal", books({}), "books.csv")
    before = engine_desk.document(first)
    newer(monkeypatch, description={"required": True})
    (found,) = run(engine_desk, is_trial=False)
    assert found.state == "rejected"
    assert "HEADER_MISSING" in str(found.message)
    assert engine_desk.document(first) == before
    assert engine_desk.count("raw.internal_transactions") == 1


def test_an_unknown_document_is_named(fresh_desk: Desk) -> None:
    with pytest.raises(KeyError, match="doc_nowhere"):
        outdated(fresh_desk.settings, fresh_desk.warehouse, None, ["doc_nowhere"])


def strict(desk: Desk, **limits: Any) -> None:
    """Another set of limits for this desk."""
    desk.settings = desk.settings.model_copy(update={"limits": Limits(**limits)})


def at(desk: Desk, days: int) -> Any:
    """The desk's settings some days later."""
    return desk.settings.model_copy(update={"now": desk.settings.clock() + timedelta(days=days)})


def test_what_a_person_refused_stays_refused_when_it_is_sent_again(engine_desk: Desk) -> None:
    """Its totals would tie now; the decision is older, and stays."""
    sent = books({})[:-1]
    held = engine_desk.land("internal", sent)
    reject(engine_desk.settings, engine_desk.warehouse, held.document_id, "Ada", "not ours")
    again_sent = engine_desk.land("internal", sent, manifest=b'{"rows": 1}')
    assert (again_sent.state, again_sent.code) == ("rejected", "REJECTED_BY_HAND")
    assert "not ours" in str(again_sent.message)
    assert engine_desk.count("raw.internal_transactions") == 0
    assert _facts(engine_desk, held).decision == "rejected"
    other = engine_desk.land("internal", books({"fee": "2"})[:-1], manifest=b'{"rows": 1}')
    assert other.state == "landed"  # what a file of that kind comes to when nobody refused it


def test_a_file_that_a_newer_parser_can_read_is_in_the_books_from_that_day_on(
    fresh_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebuilt as of the days between, the books are what they were."""
    strict(fresh_desk, max_quarantine_percent=1)
    bad = fresh_desk.land("internal", books({"status": ""}))
    assert (bad.state, fresh_desk.document(bad)["landed_at"]) == ("held", None)
    newer(monkeypatch, status={"nullable": True})
    later = at(fresh_desk, 5)
    (row,) = outdated(later, fresh_desk.warehouse, None, [bad.document_id])
    found = reprocess(later, fresh_desk.warehouse, row, "Ada", is_trial=False)
    assert found.state == "landed"
    row = fresh_desk.document(bad)
    assert row["landed_at"] == later.clock()
    assert row["received_at"] == fresh_desk.settings.clock()
    assert _facts(fresh_desk, bad).landed_at == later.clock()


def test_a_newer_parser_releases_nothing_that_waits_for_a_person(
    fresh_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that would make rows vanish still would, whoever reads it."""
    strict(fresh_desk, max_vanished_percent=50)
    rows = [{"transaction_id": f"T{number}"} for number in range(10)]
    fresh_desk.land("internal", books(*rows), "day.csv")
    held = fresh_desk.land("internal", books({"transaction_id": "X"}), "day.csv")
    assert held.code == "ROWS_VANISH"
    newer(monkeypatch)
    (row,) = outdated(fresh_desk.settings, fresh_desk.warehouse, None, [held.document_id])
    found = reprocess(fresh_desk.settings, fresh_desk.warehouse, row, "Ada", is_trial=False)
    assert found.state == "held"
    assert fresh_desk.document(held)["state"] == "held"
    assert fresh_desk.count("raw.internal_transactions") == 10


def test_a_release_whose_commit_was_not_answered_is_one_decision_and_kept_outside(
    engine_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = engine_desk
    is_server = desk.warehouse.engine == "postgres"
    held = desk.land("internal", books({})[:-1])
    monkeypatch.setattr(trying, "PAUSES", (0.01, 0.01, 0.01))
    lost = [True]
    real = commit.commit_document

    def unanswered(*words: Any) -> LandingResult:
        result = real(*words)
        if lost and lost.pop():
            raise (psycopg.OperationalError if is_server else duckdb.TransactionException)("cut")
        return result

    monkeypatch.setattr(one_file, "commit_document", unanswered)
    release(desk.settings, desk.warehouse, held.document_id, by="Ada", reason="whole")
    assert lost == []
    assert decisions(desk) == [(held.document_id, "released", "Ada", "whole")]
    assert _facts(desk, held).decision == "released"
    assert desk.count("raw.internal_transactions") == 1
