"""Reward histories that arrive in days: split into documents, corrected, withdrawn, read again.

Each tenant is a world of its own with its own dice, so one warehouse holds many of them. Rows come
in any order: yesterday's document may hold today's rows, and the other way round. Some rows come
twice, with the same facts or with others. `happen(warehouse, day)` does what arrives that day.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dbt_project.warehouse import Warehouse
from tests.python.dbt.reward_histories import Event
from tests.python.dbt.reward_strategies import drawn

DAYS, TENANTS, CUSTOMERS, SEED = 4, 40, 4, 7
FIRST_DAY = datetime(2026, 11, 1)
FORGOTTEN, SEALED = "forgotten", "sealed"
DOCUMENT = """
insert into ops.documents (document_id, tenant_id, source, name, logical_key, revision, sha256,
    received_at, landed_at, currency, state, parser_version)
values ($1, $2, 'thrive_cash', $1, $3, $4, $1, $5, $5, 'EUR', 'landed', '1')
"""
ROW = """
insert into raw.thrive_cash_transactions (trans_id, tctype, createdat, customerid, amount,
    expiredat, orderid, reason, _document_id, _source_file, _source_line) values
"""


@dataclass(frozen=True)
class Document:
    """One file: a revision of what its key names."""

    tenant: str
    key: str
    day: int
    revision: int
    events: tuple[Event, ...]

    @property
    def document_id(self) -> str:
        """Its own name."""
        return f"{self.tenant}-{self.key}-{self.revision}"


@dataclass(frozen=True)
class Change:
    """A word about a document that changes: it is withdrawn, comes back, is read otherwise."""

    document_id: str
    day: int
    column: str
    value: str


Happening = Document | Change


def happen(warehouse: Warehouse, day: int, seed: int = SEED) -> None:
    """Everything of one day."""
    for happening in world(seed):
        if happening.day == day and isinstance(happening, Document):
            _arrive(warehouse, happening)
        elif happening.day == day and isinstance(happening, Change):
            warehouse.execute(
                f"update ops.documents set {happening.column} = $1 where document_id = $2",
                [happening.value, happening.document_id],
            )


def world(seed: int) -> Iterator[Happening]:
    """What happens at all tenants; the two named ones are for the controls."""
    histories = drawn(TENANTS * CUSTOMERS + 2)
    for number in range(TENANTS):
        events = [e for h in histories[number * CUSTOMERS :][:CUSTOMERS] for e in h]
        yield from _tenant(random.Random(f"{seed}/{number}"), f"t{number:02}", events)
    for name, events in zip((FORGOTTEN, SEALED), histories[-2:], strict=True):
        first, last = _lot(events[0], "first"), _lot(events[0], "last")
        yield Document(name, "history", 1, 1, (*events, first))
        yield Document(name, "later", 2 if name == FORGOTTEN else 3, 1, (last,))


def _lot(like: Event, name: str) -> Event:
    return replace(like, trans_id=f"{name}-{like.trans_id}", kind="earned", amount=77, reason=None)


def _tenant(dice: random.Random, tenant: str, events: list[Event]) -> Iterator[Happening]:
    parts: list[list[Event]] = [[] for _ in range(dice.randint(1, 6))]
    for event in events:
        dice.choice(parts).append(event)
        if dice.random() < 0.15:
            dice.choice(parts).append(_told_again(dice, event, events))
    for number, part in enumerate(parts):
        document = Document(tenant, f"d{number}", dice.randint(1, DAYS), 1, tuple(part))
        yield document
        yield from _afterwards(dice, document, events)


def _told_again(dice: random.Random, event: Event, events: list[Event]) -> Event:
    other = dice.choice(events)
    return dice.choice(
        (
            event,
            replace(event, amount=event.amount * 2),
            replace(event, customer_id=other.customer_id),
            replace(event, kind="granted"),
        )
    )


def _afterwards(dice: random.Random, first: Document, events: list[Event]) -> Iterator[Happening]:
    day, document = first.day, first
    while day < DAYS and dice.random() < 0.6:
        day = dice.randint(day + 1, DAYS)
        what = dice.choice(("corrected", "withdrawn", "read_again", "back"))
        if what == "corrected":
            kept = [event for event in document.events if dice.random() < 0.8]
            changed = [_told_again(dice, e, events) if dice.random() < 0.3 else e for e in kept]
            document = replace(
                document, day=day, revision=document.revision + 1, events=tuple(changed)
            )
            yield document
        elif what == "read_again":
            yield Change(document.document_id, day, "time_zone", "America/New_York")
        else:
            state = "rejected" if what == "withdrawn" else "landed"
            yield Change(document.document_id, day, "state", state)


def _arrive(warehouse: Warehouse, document: Document) -> None:
    received_at = FIRST_DAY + timedelta(days=document.day - 1)
    warehouse.execute(
        DOCUMENT,
        [document.document_id, document.tenant, document.key, document.revision, received_at],
    )
    if document.events:
        rows = (_row(document, event, n) for n, event in enumerate(document.events, start=2))
        warehouse.execute(ROW + ", ".join(rows))


def _row(document: Document, event: Event, line: int) -> str:
    amount = f"{'-' if event.amount < 0 else ''}{abs(event.amount) // 100}"
    expires = event.expires_at.isoformat(" ") if event.expires_at else None
    values = (
        *(event.trans_id, event.kind, event.created_at.isoformat(" "), event.customer_id),
        *(f"{amount}.{abs(event.amount) % 100:02}", expires, event.order_id, event.reason),
        *(document.document_id, document.key),
    )
    words = ("null" if value is None else repr(value) for value in values)
    return f"({', '.join(words)}, {line})"
