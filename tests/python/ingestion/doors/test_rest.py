"""The REST door: every way of counting pages, to the declared end or not at all (I9, I10)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from ingestion.landing.fetch import DoorError
from ingestion.landing.land import land_door
from ingestion.sources import polling, rest_api, web
from ingestion.sources.json_texts import texts_at
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors.rest import (
    PAGES,
    Books,
    cursors,
    ids,
    item,
    land,
    rest_door,
)
from tests.python.ingestion.doors.web_server import Answer, Asked, Service, said, serving

ALL = [f"T{number}" for number in range(5)]
END = {"rest_internal/items": "20261101T040000Z"}


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_WAIT", "WAIT", "JITTER"):
        monkeypatch.setattr(web, name, 0.001)


@pytest.fixture
def books() -> Books:
    """What the service keeps."""
    return Books()


@pytest.fixture
def service(books: Books) -> Iterator[Service]:
    """The service."""
    with serving(books) as running:
        yield running


@pytest.mark.parametrize("kind", PAGES)
def test_every_way_of_counting_pages_comes_to_the_end(
    fresh_desk: Desk, books: Books, service: Service, kind: str
) -> None:
    books.note = "from nought" if kind == "empty" else "first"
    assert land(fresh_desk, rest_door(service.address, kind)) == ["landed"] * 3
    assert ids(fresh_desk) == ALL
    assert cursors(fresh_desk) == END
    asked = service.asked[:1] if kind in ("link", "header") else service.asked
    times = {(request.words["from"], request.words["to"]) for request in asked}
    assert times == {("2026-10-15T00:00:00Z", "2026-11-01T04:00:00Z")}


def test_amounts_keep_the_digits_they_were_sent_with(fresh_desk: Desk, service: Service) -> None:
    land(fresh_desk, rest_door(service.address))
    rows = fresh_desk.warehouse.rows("select distinct amount from raw.internal_transactions")
    assert [row["amount"] for row in rows] == ["12.30"]
    text = '{"a": {"b": [1]}, "a": {"b" : [ {"x":1.10,\n"y":"] \\" ["} ,2e5, [3]]}}'
    assert list(texts_at(text, "a.b")) == ['{"x":1.10, "y":"] \\" ["}', "2e5", "[3]"]
    assert list(texts_at(" [ ] ", "")) == []


def test_an_interval_without_items_moves_the_cursor_and_lands_nothing(
    fresh_desk: Desk, books: Books, service: Service
) -> None:
    books.items = []
    assert land(fresh_desk, rest_door(service.address)) == []
    assert cursors(fresh_desk) == END


def test_throttling_is_waited_for(fresh_desk: Desk, books: Books, service: Service) -> None:
    books.wrong = {1: [Answer(b"", 429, {"retry-after": "1"}), *[Answer(b"", 503)] * 2]}
    door = rest_door(service.address, attempts=4)
    began = time.monotonic()
    with pytest.raises(DoorError, match="HTTP_503"):
        land(fresh_desk, door)
    assert time.monotonic() - began >= 1
    assert len(service.asked) == 5
    books.wrong = {1: [Answer(b"", 429, {"retry-after": "0"}), Answer(b"", 429), Books()(ask(2))]}
    assert land(fresh_desk, door) == ["landed"] * 3


def ask(start: int) -> Asked:
    """A request for the page that starts there."""
    return Asked("GET", "/books", {"cursor": str(start)}, {}, "")


TROUBLES = {
    "HTTP_503": Answer(b"", 503),
    "HTTP_401": said({"error": "unauthorized"}, status=401),
    "HTTP_429": Answer(b"", 429, {"retry-after": "3600"}),
    "ReadTimeout": Answer(b"{}", hang=1.0),
    "RemoteProtocolError": Answer(b'{"data": []}' * 10, cut=5),
    "ANSWER_ERROR": said({"error": {"message": "no"}, "data": []}),
    "ANSWER_ERROR there is no list": said({"meta": {}}),
    "ANSWER_UNREADABLE": Answer(b"<html>busy</html>"),
    "HTTP_302": Answer(b"", 302, {"location": "http://elsewhere.example/?x=1"}),
}


@pytest.mark.parametrize("words", TROUBLES)
def test_i10_trouble_lands_nothing_and_the_next_run_repairs(
    fresh_desk: Desk, books: Books, service: Service, words: str
) -> None:
    books.wrong = {2: [TROUBLES[words]]}
    door = rest_door(service.address, attempts=2, timeout_seconds=0.3)
    with pytest.raises(DoorError, match=words):
        land(fresh_desk, door)
    assert (ids(fresh_desk), cursors(fresh_desk)) == ([], {})
    assert fresh_desk.count("ops.documents") == 0
    books.wrong = {}
    assert land(fresh_desk, door) == ["landed"] * 3
    assert (ids(fresh_desk), cursors(fresh_desk)) == (ALL, END)


def test_control_without_spooling_half_an_interval_would_land(
    fresh_desk: Desk, books: Books, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.wrong = {2: [Answer(b"", 503)]}

    def at_once(self: Any, stream: Any, interval: Any, folder: Any) -> Any:
        pages = enumerate(stream.pages(interval), start=1)
        found = []
        try:
            for number, page in pages:
                found.append(self._file(stream, interval, number, page, folder))
        except polling.TransferError:
            pass
        return found

    monkeypatch.setattr(polling.PolledPages, "_pages", at_once)
    assert land(fresh_desk, rest_door(service.address, attempts=1)) == ["landed"] * 2
    assert ids(fresh_desk) == ALL[:4]


LOOPS = {
    "cursor": ("PAGE_LOOP", {"meta": {"next": "2"}}),
    "link": ("PAGE_LOOP", {"meta": {"url": "/books?cursor=2"}}),
    "pages": ("PAGE_LOOP", {"meta": {"pages": 9}}),
    "empty": ("PAGE_LOOP", {"meta": {}}),
    "more": ("INCOMPLETE", {"meta": {"more": True}}),
    "total": ("INCOMPLETE", {"meta": {"total": 1}}),
    "offset": ("INCOMPLETE", {"meta": {"total": 0}}),
}


@pytest.mark.parametrize("kind", LOOPS)
def test_i9_pages_without_their_declared_end_are_a_failure(
    fresh_desk: Desk, books: Books, service: Service, kind: str
) -> None:
    words, values = LOOPS[kind]
    rows = [json.loads(item(1)), json.loads(item(2))]
    service.answer = lambda asked: said({**values, "data": rows})
    with pytest.raises(DoorError, match=words):
        land(fresh_desk, rest_door(service.address, kind))
    assert (ids(fresh_desk), cursors(fresh_desk)) == ([], {})


def test_i9_more_pages_than_allowed_are_a_failure(
    fresh_desk: Desk, books: Books, service: Service
) -> None:
    with pytest.raises(DoorError, match="PAGE_LIMIT over 2 pages"):
        land(fresh_desk, rest_door(service.address, page_limit=2))
    assert (ids(fresh_desk), cursors(fresh_desk)) == ([], {})
    assert land(fresh_desk, rest_door(service.address, page_limit=3)) == ["landed"] * 3


def test_a_missing_item_is_noticed_by_the_announced_total(
    fresh_desk: Desk, books: Books, service: Service
) -> None:
    real = Books()
    service.answer = lambda asked: Answer(real(asked).body.replace(b'"total": 5', b'"total": 6'))
    with pytest.raises(DoorError, match="INCOMPLETE an empty page after 5 items"):
        land(fresh_desk, rest_door(service.address, "total"))
    assert ids(fresh_desk) == []


def test_our_secret_goes_to_no_other_host(
    fresh_desk: Desk, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIEOUT_SECRET_BOOKS", "hush-hush")
    login = {"header": "X-Key", "scheme": "", "secret_variable": "TIEOUT_SECRET_BOOKS"}
    door = rest_door(service.address, "link", login=login)
    with serving(lambda asked: said({"data": []})) as other:
        service.answer = lambda asked: said({"meta": {"url": f"{other.address}/x"}, "data": [{}]})
        with pytest.raises(DoorError, match="PAGE_ELSEWHERE") as refused:
            land(fresh_desk, door)
        assert other.asked == []
    assert service.asked[0].headers["x-key"] == "hush-hush"
    assert "hush" not in str(refused.value)


def test_a_rejected_page_keeps_the_cursor_where_it_was(
    fresh_desk: Desk, books: Books, service: Service
) -> None:
    pan = item(1).replace("R1", "4111 1111 1111 1111")
    books.items = [item(0), item(1), pan, item(3), item(4)]
    door = rest_door(service.address)
    landing = land_door(fresh_desk.settings, fresh_desk.warehouse, door)
    found = [next(landing).state for _ in range(3)]
    assert found == ["landed", "rejected", "landed"]
    with pytest.raises(DoorError, match="PAGE_REJECTED"):
        next(landing)
    assert cursors(fresh_desk) == {}


def test_a_look_back_brings_late_items_and_the_cursor_never_goes_back(
    fresh_desk: Desk, books: Books, service: Service
) -> None:
    door = rest_door(service.address, overlap_hours=48, window_days=6)
    later = fresh_desk.settings.model_copy(
        update={"now": fresh_desk.settings.clock() + timedelta(hours=6)}
    )
    land(fresh_desk, door)
    service.asked.clear()
    books.items, books.note = [*books.items, item(7)], "second"
    list(land_door(later, fresh_desk.warehouse, door))
    assert service.asked[0].words["from"] == "2026-10-30T04:00:00Z"
    assert cursors(fresh_desk) == {"rest_internal/items": "20261101T100000Z"}
    assert set(ids(fresh_desk)) == {*ALL, "T7"}


def test_the_doctor_asks_for_one_answer(fresh_desk: Desk, service: Service) -> None:
    assert "answers with items" in rest_api.try_rest(
        fresh_desk.settings, rest_door(service.address)
    )
    assert len(service.asked) == 1
