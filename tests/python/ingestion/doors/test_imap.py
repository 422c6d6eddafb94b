"""The mail door against a real IMAP server, TLS in front of it."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from imap_tools import MailBox

from dbt_project.settings_doors import ImapDoor
from ingestion.landing.fetch import DoorError
from ingestion.landing.land import land_door
from ingestion.sources import imap
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors.loops import running_loop
from tests.python.ingestion.make import books
from tests.python.ingestion.test_doors import states
from tests.python.orchestration.mail_server import free_port

PASSWORD = "let me in"


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while block := await reader.read(65536):
            writer.write(block)
            await writer.drain()
    except (ConnectionError, ssl.SSLError):
        pass
    writer.close()


@dataclass
class Post:
    """A mailbox that runs; `send` puts a message into it."""

    door: ImapDoor
    context: ssl.SSLContext
    sent: list[str] = field(default_factory=list)

    def box(self) -> MailBox:
        """A mail program of a person."""
        box = MailBox("localhost", self.door.port, ssl_context=self.context)
        box.login("finance", PASSWORD)
        return box

    def send(self, *files: tuple[str, bytes], **heads: str) -> None:
        """A message with attachments."""
        message = EmailMessage()
        message["From"] = heads.get("sender", "Bank <Reports@bank.example>")
        message["To"] = "finance@books.example"
        message["Subject"] = heads.get("subject", "Daily report")
        message.set_content("Please see the file.")
        for name, content in files:
            message.add_attachment(content, maintype="text", subtype="csv", filename=name)
        with self.box() as box:
            box.append(message.as_bytes(), "INBOX")

    def seen(self) -> dict[str, bool]:
        """Which messages of the inbox are marked, by their first attachment."""
        with self.box() as box:
            return {
                message.attachments[0].filename: "\\Seen" in message.flags
                for message in box.fetch(mark_seen=False)
            }


@contextmanager
def pymap(log: Path) -> Iterator[int]:
    """pymap in a process of its own; its port."""
    port = free_port()
    words = ["--host", "127.0.0.1", "--port", str(port), "--no-tls"]
    words += ["dict", "--demo-data", "--demo-user", "finance", "--demo-password", PASSWORD]
    program = "import sys; from pymap.main import main; sys.exit(main())"
    with log.open("w") as written:
        server = subprocess.Popen(
            [sys.executable, "-c", program, *words], stdout=written, stderr=written
        )
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield port
        finally:
            server.terminate()
            server.wait(10)


@contextmanager
def behind_tls(authority: trustme.CA, port: int) -> Iterator[int]:
    """TLS in front of a server; the port of it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back_reader, back_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_carry(reader, back_writer), _carry(back_reader, writer))

    with running_loop() as loop:
        front = loop.call(asyncio.start_server(accept, "127.0.0.1", 0, ssl=context))
        yield front.sockets[0].getsockname()[1]


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """An empty mailbox behind TLS with a certificate of our own."""
    monkeypatch.setenv("TIEOUT_SECRET_MAIL", PASSWORD)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with pymap(tmp_path / "pymap.log") as plain, behind_tls(authority, plain) as port:
        door = ImapDoor(
            source="internal",
            host="localhost",
            port=port,
            user="finance",
            password_variable="TIEOUT_SECRET_MAIL",
            sender="*@bank.example",
            subject="daily*",
            files="*.csv",
            ca_file=tmp_path / "ca.pem",
            timeout_seconds=5,
        )
        post = Post(door, ssl.create_default_context(cafile=str(tmp_path / "ca.pem")))
        with post.box() as box:  # the server brings messages of its own
            box.delete(box.uids())
        yield post


def land(desk: Desk, door: ImapDoor) -> dict[str, str]:
    """What became of each attachment."""
    return states(land_door(desk.settings, desk.warehouse, door))


