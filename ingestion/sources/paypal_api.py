"""The PayPal door: the transaction search, as far as PayPal says that it is up to date.

A transaction appears there up to three hours after it happened; each answer says until when it is
complete, and no interval goes beyond. Only the transactions' own facts are asked for, not the
payer's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx

from dbt_project.settings import Settings
from dbt_project.settings_polls import PaypalDoor
from ingestion.sources.files import Here, TransferError, secret_of
from ingestion.sources.polling import Interval, Page, PolledPages, Stream, page_of
from ingestion.sources.web import asking, good

AT_ONCE = 500
MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@contextmanager
def open_paypal(here: Here, door: PaypalDoor) -> Iterator[PolledPages]:
    """One stream: transactions."""
    with asking(door) as (client, _patient):
        now = here.settings.clock().replace(tzinfo=UTC)
        stream = Stream(
            "transactions",
            partial(_pages, door, client),
            partial(_known_until, door, client, now),
        )
        yield PolledPages(here, door, [stream])


def try_paypal(settings: Settings, door: PaypalDoor) -> str:
    """How far PayPal's search is. Raises TransferError."""
    with asking(door) as (client, _patient):
        known = _known_until(door, client, settings.clock().replace(tzinfo=UTC))
    return f"{door.base_url} lets {door.client_id} in; complete until {known:{MOMENT}}"


def _token(door: PaypalDoor, client: httpx.Client) -> dict[str, str]:
    words = good(
        client.post(
            f"{door.base_url}/v1/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(door.client_id, secret_of(door, door.secret_variable)),
        )
    )
    token = words.get("access_token") if isinstance(words, dict) else None
    if not isinstance(token, str):
        raise TransferError("ANSWER_ERROR PayPal gives no token")
    return {"authorization": f"Bearer {token}"}


def _ask(
    door: PaypalDoor,
    client: httpx.Client,
    token: dict[str, str],
    interval: Interval,
    **words: int,
) -> tuple[httpx.Response, dict[str, Any]]:
    answer = client.get(
        f"{door.base_url}/v1/reporting/transactions",
        params={
            "start_date": interval.since.strftime(MOMENT),
            "end_date": interval.until.strftime(MOMENT),
            "fields": "transaction_info",
            **words,
        },
        headers=token,
    )
    values = good(answer)
    if not isinstance(values, dict) or not isinstance(values.get("transaction_details"), list):
        raise TransferError("ANSWER_ERROR PayPal answered something else than transactions")
    return answer, values


def _known_until(door: PaypalDoor, client: httpx.Client, now: datetime) -> datetime:
    """Until when PayPal's search is complete."""
    last_day = Interval(now - timedelta(days=1), now)
    _, values = _ask(door, client, _token(door, client), last_day, page_size=1, page=1)
    try:
        found = datetime.fromisoformat(str(values["last_refreshed_datetime"]))
        return found.astimezone(UTC)
    except (KeyError, ValueError) as error:
        raise TransferError("ANSWER_ERROR PayPal does not say until when it is complete") from error


def _pages(door: PaypalDoor, client: httpx.Client, interval: Interval) -> Iterator[Page]:
    """Every page, and as many transactions as announced."""
    token = _token(door, client)
    count = number = 0
    while True:
        number += 1
        answer, values = _ask(door, client, token, interval, page_size=AT_ONCE, page=number)
        items = values["transaction_details"]
        count += len(items)
        yield page_of(answer.content, items)
        try:
            pages, announced = int(values["total_pages"]), int(values["total_items"])
        except (KeyError, ValueError, TypeError) as error:
            raise TransferError("ANSWER_ERROR PayPal does not say how many there are") from error
        if number >= pages:
            break
    if count != announced:
        raise TransferError(f"INCOMPLETE {count} of {announced} transactions came; run again")
