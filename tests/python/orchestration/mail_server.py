"""A real mail server on loopback that can be down and up again, and keeps what it was given."""

from __future__ import annotations

import socket
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


def free_port() -> int:
    """A port of loopback that nobody listens on just now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class MailServer:
    """Down when made; `start` and `stop` as often as needed, always on the same port."""

    def __init__(self) -> None:
        self.port = free_port()
        self.messages: list[EmailMessage] = []
        self.answer = "250 kept"
        self._controller: Any = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """aiosmtpd's hook: a message came; `answer` says what the server makes of it."""
        if self.answer.startswith("250"):
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.messages.append(message)
        return self.answer

    def start(self) -> None:
        """Opens the port."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Closes it; what came stays in `messages`."""
        if self._controller:
            self._controller.stop()
            self._controller = None


def body_of(message: EmailMessage, kind: str = "plain") -> str:
    """The text of a mail."""
    part = message.get_body(preferencelist=(kind,))
    assert part is not None
    text: str = part.get_content()
    return text.replace("\r\n", "\n")
