"""Held files decided by name, and archived files read again by a newer parser."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ingestion.catalogue import SourceSpec, source_spec
from ingestion.landing import again, difference
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
    with pytest.raises(ValueError, match="is landed; only a held file can be released"):
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
    with pytest.raises(ValueError, match="only a held file can be rejected"):
        reject(*words, held.document_id, "Ada", "again")
    with pytest.raises(KeyError, match="not in the register"):
        reject(*words, "doc_nowhere", "Ada", "x")


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
