"""Zip containers from strangers: judged from their directory before a byte is unpacked."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path

from ingestion.faults import FileFault
from ingestion.formats.parsed import Work

MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
MAX_MEMBERS = 1_000
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)
SMALL = 1024 * 1024
BLOCK = 1 << 20


def check_directory(path: Path) -> list[zipfile.ZipInfo]:
    """The members of a zip that is safe to open. Raises FILE_TYPE, FILE_ARCHIVE_UNSAFE."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except DAMAGE as error:
        raise FileFault("FILE_TYPE", "the zip directory cannot be read; send it again") from error
    size = sum(member.file_size for member in members)
    reasons = [
        ("too many members", len(members) > MAX_MEMBERS),
        ("unpacks to more than 200 MB", size > MAX_UNPACKED),
        ("is packed more than 100 to 1", any(_ratio(m) > MAX_RATIO for m in members)),
        ("is encrypted", any(m.flag_bits & 1 for m in members)),
        ("has a path outside itself", any(_escapes(m.filename) for m in members)),
        ("holds a link", any(stat.S_ISLNK(m.external_attr >> 16) for m in members)),
        ("names a member twice", len({m.filename for m in members}) < len(members)),
    ]
    for reason, is_so in reasons:
        if is_so:
            raise FileFault("FILE_ARCHIVE_UNSAFE", f"the archive {reason}; send the plain file")
    return members


def unpack_single(work: Work) -> Work:
    """The one file inside a zip. Raises FILE_ARCHIVE_UNSAFE when there are more, or damage."""
    members = [m for m in check_directory(work.path) if not m.is_dir()]
    if len(members) != 1:
        raise FileFault(
            "FILE_ARCHIVE_UNSAFE", f"{len(members)} files in the zip; one statement file is wanted"
        )
    target = work.folder / "unpacked"
    left = members[0].file_size
    try:
        with (
            zipfile.ZipFile(work.path) as archive,
            archive.open(members[0]) as source,
            target.open("wb") as file,
        ):
            while block := source.read(BLOCK):
                left -= len(block)
                if left < 0:
                    raise FileFault("FILE_ARCHIVE_UNSAFE", "unpacks to more than it declares")
                file.write(block)
    except DAMAGE as error:
        raise FileFault("FILE_ARCHIVE_UNSAFE", "the zip is damaged; send it again") from error
    if target.stat().st_size == 0:
        raise FileFault("FILE_EMPTY", "the file inside the zip has no bytes")
    return Work(target, work.folder, work.limits)


def _ratio(member: zipfile.ZipInfo) -> float:
    if member.file_size < SMALL:
        return 0
    return member.file_size / max(member.compress_size, 1)


def _escapes(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or "\0" in name or ":" in parts[0]
