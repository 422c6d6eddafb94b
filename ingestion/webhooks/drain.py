"""From the spool to the warehouse: events become files, done once their file has landed.

In: a provider. Out: LandingResult, one a file. A batch is bound in the spool before it is landed,
so what is made again after a kill has the same bytes, and the same bytes land once. A file that is
rejected for one of its events is cut in two until that event stands alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator

from dbt_project.settings import Settings
from dbt_project.settings_webhooks import Provider
from dbt_project.warehouse import Warehouse
from ingestion.catalogue import SourceSpec
from ingestion.known_sources import spec_of
from ingestion.landing.failpoints import reached
from ingestion.landing.one_file import land_file
from ingestion.landing.result import LandingResult
from ingestion.landing.snapshots import working_folder
from ingestion.webhooks.events import is_known, read
from ingestion.webhooks.spool import MAX_BATCH_BYTES, Batch, Spool, spool_of


def drain_all(
    settings: Settings,
    warehouse: Warehouse,
    sources: Collection[str] | None = None,
    places: Collection[str] | None = None,
) -> Iterator[LandingResult]:
    """Lands the events of every provider of some sources (None: all), or only of some places."""
    for provider in settings.webhooks.providers:
        is_asked = sources is None or provider.source in sources
        if is_asked and (not places or place_of(provider) in places):
            yield from drain(settings, warehouse, provider)


def place_of(provider: Provider) -> str:
    """A provider as a place of the sensor and of a run that is about some places."""
    return f"webhook://{provider.name}"


def fingerprints_of(settings: Settings) -> dict[str, str]:
    """The providers with events that wait, as `source|place`, and the oldest of those events."""
    found = {}
    for provider in settings.webhooks.providers:
        oldest = spool_of(settings).oldest(provider.name)
        if oldest is not None:
            found[f"{provider.source}|{place_of(provider)}"] = str(oldest)
    return found


def drain(settings: Settings, warehouse: Warehouse, provider: Provider) -> Iterator[LandingResult]:
    """Lands all events of a provider that wait; those of unknown kind stay in the spool."""
    spool, spec = spool_of(settings), spec_of(settings, provider.source)
    _bind(spool, provider, spec, settings.webhooks.max_events_a_file)
    reached("after_bind")
    while (batch := spool.next_batch(provider.name)) is not None:
        result = _land(settings, warehouse, provider, batch)
        if result.state == "rejected" and len(batch.events) > 1:
            middle = len(batch.events) // 2
            spool.bind(batch.events[:middle])
            spool.bind(batch.events[middle:])
        else:
            state = "landed" if result.state == "duplicate" else result.state
            reached("before_close")
            spool.close(batch, state, result.document_id, result.code)
            reached("after_close")
        yield result


def content_of(batch: Batch) -> bytes:
    """A line an event; an event that is no JSON object is a file of its own, as it came."""
    if len(batch.bodies) == 1 and not _is_line(batch.bodies[0]):
        return batch.bodies[0]
    # A line end in JSON can only stand between values: a blank there changes nothing.
    lines = (body.replace(b"\r", b" ").replace(b"\n", b" ").strip() for body in batch.bodies)
    return b"".join(line + b"\n" for line in lines)


def _land(
    settings: Settings, warehouse: Warehouse, provider: Provider, batch: Batch
) -> LandingResult:
    content = content_of(batch)
    digest = hashlib.sha256(content).hexdigest()[:16]  # no two files may replace each other
    name = f"{provider.name}_webhooks_{batch.number:08}_{digest}.ndjson"
    door = f"{place_of(provider)}/{batch.number}"
    with working_folder(settings) as folder:
        path = folder / "events"
        path.write_bytes(content)
        return land_file(settings, warehouse, provider.source, path, name, door)


def _bind(spool: Spool, provider: Provider, spec: SourceSpec, most: int) -> None:
    """Puts what waits into batches; what no table is for is set aside."""
    catalogue = _fingerprint(spec)
    events: list[int] = []
    unknown: list[int] = []
    alone: list[int] = []
    size = 0
    for number, body in spool.waiting(provider.name, catalogue):
        if not _is_line(body):
            alone.append(number)
        elif not is_known(body, spec):
            unknown.append(number)
        else:
            if events and (len(events) >= most or size + len(body) > MAX_BATCH_BYTES):
                spool.bind(events)
                events, size = [], 0
            events.append(number)
            size += len(body)
    spool.set_aside(unknown, catalogue)
    for group in [events, *([number] for number in alone)]:
        if group:
            spool.bind(group)


def _is_line(body: bytes) -> bool:
    return isinstance(read(body), dict)


def _fingerprint(spec: SourceSpec) -> str:
    """What the source's tables are for; it changes when the catalogue learns a kind of event."""
    kinds = sorted(f"{r.objects}{r.under}" for r in spec.records.values())
    return hashlib.sha256("|".join(kinds).encode()).hexdigest()[:16]
