"""The SFTP door. The server must show the key that stands in the settings; any other is refused.

Only plain files of one folder are taken. A link is none, and a file that has become one between
looking and reading is refused, because it could point anywhere.
"""

from __future__ import annotations

import base64
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, cast

import paramiko

from dbt_project.settings import ConfigurationError, Settings
from dbt_project.settings_doors import SftpDoor
from ingestion.faults import SourceChangedError
from ingestion.sources.files import Here, answering, secret_of
from ingestion.sources.server_folder import Entry, ServerFolderDoor
from ingestion.sources.transfer import Incoming

TROUBLES = (paramiko.SSHException, OSError, EOFError)


@contextmanager
def open_sftp(here: Here, door: SftpDoor) -> Iterator[ServerFolderDoor]:
    """The folder of the server. Raises TransferError when it is not the server we know."""
    with _connected(door) as sftp:
        yield ServerFolderDoor(here, door, SftpServer(door, sftp))


def try_sftp(_: Settings, door: SftpDoor) -> str:
    """How many files lie there. Raises TransferError."""
    with _connected(door) as sftp, answering(door, *TROUBLES):
        count = len(SftpServer(door, sftp).entries())
    return f"{door.host} shows its key and lets {door.user} in; {count} files in {door.folder}"


@contextmanager
def _connected(door: SftpDoor) -> Iterator[paramiko.SFTPClient]:
    client = paramiko.SSHClient()
    key = host_key_of(door)
    place = door.host if door.port == 22 else f"[{door.host}]:{door.port}"
    client.get_host_keys().add(place, key.get_name(), key)
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    try:
        with answering(door, *TROUBLES):
            client.connect(
                door.host,
                door.port,
                door.user,
                password=_secret(door, door.password_variable),
                key_filename=str(door.key_file) if door.key_file else None,
                passphrase=_secret(door, door.key_password_variable),
                timeout=door.timeout_seconds,
                banner_timeout=door.timeout_seconds,
                auth_timeout=door.timeout_seconds,
                channel_timeout=door.timeout_seconds,
                allow_agent=False,
                look_for_keys=False,
            )
            sftp = client.open_sftp()
            channel = sftp.get_channel()
            if channel is not None:
                channel.settimeout(door.timeout_seconds)
        yield sftp
    finally:
        client.close()


def host_key_of(door: SftpDoor) -> paramiko.PKey:
    """The key the server must show. Raises ConfigurationError when it is none."""
    kind, text = door.host_key.split(" ")[:2]
    try:
        return paramiko.PKey.from_type_string(kind, base64.b64decode(text, validate=True))
    except (ValueError, paramiko.SSHException) as error:
        raise ConfigurationError(
            f"{door.title}: host_key is no public key; ask the server's owner for it, or compare"
            f" `ssh-keyscan -p {door.port} {door.host}` with what the owner says"
        ) from error


def _secret(door: SftpDoor, variable: str | None) -> str | None:
    return secret_of(door, variable) if variable else None


class SftpServer:
    """What a folder of an SFTP server can do."""

    troubles: tuple[type[Exception], ...] = TROUBLES

    def __init__(self, door: SftpDoor, sftp: paramiko.SFTPClient) -> None:
        self.sftp, self.folder = sftp, PurePosixPath(door.folder)
        self.address = f"sftp://{door.host}:{door.port}/{door.folder.strip('/')}"

    def entries(self) -> dict[str, Entry]:
        """The plain files by name; the server describes links as links here."""
        listed = self.sftp.listdir_attr(str(self.folder))
        return {
            item.filename: Entry(item.st_size or 0, str(item.st_mtime))
            for item in listed
            if item.st_mode is not None and stat.S_ISREG(item.st_mode)
        }

    def download(self, name: str, target: Incoming) -> None:
        """The whole file, unless a link took its place."""
        place = str(self.folder / name)
        described = self.sftp.lstat(place)
        if described.st_mode is None or not stat.S_ISREG(described.st_mode):
            raise SourceChangedError(f"{self.address}/{name} is no plain file any more")
        self.sftp.getfo(
            place,
            cast("IO[bytes]", target),
            prefetch=True,
            max_concurrent_prefetch_requests=64,
        )

    def rename(self, name: str, folder: str, new: str) -> None:
        """Moves a file into a folder, which is made when it is not there."""
        target = self.folder / folder
        try:
            self.sftp.stat(str(target))
        except FileNotFoundError:
            self.sftp.mkdir(str(target))
        self.sftp.rename(str(self.folder / name), str(target / new))

    def delete(self, name: str) -> None:
        """Removes a file."""
        self.sftp.remove(str(self.folder / name))
