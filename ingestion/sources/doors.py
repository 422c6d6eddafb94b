"""The kinds of doors there are, and how each is opened, tried and looked at.

A new kind is a class in dbt_project/settings_doors.py or settings_polls.py, a module here, and its
line in KINDS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from dbt_project.settings import Settings
from dbt_project.settings_doors import Door, S3Door
from ingestion.sources.files import Here, OpenDoor, Waiting
from ingestion.sources.folder import open_folder, try_folder, waiting_in_folder
from ingestion.sources.ftps import open_ftps, try_ftps
from ingestion.sources.imap import open_imap, try_imap
from ingestion.sources.paypal_api import open_paypal, try_paypal
from ingestion.sources.rest_api import open_rest, try_rest
from ingestion.sources.s3 import open_s3, try_s3, waiting_in_s3
from ingestion.sources.sftp import open_sftp, try_sftp
from ingestion.sources.sql_source import open_sql, try_sql
from ingestion.sources.square_api import open_square, try_square
from ingestion.sources.stripe_api import open_stripe, try_stripe


@dataclass(frozen=True)
class Kind:
    """How a kind is opened and tried; `look` only where looking often is no burden to anybody."""

    opened: Callable[[Here, Any], AbstractContextManager[OpenDoor]]
    tried: Callable[[Settings, Any], str]
    look: Callable[[Any], Iterator[Waiting]] | None = None


KINDS: dict[str, Kind] = {
    "folder": Kind(open_folder, try_folder, waiting_in_folder),
    "s3": Kind(open_s3, try_s3, waiting_in_s3),
    "sftp": Kind(open_sftp, try_sftp),
    "ftps": Kind(open_ftps, try_ftps),
    "imap": Kind(open_imap, try_imap),
    "stripe": Kind(open_stripe, try_stripe),
    "square": Kind(open_square, try_square),
    "paypal": Kind(open_paypal, try_paypal),
    "rest": Kind(open_rest, try_rest),
    "sql": Kind(open_sql, try_sql),
}


def opened(here: Here, door: Door) -> AbstractContextManager[OpenDoor]:
    """The door, open until the block ends. Raises TransferError when it does not answer."""
    return KINDS[door.kind].opened(here, door)


def tried(settings: Settings, door: Door) -> str:
    """What the doctor says of a door that answers. Raises TransferError, ConfigurationError."""
    return KINDS[door.kind].tried(settings, door)


def is_watched(door: Door) -> bool:
    """Whether a sensor may look at it every few seconds; the others are asked by the timetable."""
    return KINDS[door.kind].look is not None


def place_of(door: Door) -> str:
    """How the places of all files of a watched door begin."""
    return (
        f"s3://{door.bucket}/{door.prefix}"
        if isinstance(door, S3Door)
        else str(getattr(door, "path", ""))
    )


def waiting_at(door: Door) -> Iterator[Waiting]:
    """Everything that waits at a door that is watched. Raises TransferError."""
    look = KINDS[door.kind].look
    return look(door) if look else iter(())
