"""The Square door: payments and refunds by their last change, payouts with their entries.

Payments and payouts are asked for location by location: Square answers for the main one alone when
none is named. By last change, because the fee of a payment is written into it later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from square import Square
from square.core.api_error import ApiError

from dbt_project.settings import Settings
from dbt_project.settings_polls import SquareDoor
from ingestion.sources.files import Here, TransferError, answering, secret_of
from ingestion.sources.polling import Interval, Page, PolledPages, Stream, page_of
from ingestion.sources.web import Patient, asking, read_json

AT_ONCE = 100
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
ITEMS = {"payments": "payments", "refunds": "refunds", "payouts": "payouts"}


class Talk:
    """Square's library on our connection: its requests, and the bytes of each answer."""

    def __init__(self, door: SquareDoor, api: Square, patient: Patient) -> None:
        self.door, self.api, self.patient = door, api, patient
        self.options: Any = {
            "max_retries": 0, "timeout_in_seconds": int(door.timeout_seconds) or 1
        }  # fmt: skip

    def locations(self) -> list[str]:
        """The locations to ask for: those named, else all there are."""
        if self.door.locations:
            return list(self.door.locations)
        with answering(self.door, ApiError):
            found = self.api.locations.list(request_options=self.options).locations
        if not found:
            raise TransferError("INCOMPLETE Square names no location; name them in the settings")
        return [location.id for location in found if location.id]

    def pages(self, items: str, ask: Callable[..., Any], **words: Any) -> Iterator[Page]:
        """Every page of one question; the end is an answer without a cursor."""
        seen: set[str] = set()
        with answering(self.door, ApiError):
            pager = ask(limit=AT_ONCE, request_options=self.options, **words)
        while True:
            answer = read_json(self.patient.last, self.door.base_url)
            if not isinstance(answer, dict) or answer.get("errors"):
                raise TransferError(f"ANSWER_ERROR Square answered with errors for {items}")
            yield page_of(self.patient.last, answer.get(items) or [])
            cursor = answer.get("cursor")
            if not cursor:
                return
            if cursor in seen:
                raise TransferError(f"PAGE_LOOP Square gives the cursor of {items} again")
            seen.add(cursor)
            with answering(self.door, ApiError):
                pager = pager.get_next()


@contextmanager
def open_square(here: Here, door: SquareDoor) -> Iterator[PolledPages]:
    """One stream for each kind of object that is asked for."""
    with _connected(door) as talk:
        pages = {
            "payments": _payments,
            "refunds": _refunds,
            "payouts": _payouts,
            "payout_entries": _entries,
        }
        streams = [Stream(name, partial(pages[name], talk)) for name in door.objects]
        yield PolledPages(here, door, streams)


def try_square(_: Settings, door: SquareDoor) -> str:
    """How many locations there are. Raises TransferError."""
    with _connected(door) as talk:
        return f"{door.base_url} lets the token in; {len(talk.locations())} locations"


@contextmanager
def _connected(door: SquareDoor) -> Iterator[Talk]:
    with asking(door) as (client, patient):
        token = secret_of(door, door.token_variable)
        yield Talk(door, Square(token=token, base_url=door.base_url, httpx_client=client), patient)


def _changed(interval: Interval) -> dict[str, str]:
    return {
        "updated_at_begin_time": interval.since.strftime(MOMENT),
        "updated_at_end_time": interval.until.strftime(MOMENT),
        "sort_field": "UPDATED_AT",
        "sort_order": "ASC",
    }


def _payments(talk: Talk, interval: Interval) -> Iterator[Page]:
    for place in talk.locations():
        words = {"location_id": place, **_changed(interval)}
        yield from talk.pages("payments", talk.api.payments.list, **words)


def _refunds(talk: Talk, interval: Interval) -> Iterator[Page]:
    for place in talk.locations():
        words = {"location_id": place, **_changed(interval)}
        yield from talk.pages("refunds", talk.api.refunds.list, **words)


def _payouts(talk: Talk, interval: Interval) -> Iterator[Page]:
    times = {
        "begin_time": interval.since.strftime(MOMENT),
        "end_time": interval.until.strftime(MOMENT),
        "sort_order": "ASC",
    }
    for place in talk.locations():
        yield from talk.pages("payouts", talk.api.payouts.list, location_id=place, **times)


def _entries(talk: Talk, interval: Interval) -> Iterator[Page]:
    """The entries of each payout of the interval: they say which payments a payout pays."""
    for page in _payouts(talk, interval):
        for payout in read_json(page.content, talk.door.base_url).get("payouts") or []:
            ask = partial(talk.api.payouts.list_entries, payout["id"])
            yield from talk.pages("payout_entries", ask, sort_order="ASC")
