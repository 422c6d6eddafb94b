"""Asking an HTTP interface: time limits, patient retries, and the bytes exactly as they came.

Too many requests, a server's own trouble, a broken line and a cut body are tried again, with
jitter and as late as Retry-After says; then they are failures. Nothing here follows a redirect:
a secret header must not travel to another host.
"""

from __future__ import annotations

import email.utils
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import httpx
import stamina
from stamina.instrumentation import LoggingOnRetryHook, set_on_retry_hooks

from dbt_project.settings_polls import PolledDoor
from ingestion.sources.files import TransferError, answering

LONGEST_WAIT = 120.0  # seconds of Retry-After that are waited for; more is for the next run
LARGEST_PAGE = 256_000_000
PACKING = ("content-encoding", "content-length", "transfer-encoding")
FIRST_WAIT, WAIT, JITTER = 0.5, 30.0, 1.0
AGAIN = (408, 425, 429)
SHORT_WORD = re.compile(r"[A-Za-z0-9_. -]{1,60}")
set_on_retry_hooks([LoggingOnRetryHook])  # standard error, not what a command prints


class TryAgain(Exception):  # noqa: N818 – a request, not an error
    """An answer that says later; `seconds` when it says how much later."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"HTTP_{response.status_code} from {place_of(response.request)}")
        self.response, self.seconds = response, _retry_after(response)


class Patient(httpx.BaseTransport):
    """A transport that reads whole answers and tries again; `last` is the last good body."""

    def __init__(self, door: PolledDoor) -> None:
        self.inner = httpx.HTTPTransport()
        self.door = door
        self.last = b""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, once it is whole. Raises TransferError when no try gave one."""
        request.headers["accept-encoding"] = "identity"  # the bytes as they are, or their length
        tries = stamina.retry_context(
            on=_may_wait,
            attempts=self.door.attempts,
            timeout=None,
            wait_initial=FIRST_WAIT,
            wait_max=WAIT,
            wait_jitter=JITTER,
        )
        try:
            for attempt in tries:
                with attempt:
                    return self._once(request)
        except TryAgain as error:
            raise TransferError(f"{error}, {self.door.attempts} times") from error
        except httpx.TransportError as error:
            words = f"{type(error).__name__}: {error}"
            raise TransferError(f"{place_of(request)} did not answer: {words}") from error
        raise AssertionError("a retry neither ended nor raised")

    def close(self) -> None:
        """Closes the connections."""
        self.inner.close()

    def _once(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        response.request = request
        try:
            content = self._content(request, response)
        finally:
            response.close()
        if response.status_code in AGAIN or response.status_code >= 500:
            raise TryAgain(response)
        heads = [head for head in response.headers.multi_items() if head[0] not in PACKING]
        whole = httpx.Response(
            response.status_code, headers=heads, content=content, request=request
        )
        self.last = whole.content
        return whole

    def _content(self, request: httpx.Request, response: httpx.Response) -> bytes:
        """The body, unpacked where the server packed it all the same; never more than a page."""
        packed = httpx.Response(
            200, headers=response.headers, content=self._blocks(request, response)
        )
        parts, count = [], 0
        for part in packed.iter_bytes():
            count += len(part)
            if count > LARGEST_PAGE:
                raise TransferError(f"{place_of(request)}: an answer of over {LARGEST_PAGE} bytes")
            parts.append(part)
        return b"".join(parts)

    def _blocks(self, request: httpx.Request, response: httpx.Response) -> Iterator[bytes]:
        """The body's blocks; a server that sends a little now and then cannot hold us for ever."""
        assert isinstance(response.stream, httpx.SyncByteStream)  # noqa: S101 – by contract
        until = time.monotonic() + 10 * self.door.timeout_seconds
        for block in response.stream:
            if time.monotonic() > until:
                raise httpx.ReadTimeout("the answer came too slowly", request=request)
            yield block


@contextmanager
def asking(door: PolledDoor, **words: Any) -> Iterator[tuple[httpx.Client, Patient]]:
    """A client for one door, and the transport that keeps the bytes of its last answer."""
    transport = Patient(door)
    client = httpx.Client(
        transport=transport, timeout=door.timeout_seconds, follow_redirects=False, **words
    )
    with client, answering(door, httpx.HTTPError, httpx.InvalidURL):
        yield client, transport


def read_json(content: bytes, place: str) -> Any:
    """An answer as values; numbers stay text, they are looked at and not counted with."""
    try:
        return json.loads(content, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise TransferError(
            f"ANSWER_UNREADABLE {place} answered something else than JSON"
        ) from error


def good(response: httpx.Response) -> Any:
    """The answer's values, if it is one. Raises TransferError for any other status than 200."""
    place = place_of(response.request)
    if response.status_code != 200:
        where = response.headers.get("location", "").partition("?")[0]
        words = f", it points to {where}" if where else said(response.content)
        raise TransferError(f"HTTP_{response.status_code} from {place}{words}")
    return read_json(response.content, place)


def said(content: bytes) -> str:
    """The short word by which an answer names its failure; never a whole text, it may hold more."""
    with suppress(ValueError, TypeError, AttributeError, RecursionError):
        words = json.loads(content)
        for name in ("name", "code", "error", "type"):
            if isinstance(words.get(name), str) and SHORT_WORD.fullmatch(words[name]):
                return f" ({words[name]})"
    return ""


def place_of(request: httpx.Request) -> str:
    """Host and path; what follows the question mark may be anything."""
    return f"{request.url.scheme}://{request.url.netloc.decode()}{request.url.path}"


def _may_wait(error: Exception) -> bool | float:
    if isinstance(error, TryAgain):
        if error.seconds is None:
            return True
        return error.seconds if error.seconds <= LONGEST_WAIT else False
    return isinstance(error, httpx.TransportError)


def _retry_after(response: httpx.Response) -> float | None:
    text = response.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    if not text:
        return None
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # -0000 names no zone
    seconds: float = (moment - datetime.now(UTC)).total_seconds()
    return max(0.0, seconds)
