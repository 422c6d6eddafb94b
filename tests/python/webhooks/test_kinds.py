"""What is in an event: kinds no table is for (I8), card numbers, bodies that are no JSON."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from dbt_project.settings import Settings
from ingestion.catalogue import source_spec
from ingestion.landing.archive import list_archive
from ingestion.webhooks import drain as drain_module
from ingestion.webhooks.events import is_known
from ingestion.webhooks.spool import spool_of
from tests.python.webhooks.calls import event, landed, sale, spooled, stored, with_webhooks


def test_i8_an_unknown_kind_waits_for_a_table_and_is_listed(
    duckdb_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = with_webhooks(duckdb_settings)
    spec = source_spec("stripe")
    record = next(iter(spec.records.values())).model_copy(update={"objects": ("charge",)})
    grown = spec.model_copy(update={"records": {"stripe_payouts": record}})
    new_kind = event("evt_9", "barter.made", object="barter")
    assert (is_known(event(), grown), is_known(new_kind, grown)) == (True, False)
    monkeypatch.setattr(drain_module, "spec_of", lambda *_: grown)
    spooled(settings, new_kind, provider="stripe")
    assert landed(settings)[0] == []
    (line,) = spool_of(settings).lines()
    assert (line.state, line.event_type, line.count) == ("UNKNOWN_EVENT", "barter.made", 1)
    assert stored(settings, "body") == [(new_kind,)]
    learned = record.model_copy(update={"objects": ("charge", "barter")})
    later = spec.model_copy(update={"records": {"stripe_payouts": learned}})
    monkeypatch.setattr(drain_module, "spec_of", lambda *_: later)
    assert len(landed(settings)[0]) == 1
    assert stored(settings, "body") == [(None,)]


def test_a_known_kind_that_nobody_needs_lands_without_rows(duckdb_settings: Settings) -> None:
    settings = with_webhooks(duckdb_settings)
    spooled(settings, event("evt_8", "customer.created", object="customer"), provider="stripe")
    (result,) = landed(settings)[0]
    assert (result.state, result.code, result.landed_rows) == ("landed", "OBJECT_NOT_NEEDED", 0)
    assert [line.state for line in spool_of(settings).lines()] == ["landed"]
    assert len(list(list_archive(settings))) == 1


def test_i8_what_is_inside_decides_for_every_provider() -> None:
    spec = source_spec("stripe")
    record = next(iter(spec.records.values()))
    of = {
        "payment": json.dumps({"type": "payment.created", "data": {"object": {"payment": {}}}}),
        "NotificationRequestItem": json.dumps(
            {"live": "true", "notificationItems": [{"NotificationRequestItem": {}}]}
        ),
    }
    for name, body in of.items():
        under = record.model_copy(update={"under": (name,)})
        known = spec.model_copy(update={"records": {"one": under}})
        other = spec.model_copy(
            update={"records": {"one": record.model_copy(update={"under": ("x",)})}}
        )
        assert (is_known(body.encode(), known), is_known(body.encode(), other)) == (True, False)


def test_one_bad_event_does_not_cost_the_others(duckdb_settings: Settings) -> None:
    """A card number refuses its file; cut in two until it stands alone, and then it is gone."""
    card = "4111 1111 1111 1111"
    settings = with_webhooks(duckdb_settings)
    bodies = [sale(n, description=card if n == 3 else "") for n in range(8)]
    spooled(settings, *bodies)
    results, rows = landed(settings)
    assert rows == [f"T{n}" for n in range(8) if n != 3]
    assert [r.code for r in results].count("PAN_FOUND") == 4
    assert stored(settings, "state, code, body")[3] == ("rejected", "PAN_FOUND", None)
    kept = [p for p in Path(settings.state).parent.rglob("*") if p.is_file()]
    assert not any(card.encode() in path.read_bytes() for path in kept)
    assert len(list_archive(settings)) == sum(r.state == "landed" for r in results)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b'{"a": ', id="cut"),
        pytest.param(b"[1]", id="no object"),
        pytest.param(gzip.compress(b"{}", mtime=0), id="gzip"),
        pytest.param(b'{"a": 1, "a": 2}', id="a name twice"),
        pytest.param(b'{"a": "' + "é".encode("latin-1") + b'"}', id="latin-1"),
    ],
)
def test_a_body_that_is_no_json_is_a_file_of_its_own(
    duckdb_settings: Settings, body: bytes
) -> None:
    settings = with_webhooks(duckdb_settings)
    spooled(settings, sale(1), body, sale(2))
    results, rows = landed(settings)
    assert rows == ["T1", "T2"]
    assert [r.state for r in results] == ["landed", "rejected"]
    assert [state for (state,) in stored(settings, "state")] == ["landed", "rejected", "landed"]
