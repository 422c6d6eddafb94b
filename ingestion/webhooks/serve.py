"""A server for the receiver: one process, no access log, and no patience for slow headers.

uvicorn waits for a request's headers as long as the caller likes; here it waits as long as for a
body. Run alone: tieout webhooks
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from dbt_project.settings import Settings
from ingestion.webhooks.receiver import receiver

MAX_CALLS = 1_000  # connections at once; above, 503
MAX_HEADER_BYTES = 65_536
SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


def server_of(settings: Settings, host: str | None = None, port: int | None = None) -> Any:
    """A uvicorn server, not yet started. Raises ConfigurationError."""
    limits = settings.webhooks
    return uvicorn.Server(
        uvicorn.Config(
            receiver(settings),
            host=limits.host if host is None else host,
            port=limits.port if port is None else port,
            http=_impatient(limits.max_seconds_to_send),
            ws="none",
            loop="asyncio",
            lifespan="on",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            log_level="warning",
            limit_concurrency=MAX_CALLS,
            h11_max_incomplete_event_size=MAX_HEADER_BYTES,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=30,
        )
    )


def _impatient(seconds: float) -> type[H11Protocol]:
    """uvicorn's protocol with a deadline for the headers of each request."""

    class Impatient(H11Protocol):
        _deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._watch()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch()

        def connection_lost(self, exc: Exception | None) -> None:
            self._forget()
            super().connection_lost(exc)

        def _watch(self) -> None:
            if self.conn.their_state is not h11.IDLE:
                self._forget()
            elif self._deadline is None:
                self._deadline = self.loop.call_later(seconds, self._give_up)

        def _forget(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

        def _give_up(self) -> None:
            if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
                self.transport.write(SLOW)
                self.transport.close()

    return Impatient
