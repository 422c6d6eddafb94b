"""Services that answer with too much, or with words that no library reads."""

from __future__ import annotations

import gzip
import resource
from collections.abc import Iterator

import pytest

from ingestion.landing.fetch import DoorError
from ingestion.sources import web
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors.rest import Books, ids, land, rest_door
from tests.python.ingestion.doors.web_server import Answer, Asked, Service, serving

BOMB = gzip.compress(b"0" * 400_000_000, 9)
GIGABYTE = 1 << 20  # in kilobytes


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_WAIT", "WAIT", "JITTER"):
        monkeypatch.setattr(web, name, 0.001)


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that keeps books."""
    with serving(Books()) as running:
        yield running


def test_a_packed_answer_is_unpacked_and_counted_on_the_way(
    fresh_desk: Desk, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """400 MB in 400 kB: what is over the limit is never held."""
    monkeypatch.setattr(web, "LARGEST_PAGE", 10_000_000)
    heads = {"content-encoding": "gzip"}
    real = Books()
    service.answer = lambda asked: Answer(BOMB, headers=heads)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(DoorError, match="an answer of over 10000000 bytes"):
        land(fresh_desk, rest_door(service.address, timeout_seconds=20))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GIGABYTE // 4
    service.answer = lambda asked: Answer(gzip.compress(real(asked).body), headers=heads)
    assert land(fresh_desk, rest_door(service.address)) == ["landed"] * 3
    assert len(ids(fresh_desk)) == 5
    monkeypatch.setattr(web, "LARGEST_PAGE", 100)
    with pytest.raises(DoorError, match="an answer of over 100 bytes"):
        land(fresh_desk, rest_door(service.address, name="other"))


@pytest.mark.parametrize(
    "when",
    ["Wed, 21 Oct 2015 07:28:00 -0000", "Wed, 21 Oct 2015 07:28:00 GMT", "soon", "99999999999", ""],
)
def test_any_words_of_when_to_come_again_are_a_failure_of_this_door_alone(
    fresh_desk: Desk, service: Service, when: str
) -> None:
    def busy(_: Asked) -> Answer:
        return Answer(b"", 429, {"retry-after": when})

    service.answer = busy
    with pytest.raises(DoorError, match="HTTP_429"):
        land(fresh_desk, rest_door(service.address, attempts=2))
