"""The Stripe door: lists of objects by the day they were created, through Stripe's own library.

Each answer is landed as it came. Changes of an object after its interval show in the objects made
for them (a refund, a dispute, a balance transaction), not in a second look at the old one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx
import stripe

from dbt_project.settings import Settings
from dbt_project.settings_polls import StripeDoor
from ingestion.sources.files import Here, TransferError, answering, secret_of
from ingestion.sources.polling import Interval, Page, PolledPages, Stream, page_of
from ingestion.sources.web import Patient, asking

AT_ONCE = 100


class OurClient(stripe.HTTPClient):
    """Stripe's library speaks through our connection, which is patient and keeps the bytes."""

    name = "tieout"

    def __init__(self, client: httpx.Client) -> None:
        super().__init__()
        self.client = client

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        **_: Any,
    ) -> tuple[str, int, Mapping[str, str]]:
        """One request, tried again as often as it takes."""
        answer = self.client.request(method, url, headers=dict(headers or {}), content=post_data)
        return answer.text, answer.status_code, answer.headers

    def close(self) -> None:
        """The connection is closed by who opened it."""


@contextmanager
def open_stripe(here: Here, door: StripeDoor) -> Iterator[PolledPages]:
    """One stream for each kind of object that is asked for."""
    with _connected(door) as (lists, patient):
        streams = [
            Stream(name, partial(_pages, door, lists[name], patient)) for name in door.objects
        ]
        yield PolledPages(here, door, streams)


def try_stripe(_: Settings, door: StripeDoor) -> str:
    """That the key is good for every kind of object. Raises TransferError."""
    with _connected(door) as (lists, _patient), answering(door, stripe.StripeError):
        for name in door.objects:
            lists[name].list(params={"limit": 1})
    return f"{door.base_url} lets the key read {', '.join(door.objects)}"


@contextmanager
def _connected(door: StripeDoor) -> Iterator[tuple[dict[str, Any], Patient]]:
    with asking(door) as (client, patient):
        api = stripe.StripeClient(
            secret_of(door, door.key_variable),
            stripe_account=door.account,
            base_addresses={"api": door.base_url},
            max_network_retries=0,
            http_client=OurClient(client),
        )
        yield {name: getattr(api.v1, name) for name in door.objects}, patient


def _pages(door: StripeDoor, lists: Any, patient: Patient, interval: Interval) -> Iterator[Page]:
    """Page after page; each starts after the last object of the one before."""
    created = {"gte": int(interval.since.timestamp()), "lt": int(interval.until.timestamp())}
    after: dict[str, str] = {}
    while True:
        with answering(door, stripe.StripeError):
            answer = lists.list(params={"limit": AT_ONCE, "created": created, **after})
            words = answer.to_dict()
        if words.get("object") != "list" or not isinstance(words.get("data"), list):
            raise TransferError("ANSWER_ERROR Stripe answered something else than a list")
        yield page_of(patient.last, words["data"])
        if not words.get("has_more"):
            return
        if not words["data"]:
            raise TransferError("INCOMPLETE Stripe says there is more, and gives nothing")
        after = {"starting_after": words["data"][-1]["id"]}