def test_attachments_are_landed_once_and_their_messages_marked(
    fresh_desk: Desk, post: Post
) -> None:
    post.send(("a.csv", books({})), ("b.csv", books({"fee": "1"})), ("logo.png", b"x"))
    post.send(("page.csv", b"<html>"))
    post.send(("spam.csv", books({"fee": "2"})), sender="x@elsewhere.example")
    post.send(("other.csv", books({"fee": "3"})), subject="Lunch")
    found = land(fresh_desk, post.door)
    assert found == {"a.csv": "landed", "b.csv": "landed", "page.csv": "rejected"}
    assert post.seen() == {
        "a.csv": True, "page.csv": False, "spam.csv": False, "other.csv": False,
    }  # fmt: skip
    assert land(fresh_desk, post.door) == {}
    assert "4 messages in INBOX" in imap.try_imap(fresh_desk.settings, post.door)


def test_a_message_that_a_person_opened_is_landed_all_the_same(
    fresh_desk: Desk, post: Post
) -> None:
    post.send(("a.csv", books({})))
    with post.box() as box:
        box.flag(box.uids(), "\\Seen", True)
    assert land(fresh_desk, post.door) == {"a.csv": "landed"}


def test_a_message_moves_when_all_of_it_is_landed(fresh_desk: Desk, post: Post) -> None:
    door = post.door.model_copy(update={"after": "move", "move_to": "Landed"})
    post.send(("a.csv", books({})), ("b.csv", books({"fee": "1"})))
    post.send(("c.csv", books({"fee": "2"})), ("page.csv", b"<html>"))
    assert set(land(fresh_desk, door).values()) == {"landed", "rejected"}
    assert list(post.seen()) == ["c.csv"]
    with post.box() as box:
        assert box.folder.status("Landed")["MESSAGES"] == 1
    assert land(fresh_desk, door) == {}


def test_a_run_killed_between_two_attachments_loses_neither(fresh_desk: Desk, post: Post) -> None:
    post.send(("a.csv", books({})), ("b.csv", books({"fee": "1"})))
    landing = land_door(fresh_desk.settings, fresh_desk.warehouse, post.door)
    assert next(landing).name == "a.csv"
    landing.close()
    assert post.seen() == {"a.csv": False}
    assert land(fresh_desk, post.door) == {"b.csv": "landed"}
    assert post.seen() == {"a.csv": True}


def test_reports_of_one_name_are_several_files_when_the_door_says_so(
    fresh_desk: Desk, post: Post
) -> None:
    door = post.door.model_copy(update={"same_name": "is_another"})
    for day in ("1", "2"):
        post.send(("report.csv", books({"transaction_id": f"T{day}"})))
    results = list(land_door(fresh_desk.settings, fresh_desk.warehouse, door))
    assert len({fresh_desk.document(result)["logical_key"] for result in results}) == 2
    assert {result.name for result in results} == {"report.csv"}


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_certificate_of_another_authority_is_refused(
    fresh_desk: Desk, post: Post, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """With the guard off our password goes to whoever answers."""
    post.send(("a.csv", books({})))
    trustme.CA().cert_pem.write_to_path(str(post.door.ca_file))
    if is_guarded:
        with pytest.raises(DoorError, match="CERTIFICATE_VERIFY_FAILED"):
            land(fresh_desk, post.door)
    else:
        blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
        monkeypatch.setattr(imap.ssl, "create_default_context", lambda **_: blind)
        assert land(fresh_desk, post.door) == {"a.csv": "landed"}


def test_a_wrong_password_is_a_failure_that_does_not_tell_it(
    fresh_desk: Desk, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIEOUT_SECRET_MAIL", "wrong-secret")
    with pytest.raises(DoorError, match="the imap door of internal") as refused:
        land(fresh_desk, post.door)
    assert "wrong-secret" not in str(refused.value)


def test_a_line_that_drops_lands_nothing_and_the_next_run_repairs(
    fresh_desk: Desk, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.send(("a.csv", books({})))
    real = MailBox.fetch

    def dropped(self: MailBox, *words: Any, **named: Any) -> Any:
        if not named.get("headers_only"):
            self.client.sock.shutdown(socket.SHUT_RDWR)
        return real(self, *words, **named)

    with monkeypatch.context() as patch:
        patch.setattr(MailBox, "fetch", dropped)
        with pytest.raises(DoorError, match="the imap door"):
            land(fresh_desk, post.door)
    assert fresh_desk.count("ops.deliveries") == 0
    assert land(fresh_desk, post.door) == {"a.csv": "landed"}
