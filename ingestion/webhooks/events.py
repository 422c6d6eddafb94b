"""What an event says of itself: its id, its type, and whether the catalogue knows what is in it.

In: a provider's proved body. Out: Event; a body that cannot be read is an event all the same, with
its hash as id. Whether it is known is asked again at each run, so a grown catalogue finds old ones.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from dbt_project.settings_webhooks import Provider
from ingestion.catalogue import Record, SourceSpec
from ingestion.formats.json_places import is_not_needed
from ingestion.formats.json_strict import flaw_of, read_json
from ingestion.webhooks.signatures import adyen_items, adyen_text

LONGEST = 200


@dataclass(frozen=True)
class Event:
    """One call: the provider's id of it, its type, and the bytes as they came."""

    provider: str
    event_id: str
    event_type: str
    body: bytes


def event_of(provider: Provider, body: bytes) -> Event:
    """The event in a body. What has no id of its own gets the hash of its bytes."""
    if provider.scheme == "adyen":
        items = adyen_items(body)
        signed = "\n".join(sorted(adyen_text(item) for item in items))
        kinds = sorted({str(item.get("eventCode")) for item in items})
        return Event(provider.name, _hash(signed.encode()), _cut("+".join(kinds)), body)
    root = read(body)
    fields = {"stripe": ("id", "type"), "square": ("event_id", "type")}
    id_field, type_field = fields.get(provider.scheme, (provider.id_field, provider.type_field))
    identity = _text_at(root, id_field)
    kind = _text_at(root, type_field)
    is_short = identity is not None and len(identity) <= LONGEST
    return Event(provider.name, str(identity) if is_short else _hash(body), _cut(kind or ""), body)


def read(body: bytes) -> Any:
    """The JSON value of a body; None when it is none that we take."""
    try:
        root = read_json(body.decode())
    except ValueError:
        return None
    return root if flaw_of(root) is None else None


def is_known(body: bytes, spec: SourceSpec) -> bool:
    """Whether the source has a raw table for what the event is about, or needs none; a broken body
    is for landing.

    A source without tables for objects (own books, generic) takes every event as one of its lines.
    """
    root = read(body)
    if not isinstance(root, dict) or not any(_is_for_objects(r) for r in spec.records.values()):
        return True
    inside = root.get("data")
    inside = inside.get("object") if isinstance(inside, dict) else None
    is_asked = any(_holds(root, r) or _holds(inside, r) for r in spec.records.values())
    return is_asked or is_not_needed(root, spec) or is_not_needed(inside, spec)


def _holds(value: Any, record: Record) -> bool:
    if not isinstance(value, dict):
        return False
    kind = value.get("object")
    if isinstance(kind, str) and kind in record.objects:
        return True
    items = value.get("notificationItems")
    if isinstance(items, list):
        return any(isinstance(i, dict) and set(i) & set(record.under) for i in items)
    return bool(set(value) & set(record.under))


def _is_for_objects(record: Record) -> bool:
    return bool(record.objects or record.under)


def _text_at(root: Any, path: str) -> str | None:
    for name in path.split("."):
        root = root.get(name) if isinstance(root, dict) else None
    return root if isinstance(root, str) and root.strip() else None


def _cut(text: str) -> str:
    return text[:LONGEST]


def _hash(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()
