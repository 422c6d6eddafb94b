"""The doors of a deployment: what each kind may be told in tieout.yml, and what it must be told.

A kind is a class; `kind` chooses it, and its keys alone are known. Secrets are never written here:
a key that ends in `_variable` names the environment variable that holds one.
Doors that are asked for what is new (interfaces, databases) are in settings_polls.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, Self, cast

from pydantic import AfterValidator, Field, model_validator

from dbt_project.settings_archive import ArchiveBucket
from dbt_project.settings_section import Name, S3Place, SecretName, Section, https_only

After = Literal["keep", "move", "delete"]
SameName = Literal["replaces", "is_another"]  # a second file of one name: corrected, or another
KINDS: dict[str, type[Door]] = {}


WebAddress = Annotated[str, AfterValidator(https_only)]


class Door(Section):
    """Where something of a source arrives. `Door(kind=…)` makes the door of that kind.

    `name` tells two doors of one kind and source apart: cursors and messages go by it.
    """

    kind: str
    source: Name
    name: Name | None = None

    def __new__(cls, *_: Any, **values: Any) -> Self:
        """The class of the kind that is asked for."""
        chosen = KINDS.get(values.get("kind", ""), cls) if cls is Door else cls
        return cast("Self", super().__new__(chosen))

    def __init_subclass__(cls, **words: Any) -> None:
        super().__init_subclass__(**words)
        if kind := cls.__dict__.get("kind"):
            KINDS[kind] = cls

    @property
    def title(self) -> str:
        """The door in a message."""
        named = f" {self.name}" if self.name else ""
        return f"the {self.kind} door{named} of {self.source}"

    @property
    def key(self) -> str:
        """The door in names of pages and cursors."""
        return self.name or f"{self.kind}_{self.source}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The variables that must be set before it opens."""
        named = {n: getattr(self, n) for n in type(self).model_fields if n.endswith("_variable")}
        return tuple(variable for variable in named.values() if variable)


class FolderDoor(Door):
    """A folder of this machine. A file is taken once it has not changed for `settle_seconds`."""

    kind: Literal["folder"] = "folder"
    path: Path
    settle_seconds: float = Field(default=2.0, ge=0, le=3600)
    done_marker: str = Field(default="", pattern=r"^(\.[A-Za-z0-9_.-]+)?$")


class Store(ArchiveBucket):
    """A bucket that gets a copy of each file the archive takes from a door, encrypted as there."""

    prefix: str = "processed_files"


class RemoteFiles(Door):
    """Files on another machine, and what becomes of one there once its bytes are archived here."""

    files: str = "*"
    same_name: SameName = "replaces"
    after: After = "keep"
    move_to: str | None = None
    archive_to: Store | None = None

    @model_validator(mode="after")
    def _moves_somewhere(self) -> Self:
        if (self.after == "move") != (self.move_to is not None):
            raise ValueError("move_to says where files go, and belongs to `after: move` alone")
        return self


class S3Door(RemoteFiles, S3Place):
    """A bucket of AWS or any store that speaks S3; credentials come the AWS way."""

    kind: Literal["s3"] = "s3"

    @model_validator(mode="after")
    def _moves_out_of_sight(self) -> Self:
        if self.move_to is not None and self.move_to.startswith(self.prefix):
            raise ValueError("move_to must lie outside prefix, or moved objects are found again")
        return self


class ServerFolder(RemoteFiles):
    """A folder of a file server; a file is taken once two looks `settle_seconds` apart agree."""

    host: str = Field(min_length=1)
    user: str = Field(min_length=1)
    folder: str = "."
    settle_seconds: float = Field(default=10.0, ge=0, le=3600)
    done_marker: str = Field(default="", pattern=r"^(\.[A-Za-z0-9_.-]+)?$")
    timeout_seconds: float = Field(default=30.0, gt=0, le=600)

    @model_validator(mode="after")
    def _moves_elsewhere(self) -> Self:
        if self.move_to and PurePosixPath(self.folder, self.move_to) == PurePosixPath(self.folder):
            raise ValueError("move_to must be another folder than the one that is watched")
        return self


class SftpDoor(ServerFolder):
    """SFTP. The server's key is stated; another one is refused."""

    kind: Literal["sftp"] = "sftp"
    port: int = 22
    host_key: str = Field(pattern=r"^(ssh-|ecdsa-)[a-z0-9-]+ [A-Za-z0-9+/]+={0,3}( .*)?$")
    password_variable: SecretName | None = None
    key_file: Path | None = None
    key_password_variable: SecretName | None = None

    @model_validator(mode="after")
    def _can_log_in(self) -> Self:
        if (self.password_variable is None) == (self.key_file is None):
            raise ValueError("an sftp door needs either password_variable or key_file")
        return self


class FtpsDoor(ServerFolder):
    """FTP over TLS; the certificate is verified, by `ca_file` where the server's CA is private."""

    kind: Literal["ftps"] = "ftps"
    port: int | None = None
    tls: Literal["explicit", "implicit"] = "explicit"
    password_variable: SecretName
    ca_file: Path | None = None


class ImapDoor(Door):
    """Attachments of a mailbox, from messages whose sender and subject match.

    A message is read whole into memory, so one larger than `max_message_bytes` is refused.
    """

    kind: Literal["imap"] = "imap"
    host: str = Field(min_length=1)
    port: int = 993
    user: str = Field(min_length=1)
    password_variable: SecretName
    mailbox: str = "INBOX"
    sender: str = Field(min_length=3)
    subject: str = "*"
    files: str = "*"
    same_name: SameName = "replaces"
    max_message_bytes: int = Field(default=100_000_000, ge=1_000, le=1_000_000_000)
    after: Literal["keep", "seen", "move"] = "seen"
    move_to: str | None = None
    archive_to: Store | None = None
    ca_file: Path | None = None
    timeout_seconds: float = Field(default=30.0, gt=0, le=600)

    @model_validator(mode="after")
    def _moves_somewhere(self) -> Self:
        if (self.after == "move") != (self.move_to is not None):
            raise ValueError("move_to says where messages go, and belongs to `after: move` alone")
        return self


FileDoor = FolderDoor | S3Door | SftpDoor | FtpsDoor | ImapDoor
