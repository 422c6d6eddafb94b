"""The mail door: attachments of messages whose sender and subject match, over TLS.

A message is marked seen or moved only when every wanted attachment of it is landed. Whether it came
before is read from the register and not from its flags: a person who opens it loses us nothing.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from imap_tools import MailBox, MailMessage, MailMessageFlags
from imap_tools.errors import ImapToolsError

from dbt_project.settings import Settings
from dbt_project.settings_doors import ImapDoor
from ingestion.landing.result import LandingResult
from ingestion.landing.snapshots import working_folder
from ingestion.sources.files import (
    LANDED,
    Here,
    Local,
    TransferError,
    Waiting,
    answering,
    is_data_name,
    is_whole,
    secret_of,
    within_of,
)

TROUBLES = (ImapToolsError, imaplib.IMAP4.error, OSError, EOFError)
HEADERS_AT_ONCE = 200
PART = re.compile(r"/([0-9]+)/([0-9]+)-of-([0-9]+)$")


class DamagedError(TransferError):
    """One message cannot be read; the others can."""


@dataclass
class Message:
    """A message with wanted attachments: their bytes by place, and which are landed."""

    uid: str
    contents: dict[str, bytes] = field(default_factory=dict)
    landed: set[str] = field(default_factory=set)


@contextmanager
def open_imap(here: Here, door: ImapDoor) -> Iterator[Mail]:
    """The mailbox. Raises TransferError when it does not let us in."""
    with _connected(door) as box:
        yield Mail(here, door, box)


def try_imap(_: Settings, door: ImapDoor) -> str:
    """How many messages lie there. Raises TransferError."""
    with _connected(door) as box, answering(door, *TROUBLES):
        count = len(box.uids())
    return f"{door.host} lets {door.user} in; {count} messages in {door.mailbox}"


@contextmanager
def _connected(door: ImapDoor) -> Iterator[MailBox]:
    context = ssl.create_default_context(cafile=str(door.ca_file) if door.ca_file else None)
    password = secret_of(door, door.password_variable)
    with answering(door, *TROUBLES):
        box = MailBox(door.host, door.port, timeout=door.timeout_seconds, ssl_context=context)
    try:
        with answering(door, *TROUBLES):
            box.login(door.user, password, initial_folder=door.mailbox)
        _bound(box.client, door.max_message_bytes * 2)
        yield box
    finally:
        box.client.shutdown()


def _bound(client: imaplib.IMAP4, most: int) -> None:
    """Ends the line when more is announced at once than a message may have, before it is read."""
    read = client.read

    def bounded(size: int) -> bytes:
        if size > most:
            raise imaplib.IMAP4.error(f"{size} bytes are announced at once, more than {most}")
        return read(size)

    client.read = bounded  # type: ignore[method-assign]


def split_name(name: str) -> tuple[str, str]:
    """Folder and name of an attachment: some mail programs write a path, and some senders lie."""
    *folders, last = re.split(r"[/\\]", name)
    within = "/".join(part for part in folders if part not in ("", ".", ".."))
    return within, last if last not in ("", ".", "..") else "attachment"


class Mail:
    """A mailbox while attachments are taken from it."""

    def __init__(self, here: Here, door: ImapDoor, box: MailBox) -> None:
        self.here, self.door, self.box = here, door, box
        self.messages: dict[str, Message] = {}

    def ready(self, is_wanted: Callable[[Waiting], bool]) -> Iterator[Waiting]:
        """The wanted attachments, message after message; only unknown messages are fetched."""
        with answering(self.door, *TROUBLES):
            validity = self.box.folder.status(self.door.mailbox, ["UIDVALIDITY"])["UIDVALIDITY"]
            heads = list(self.box.fetch(mark_seen=False, headers_only=True, bulk=HEADERS_AT_ONCE))
        address = f"imap://{self.door.host}:{self.door.port}/{self.door.mailbox};{validity}"
        known = self._known(address)
        failures: list[str] = []
        for head in heads:
            uid = head.uid or ""
            if self._is_ours(head) and not self._is_finished(uid, known):
                try:
                    self._refuse_too_large(head, address)
                    found = self._attachments(uid, address, known)
                except DamagedError as error:  # one message must not stand before all others
                    failures.append(str(error))
                    continue
                yield from filter(is_wanted, found)
                self.messages.pop(uid, None)
        if failures:
            raise TransferError("; ".join(failures))

    @contextmanager
    def fetched(self, file: Waiting) -> Iterator[Local]:
        """The attachment as a file; its message is told when the last one of it is landed."""
        uid = file.place.rsplit("/", 2)[1]
        message = self.messages[uid]

        def leave(result: LandingResult) -> None:
            if result.state in LANDED:
                message.landed.add(file.place)
            if message.landed >= message.contents.keys():
                self._dismiss(uid)

        with working_folder(self.here.settings) as folder:
            path = folder / "attachment"
            path.write_bytes(message.contents[file.place])
            yield Local(path, leave)

    def _is_ours(self, head: MailMessage) -> bool:
        return fnmatchcase(head.from_.lower(), self.door.sender.lower()) and fnmatchcase(
            head.subject.lower(), self.door.subject.lower()
        )

    def _known(self, address: str) -> dict[str, bool]:
        """The attachments of this mailbox that came before, and whether they are landed."""
        rows = self.here.warehouse.rows(
            "select door, name, state from ops.deliveries"
            " where source = $1 and substr(door, 1, $2) = $3",
            [self.door.source, len(address) + 1, address + "/"],
        )
        known: dict[str, bool] = {}
        for row in rows:
            if "/" in row["name"] and not is_whole(self.here, row["door"]):
                continue  # some files of a zip; the others are still to come
            known[row["door"]] = known.get(row["door"], False) or row["state"] in LANDED
        return known

    def _is_finished(self, uid: str, known: dict[str, bool]) -> bool:
        """Whether every attachment of a message came, and the message is to stay where it is."""
        parts = [p for p in map(PART.search, known) if p and p[1] == uid]
        is_whole = bool(parts) and len({p[2] for p in parts}) == int(parts[0][3])
        landed = all(known[p.string] for p in parts)
        return is_whole and (self.door.after != "move" or not landed)

    def _attachments(self, uid: str, address: str, known: dict[str, bool]) -> list[Waiting]:
        with answering(self.door, *TROUBLES):
            message = next(iter(self.box.fetch(mark_seen=False, uid_list=uid)), None)
        if message is None:
            return []  # somebody moved it since we looked
        wanted = [
            attachment
            for attachment in message.attachments
            if attachment.filename and self._is_wanted(split_name(attachment.filename)[1])
        ]
        names = [split_name(attachment.filename) for attachment in wanted]
        if message.obj.defects:
            raise DamagedError(f"{address}/{uid}: the message is damaged; run again, or move it")
        places = [f"{address}/{uid}/{n}-of-{len(wanted)}" for n in range(1, len(wanted) + 1)]
        contents = dict(zip(places, (attachment.payload for attachment in wanted), strict=True))
        self.messages[uid] = Message(uid, contents, {p for p in places if known.get(p)})
        return [
            Waiting(
                source=self.door.source,
                place=place,
                name=name,
                fingerprint=place,
                passed_through=place,
                within=within_of(self.door.same_name, within, place),
            )
            for place, (within, name) in zip(places, names, strict=True)
        ]

    def _is_wanted(self, name: str) -> bool:
        return is_data_name(name) and fnmatchcase(name.lower(), self.door.files.lower())

    def _refuse_too_large(self, head: MailMessage, address: str) -> None:
        most = min(self.door.max_message_bytes, self.here.settings.limits.max_bytes)
        if head.size_rfc822 > most:
            raise DamagedError(
                f"{address}/{head.uid}: FILE_TOO_LARGE the message has {head.size_rfc822} bytes,"
                f" more than {most}; move it, or raise max_message_bytes of the door"
            )

    def _dismiss(self, uid: str) -> None:
        with answering(self.door, *TROUBLES):
            if self.door.after == "seen":
                self.box.flag(uid, MailMessageFlags.SEEN, True)
            elif self.door.after == "move" and self.door.move_to:
                if not self.box.folder.exists(self.door.move_to):
                    self.box.folder.create(self.door.move_to)
                self.box.move(uid, self.door.move_to)
