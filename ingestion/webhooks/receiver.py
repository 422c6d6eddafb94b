"""The receiver: POST /webhooks/<provider>, answered 200 once the event is on the disk, not before.

404 nobody of that name · 401 no or a wrong signature, too old, in the future · 408 too slow ·
413 too large · 429 too many or the queue is full · 503 cannot be stored. Of a refused call nothing
is kept but a counter; what a caller sent never stands in an answer or a log.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dbt_project.settings import ConfigurationError, Settings
from dbt_project.settings_webhooks import Provider
from ingestion.known_sources import spec_of
from ingestion.webhooks.events import Event, event_of
from ingestion.webhooks.limits import FORWARDED, Addresses, Bucket
from ingestion.webhooks.signatures import RefusedError, secrets_of, verify
from ingestion.webhooks.spool import spool_of
from ingestion.webhooks.tally import Tally
from ingestion.webhooks.writer import FullError, Writer

LOG = structlog.get_logger()
THANKS = {"adyen": "[accepted]"}
CLOSE = {"connection": "close"}
LATER = {"retry-after": "1"}
Clock = Callable[[], float]


@dataclass(frozen=True)
class Caller:
    """A provider with its keys, and how many proved calls it may still make."""

    provider: Provider
    secrets: tuple[bytes, ...]
    proved: Bucket


def callers_of(settings: Settings) -> dict[str, Caller]:
    """Who may call, by name. Raises ConfigurationError for a missing secret or unknown source."""
    providers = settings.webhooks.providers
    if not providers:
        raise ConfigurationError(
            "webhooks.providers in tieout.yml names nobody who may call; docs/webhooks.md has a"
            " block to copy"
        )
    for provider in providers:
        spec_of(settings, provider.source)
    per_second = settings.webhooks.max_events_per_second
    return {p.name: Caller(p, secrets_of(p), Bucket(per_second)) for p in providers}


def receiver(settings: Settings, clock: Clock = time.time) -> Starlette:
    """The application. Raises ConfigurationError before a port is opened."""
    callers, spool = callers_of(settings), spool_of(settings)
    writer = Writer(spool, settings.webhooks.max_waiting)
    limits = settings.webhooks
    addresses = Addresses(limits.max_unproved_per_second, limits.proxies)
    desk = _Desk(settings, callers, addresses, Tally(spool), writer, clock)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        writer.start()
        yield
        await run_in_threadpool(writer.stop)

    routes = [
        Route("/webhooks/{provider}", desk.take, methods=["POST"]),
        Route("/health", _health, methods=["GET"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


@dataclass(frozen=True)
class _Desk:
    settings: Settings
    callers: dict[str, Caller]
    addresses: Addresses
    tally: Tally
    writer: Writer
    clock: Clock

    async def take(self, request: Request) -> Response:
        """One call, from its first byte to its answer."""
        caller = self.callers.get(request.path_params["provider"])
        if caller is None:
            return PlainTextResponse("nobody of that name", 404, CLOSE)
        peer = request.client.host if request.client else ""
        unproved = self.addresses.bucket_of(peer, request.headers.getlist(FORWARDED))
        if not unproved.take():
            return await self._refused(caller, 429, "too_many_unproved", LATER | CLOSE)
        try:
            seconds = self.settings.webhooks.max_seconds_to_send
            body = await asyncio.wait_for(self._body(request), seconds)
        except TimeoutError:
            return await self._refused(caller, 408, "too_slow", CLOSE)
        except ClientDisconnect:
            return await self._refused(caller, 400, "cut_off", CLOSE)
        if body is None:
            return await self._refused(caller, 413, "too_large", CLOSE)
        try:
            event = await run_in_threadpool(self._proved, caller, request, body)
        except RefusedError as error:
            return await self._refused(caller, 401, str(error))
        unproved.give_back()
        if not caller.proved.take():
            return await self._refused(caller, 429, "too_many", LATER)
        return await self._stored(caller, event)

    def _proved(self, caller: Caller, request: Request, body: bytes) -> Event:
        limits = self.settings.webhooks
        headers = {
            name: "" if len(request.headers.getlist(name)) > 1 else value
            for name, value in request.headers.items()
        }
        verify(caller.provider, caller.secrets, headers, body, self.clock(), limits.max_age_seconds)
        return event_of(caller.provider, body)

    async def _stored(self, caller: Caller, event: Event) -> Response:
        try:
            is_new = await self.writer.store(event)
        except FullError:
            return await self._refused(caller, 429, "queue_full", LATER)
        except (sqlite3.Error, OSError) as error:
            LOG.error("webhook_not_stored", provider=event.provider, trouble=type(error).__name__)
            return PlainTextResponse("cannot be stored now", 503, LATER)
        LOG.info("webhook", provider=event.provider, kind=event.event_type, is_new=is_new)
        return PlainTextResponse(THANKS.get(caller.provider.scheme, "stored"))

    async def _body(self, request: Request) -> bytes | None:
        """The raw bytes; None as soon as they are more than allowed."""
        most = self.settings.webhooks.max_body_bytes
        declared = request.headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > most:
            return None
        parts, size = [], 0
        async for part in request.stream():
            size += len(part)
            if size > most:
                return None
            parts.append(part)
        return b"".join(parts)

    async def _refused(
        self, caller: Caller, status: int, why: str, headers: dict[str, str] | None = None
    ) -> Response:
        name = caller.provider.name
        try:
            await self.tally.add(name, why)
        except sqlite3.Error as error:
            LOG.error("webhook_not_counted", provider=name, trouble=type(error).__name__)
        LOG.warning("webhook_refused", provider=name, why=why, status=status)
        return PlainTextResponse("refused", status, headers)


async def _health(_: Request) -> Response:
    return PlainTextResponse("ok")
