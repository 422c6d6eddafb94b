"""The REST door: a service of your own whose answers are lists of items, however it counts pages.

Which items an answer holds, how the next page is found and where it ends are settings. A page is
landed as it came, so the source's contract says how its items are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx

from dbt_project.settings import Settings
from dbt_project.settings_polls import (
    CursorPages,
    LinkPages,
    NumberedPages,
    OffsetPages,
    RestDoor,
)
from ingestion.sources.files import Here, TransferError, secret_of
from ingestion.sources.json_texts import texts_at
from ingestion.sources.polling import Interval, Page, PolledPages, Stream, page_of
from ingestion.sources.web import asking, good

Words = dict[str, str | int]


@contextmanager
def open_rest(here: Here, door: RestDoor) -> Iterator[PolledPages]:
    """One stream: items."""
    with _connected(door) as client:
        yield PolledPages(here, door, [Stream("items", partial(_pages, door, client))])


def try_rest(settings: Settings, door: RestDoor) -> str:
    """That the first page of nothing is an answer. Raises TransferError."""
    with _connected(door) as client:
        _answer(door, client, _address(door, Interval(door.start, door.start)), _first(door))
    return f"{door.url.partition('?')[0]} answers with items"


@contextmanager
def _connected(door: RestDoor) -> Iterator[httpx.Client]:
    headers = {"accept": "application/json"}
    if door.login:
        login = door.login
        headers[login.header] = f"{login.scheme} {secret_of(door, login.secret_variable)}".strip()
    with asking(door, headers=headers) as (client, _patient):
        yield client


def _address(door: RestDoor, interval: Interval) -> str:
    times = {"since": interval.since, "until": interval.until}
    return door.url.format(
        **{name: quote(moment.strftime(door.moment_format)) for name, moment in times.items()}
    )


def _first(door: RestDoor) -> Words:
    pages = door.pages
    if isinstance(pages, NumberedPages):
        return {pages.parameter: pages.first}
    if isinstance(pages, OffsetPages):
        return {pages.parameter: 0, pages.limit_parameter: pages.limit}
    return {}


def _answer(
    door: RestDoor, client: httpx.Client, address: str, words: Words
) -> tuple[httpx.Response, Any, list[Any]]:
    """An answer, its values and its items. Raises TransferError when it is about a failure."""
    # httpx would put the words in the place of those the address has
    response = client.get(httpx.URL(address).copy_merge_params(words))
    values = good(response)
    if door.error and isinstance(values, dict) and at(values, door.error):
        raise TransferError(f"ANSWER_ERROR the answer's {door.error} says what went wrong")
    items = at(values, door.items)
    if not isinstance(items, list):
        raise TransferError(f"ANSWER_ERROR there is no list at {door.items or 'the answer'}")
    return response, values, items


def at(values: Any, place: str) -> Any:
    """What stands at a dotted place; None when nothing does."""
    for name in filter(None, place.split(".")):
        values = values.get(name) if isinstance(values, dict) else None
    return values


def _pages(door: RestDoor, client: httpx.Client, interval: Interval) -> Iterator[Page]:
    """Every page up to the end the settings declare."""
    address, words = _address(door, interval), _first(door)
    seen: set[str] = set()
    count = 0
    while True:
        response, values, items = _answer(door, client, address, words)
        count += len(items)
        yield _page(door, response.content, items)
        following = _next(door, response, values, len(items), count, words)
        if following is None:
            return
        address, words = following if following[0] else (address, following[1])
        if f"{address} {words}" in seen:
            raise TransferError(f"PAGE_LOOP after {count} items the pages start again")
        seen.add(f"{address} {words}")


def _page(door: RestDoor, content: bytes, items: list[Any]) -> Page:
    page = page_of(content, items)
    if door.lands == "page" or not items:
        return page
    lines = "".join(f"{line}\n" for line in texts_at(content.decode("utf-8"), door.items))
    return replace(page, content=lines.encode(), ending="ndjson")


def _next(
    door: RestDoor,
    response: httpx.Response,
    values: Any,
    items: int,
    count: int,
    words: Words,
) -> tuple[str, Words] | None:
    """Address (empty: the same) and words of the next page; None at the end."""
    pages = door.pages
    if isinstance(pages, CursorPages):
        cursor = at(values, pages.next)
        more = at(values, pages.more) if pages.more else cursor not in (None, "", False)
        if more and cursor in (None, "", False):
            raise TransferError("INCOMPLETE there is more, and no cursor to ask for it")
        return ("", {pages.parameter: str(cursor)}) if more else None
    if isinstance(pages, LinkPages):
        found = at(values, pages.next) if pages.next else response.links.get("next", {}).get("url")
        return (_same_host(response.request.url, str(found)), {}) if found else None
    if isinstance(pages, NumberedPages):
        number = int(words[pages.parameter])
        total = _number(values, pages.total_pages)
        is_last = None if total is None else number >= pages.first + total - 1
        if _is_end(items, count, _number(values, pages.total_items), is_last):
            return None
        return "", {pages.parameter: number + 1}
    if isinstance(pages, OffsetPages):
        if _is_end(items, count, _number(values, pages.total_items), None):
            return None
        return "", {pages.parameter: count, pages.limit_parameter: pages.limit}
    return None


def _is_end(items: int, count: int, total: int | None, is_last: bool | None) -> bool:
    """Whether counted pages are at their end. Raises TransferError when they end too early."""
    if total is None and is_last is None:
        return items == 0
    ended = count >= total if total is not None else bool(is_last)
    if total is not None and (count > total or (is_last and count < total)):
        raise TransferError(f"INCOMPLETE {count} of {total} items came; run again")
    if not ended and items == 0:
        raise TransferError(f"INCOMPLETE an empty page after {count} items, and more announced")
    return ended


def _number(values: Any, place: str) -> int | None:
    """A declared total. Raises TransferError when it is declared and not there."""
    if not place:
        return None
    found = at(values, place)
    if isinstance(found, bool) or not str(found).isdecimal():
        raise TransferError(f"INCOMPLETE the answer says no number at {place}")
    return int(found)


def _same_host(asked: httpx.URL, found: str) -> str:
    """The address of the next page; our secret goes to no other host."""
    url = asked.join(found)
    if (url.scheme, url.host, url.port) != (asked.scheme, asked.host, asked.port):
        raise TransferError(f"PAGE_ELSEWHERE the next page is said to be at {url.host}")
    return str(url)
