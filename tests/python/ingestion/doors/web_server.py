"""A service on this machine that answers as a test says: whole, late, cut, or wrong."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    words: dict[str, str]
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Answer:
    """One answer. `cut` bytes of the body are kept back; `hang` seconds pass before it."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    hang: float = 0


def said(values: Any, **words: Any) -> Answer:
    """An answer in JSON."""
    return Answer(json.dumps(values).encode(), **words)


Answering = Callable[[Asked], Answer]


@dataclass
class Service:
    """A service that runs: its address, what it was asked, and how it answers now."""

    address: str
    answer: Answering
    asked: list[Asked] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the service it belongs to."""

    protocol_version = "HTTP/1.1"
    service: Service

    def do_GET(self) -> None:
        """Any request."""
        parts = urlsplit(self.path)
        length = int(self.headers.get("content-length") or 0)
        heads = {name.lower(): value for name, value in self.headers.items()}
        words = dict(parse_qsl(parts.query, keep_blank_values=True))
        body = self.rfile.read(length).decode()
        request = Asked(self.command, parts.path, words, heads, body)
        self.service.asked.append(request)
        self._send(self.service.answer(request))

    do_POST = do_HEAD = do_GET  # noqa: N815

    def _send(self, given: Answer) -> None:
        time.sleep(given.hang)
        self.send_response(given.status)
        heads = {"content-type": "application/json", **given.headers}
        for name, value in {**heads, "content-length": str(len(given.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(given.body[: len(given.body) - given.cut])
        self.close_connection = bool(given.cut)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def serving(answer: Answering) -> Iterator[Service]:
    """The service until the block ends."""
    service = Service("", answer)
    mine = type("Mine", (Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), mine)
    server.daemon_threads = True
    service.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
