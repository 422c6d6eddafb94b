"""A file on its way in, as a page of the register, as a parser's work, as facts for the archive."""

from __future__ import annotations

from ingestion.formats.parsed import Limits, Work
from ingestion.landing.archive import keep
from ingestion.landing.documents import Document, document_id, name_and_revision
from ingestion.landing.facts import Facts
from ingestion.landing.local_times import zone_of
from ingestion.landing.result import Arrival


def document_of(arrival: Arrival) -> Document:
    """The register's row of bytes that nobody has looked at yet."""
    settings, spec, taken = arrival.settings, arrival.spec, arrival.taken
    deployed, moment = settings.source(spec.source), settings.clock()
    original = arrival.original.facts if arrival.original else None
    time_zone = zone_of(deployed.time_zone or spec.time_zone, spec.source)
    key, revision = name_and_revision(arrival.name)
    return Document(
        document_id=document_id(settings.tenant, spec.source, taken.sha256),
        tenant_id=settings.tenant,
        source=spec.source,
        format=None,
        name=arrival.name,
        logical_key=f"{arrival.within}/{key}" if arrival.within else key,
        revision=revision,
        sha256=taken.sha256,
        byte_count=taken.byte_count,
        received_at=original.received_at if original else moment,
        door=arrival.door,
        archived_as=None,
        parser_version=spec.parser_version,
        time_zone=time_zone,
        currency=deployed.currency or spec.currency,
        source_account=deployed.account,
        state="landed",
        code=None,
        message=None,
        line_count=None,
        landed_rows=0,
        quarantined_rows=0,
        landed_at=original.landed_at if original else moment,
    )


def work_of(arrival: Arrival) -> Work:
    """What a parser needs of it."""
    limits = arrival.settings.limits
    taken = arrival.taken
    return Work(taken.path, taken.folder, Limits(limits.max_bytes, limits.max_line_bytes))


def kept(arrival: Arrival, document: Document) -> str:
    """Where the archive keeps the bytes; those that come from it are there, with their facts."""
    if arrival.original:
        return arrival.original.archived_as
    facts = Facts(
        document.name,
        document.tenant_id,
        document.source,
        document.sha256,
        document.byte_count,
        document.received_at,
        document.landed_at or document.received_at,
        document.door,
        arrival.within,
    )
    return keep(arrival.settings, arrival.taken, facts, arrival.manifest)
