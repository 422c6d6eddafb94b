"""The FTPS door: FTP inside TLS, explicit or implicit, with the server's certificate verified.

Strict servers take a data connection only when it continues the TLS session of the control
connection, which the standard library does not do by itself.
"""

from __future__ import annotations

import ftplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath
from typing import Any

from dbt_project.settings import Settings
from dbt_project.settings_doors import FtpsDoor
from ingestion.faults import SourceChangedError, escaped
from ingestion.sources.files import Here, TransferError, answering, secret_of
from ingestion.sources.server_folder import Entry, ServerFolderDoor
from ingestion.sources.transfer import Incoming

TROUBLES = (*ftplib.all_errors, ssl.SSLError, EOFError)
FACTS = ("type", "size", "modify")
PORTS = {"explicit": 21, "implicit": 990}


class SessionReuse(ftplib.FTP_TLS):
    """FTP over TLS whose data connections continue the session of the control connection."""

    is_implicit = False

    def connect(self, *words: Any, **named: Any) -> str:
        """Connects; an implicit server speaks TLS from the first byte on."""
        if not self.is_implicit:
            return super().connect(*words, **named)
        host, port = words[0], words[1]
        self.host, self.port, self.timeout = host, port, named["timeout"]
        plain = socket.create_connection((host, port), self.timeout)
        self.af = plain.family
        self.sock = self.context.wrap_socket(plain, server_hostname=host)
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        return self.welcome

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[Any, int | None]:
        """A data connection inside the control connection's session."""
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)  # noqa: S321 – TLS follows
        session = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
        secured = self.context.wrap_socket(connection, server_hostname=self.host, session=session)
        return secured, size


@contextmanager
def open_ftps(here: Here, door: FtpsDoor) -> Iterator[ServerFolderDoor]:
    """The folder of the server. Raises TransferError when its certificate is not right."""
    with _connected(door) as ftp:
        yield ServerFolderDoor(here, door, FtpsServer(door, ftp))


def try_ftps(_: Settings, door: FtpsDoor) -> str:
    """How many files lie there. Raises TransferError."""
    with _connected(door) as ftp, answering(door, *TROUBLES):
        count = len(FtpsServer(door, ftp).entries())
    return f"{door.host} shows its certificate and lets {door.user} in; {count} files"


def context_of(door: FtpsDoor) -> ssl.SSLContext:
    """TLS that verifies the server and its name."""
    return ssl.create_default_context(cafile=str(door.ca_file) if door.ca_file else None)


@contextmanager
def _connected(door: FtpsDoor) -> Iterator[SessionReuse]:
    ftp = SessionReuse(context=context_of(door), timeout=door.timeout_seconds)
    ftp.is_implicit = door.tls == "implicit"
    port = door.port or PORTS[door.tls]
    try:
        with answering(door, *TROUBLES):
            ftp.connect(door.host, port, timeout=door.timeout_seconds)
            ftp.login(door.user, secret_of(door, door.password_variable), secure=True)
            ftp.prot_p()
            ftp.voidcmd("TYPE I")
            if door.folder != ".":
                ftp.cwd(door.folder)
        yield ftp
    finally:
        ftp.close()


class FtpsServer:
    """What a folder of an FTPS server can do."""

    troubles: tuple[type[Exception], ...] = TROUBLES

    def __init__(self, door: FtpsDoor, ftp: SessionReuse) -> None:
        self.ftp = ftp
        port = door.port or PORTS[door.tls]
        self.address = f"ftps://{door.host}:{port}/{door.folder.strip('/')}"

    def entries(self) -> dict[str, Entry]:
        """The plain files by name (MLSD says what is one). Raises TransferError."""
        return dict(filter(None, map(self._entry, self._listed())))

    def _listed(self) -> list[tuple[str, dict[str, str]]]:
        try:
            with suppress(ftplib.error_perm):  # a server need not let us choose
                self.ftp.sendcmd(f"OPTS MLST {';'.join(FACTS)};")
            return list(self.ftp.mlsd())
        except ftplib.error_perm as error:
            raise TransferError(
                f"MLSD_MISSING {self.address} does not list files by MLSD (RFC 3659), which alone"
                f" says for sure what is a file and how large it is: {escaped(str(error))[:200]}"
            ) from error

    def _entry(self, line: tuple[str, dict[str, str]]) -> tuple[str, Entry] | None:
        name, facts = line
        kind, size = facts.get("type", "").lower(), facts.get("size", "")
        if kind and kind != "file":
            return None
        if not (kind and re.fullmatch("[0-9]{1,18}", size) and facts.get("modify")):
            raise TransferError(
                f"MLSD_INVALID {self.address} does not say type, size and modify of"
                f" {escaped(name)[:80]!r}; ask the server's owner"
            )
        return name, Entry(int(size), facts["modify"])

    def download(self, name: str, target: Incoming) -> None:
        """The whole file, byte by byte as it is."""
        try:
            self.ftp.retrbinary(f"RETR {name}", target.write)
        except SourceChangedError:
            with suppress(*ftplib.all_errors):  # what it says of the line that we closed
                self.ftp.voidresp()
            raise

    def rename(self, name: str, folder: str, new: str) -> None:
        """Moves a file into a folder, which is made when it is not there."""
        with suppress(ftplib.error_perm):  # it is there, or the rename says why not
            self.ftp.mkd(folder)
        self.ftp.rename(name, str(PurePosixPath(folder) / new))

    def delete(self, name: str) -> None:
        """Removes a file."""
        self.ftp.delete(name)
