"""A store that answers 5xx, hangs, or cuts bodies: asked again, then said; nothing half."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from botocore.config import Config

from ingestion import buckets
from ingestion.landing.fetch import DoorError
from ingestion.landing.land import land_door
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors.bucket import s3_door
from tests.python.ingestion.doors.web_server import Answer, Asked, Service, serving
from tests.python.ingestion.make import books

BODY = books({}, {})
TAG = hashlib.md5(BODY, usedforsecurity=False).hexdigest()
LISTING = (
    '<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>in/a.csv'
    "</Key><LastModified>2026-10-01T00:00:00.000Z</LastModified>"
    f"<ETag>&quot;{TAG}&quot;</ETag><Size>{len(BODY)}</Size></Contents></ListBucketResult>"
)
BUSY, SLOW, CUT = "busy", "slow", "cut"


@dataclass
class Store:
    """One object; `troubles` come first, one an answer to a request for it."""

    troubles: list[str] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Answer:
        """A listing, or the object, or trouble."""
        if "list-type" in asked.words:
            return Answer(LISTING.encode(), headers={"content-type": "application/xml"})
        if not asked.path.endswith("in/a.csv"):
            return Answer(b"", status=404)
        head = {"etag": f'"{TAG}"', "content-type": "text/csv"}
        trouble = self.troubles.pop(0) if self.troubles else ""
        if trouble == BUSY:
            return Answer(b"<Error><Code>SlowDown</Code></Error>", status=503)
        hang, cut = (1.0 if trouble == SLOW else 0), (9 if trouble == CUT else 0)
        return Answer(BODY, headers=head, hang=hang, cut=cut)


@pytest.fixture
def store() -> Store:
    """The store."""
    return Store()


@pytest.fixture
def service(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The store as a service, and a client that is not as patient as ours."""
    short = Config(
        read_timeout=0.4, connect_timeout=2, retries={"mode": "standard", "total_max_attempts": 4}
    )
    monkeypatch.setattr(buckets, "TIMEOUTS", short)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    buckets.bucket_client.cache_clear()
    with serving(store) as running:
        yield running
    buckets.bucket_client.cache_clear()


@pytest.mark.parametrize("trouble", [BUSY, SLOW])
def test_fault_f14_f15_a_store_that_is_busy_or_slow_twice_is_asked_again(
    fresh_desk: Desk, store: Store, service: Service, trouble: str
) -> None:
    store.troubles = [trouble] * 2
    results = list(land_door(fresh_desk.settings, fresh_desk.warehouse, s3_door(service.address)))
    assert [(r.state, r.landed_rows) for r in results] == [("landed", 2)]


@pytest.mark.parametrize("trouble", [BUSY, SLOW, CUT])
def test_fault_f14_f15_f16_a_store_that_stays_in_trouble_is_said_in_bounded_time_and_nothing_lands(
    fresh_desk: Desk, store: Store, service: Service, trouble: str
) -> None:
    store.troubles = [trouble] * 40
    started = time.monotonic()
    with pytest.raises(DoorError, match=r"in/a\.csv"):
        list(land_door(fresh_desk.settings, fresh_desk.warehouse, s3_door(service.address)))
    assert time.monotonic() - started < 60
    assert fresh_desk.count("ops.documents") == 0
    store.troubles = []
    results = list(land_door(fresh_desk.settings, fresh_desk.warehouse, s3_door(service.address)))
    assert [r.state for r in results] == ["landed"]  # the next run repairs
