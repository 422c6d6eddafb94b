"""Packed files from strangers: a zip is judged by its directory before a byte is unpacked.

A gzip, and a zip with one file, are that file's packing: the document is the packed file. A zip
with several files is a parcel, see ingestion/landing/parcels.py.
"""

from __future__ import annotations

import errno
import gzip
import lzma
import stat
import struct
import zipfile
import zlib
from pathlib import Path

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault
from ingestion.formats.parsed import Work

MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
MAX_MEMBERS = 1_000
MAX_PARCEL = 2 * 1024 * 1024 * 1024
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
WORKBOOK = "[Content_Types].xml"
DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError,
    ValueError, OverflowError,
)  # fmt: skip
SMALL = 1024 * 1024
BLOCK = 1 << 20


def check_directory(path: Path, most: int = MAX_UNPACKED) -> list[zipfile.ZipInfo]:
    """The members of a zip that is safe to open. Raises FILE_TYPE, FILE_ARCHIVE_UNSAFE."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except DAMAGE as error:
        raise FileFault("FILE_TYPE", "the zip directory cannot be read; send it again") from error
    size = sum(member.file_size for member in members)
    reasons = [
        ("too many members", len(members) > MAX_MEMBERS),
        (f"unpacks to more than {most // 1024 // 1024} MB", size > most),
        ("is packed more than 100 to 1", any(_ratio(m) > MAX_RATIO for m in members)),
        ("is encrypted", any(m.flag_bits & 1 for m in members)),
        ("has a path outside itself", any(_escapes(m.filename) for m in members)),
        ("holds a member without a name", any(not m.filename for m in members)),
        ("holds a link", any(stat.S_ISLNK(m.external_attr >> 16) for m in members)),
        ("names a member twice", len({m.filename for m in members}) < len(members)),
    ]
    for reason, is_so in reasons:
        if is_so:
            raise FileFault("FILE_ARCHIVE_UNSAFE", f"the archive {reason}; send the plain file")
    return members


def unpacked(work: Work, name: str, spec: SourceSpec) -> tuple[Work, str]:
    """The file inside a gzip or a zip of one, and its name; others as they are.

    Raises FILE_ARCHIVE_UNSAFE, FILE_TYPE.
    """
    with work.path.open("rb") as file:
        start = file.read(4)
    if start.startswith(GZIP):
        return _gunzipped(work), name.removesuffix(".gz").removesuffix(".gzip")
    is_book = start == ZIP and (is_workbook(work.path) or _named_like_book(name, spec))
    if start == ZIP and not is_book:
        return unpack_single(work), members_of(work.path)[0].filename
    return work, name


def _named_like_book(name: str, spec: SourceSpec) -> bool:
    return "xlsx" in spec.formats and name.lower().endswith("xlsx")


def is_parcel(path: Path) -> bool:
    """Whether a file is a zip of several files, and no workbook."""
    with path.open("rb") as file:
        if file.read(4) != ZIP or is_workbook(path):
            return False
    try:
        return len(members_of(path)) > 1
    except FileFault:
        return False  # landed as it is, it is refused with the reason


def is_workbook(path: Path) -> bool:
    """Whether a zip is an Office document: those name their parts in one file."""
    try:
        with zipfile.ZipFile(path) as archive:
            return WORKBOOK in archive.namelist()
    except DAMAGE:
        return True  # for the workbook reader to refuse


def members_of(path: Path) -> list[zipfile.ZipInfo]:
    """The files in a zip whose directory is safe, in its order."""
    return [member for member in check_directory(path, MAX_PARCEL) if not member.is_dir()]


def unpack_single(work: Work) -> Work:
    """The one file inside a zip. Raises FILE_ARCHIVE_UNSAFE when there are more, or damage."""
    members = members_of(work.path)
    if len(members) != 1:
        raise FileFault(
            "FILE_ARCHIVE_UNSAFE", f"{len(members)} files in the zip; one file is wanted here"
        )
    target = work.folder / "unpacked"
    unpack(work.path, members[0], target)
    if target.stat().st_size == 0:
        raise FileFault("FILE_EMPTY", "the file inside the zip has no bytes")
    return Work(target, work.folder, work.limits)


def unpack(path: Path, member: zipfile.ZipInfo, target: Path) -> None:
    """One member into a file of our naming. Raises FILE_ARCHIVE_UNSAFE on damage or a lie."""
    left = member.file_size
    try:
        with (
            zipfile.ZipFile(path) as archive,
            archive.open(member) as source,
            target.open("wb") as file,
        ):
            while block := source.read(BLOCK):
                left -= len(block)
                if left < 0:
                    raise FileFault("FILE_ARCHIVE_UNSAFE", "unpacks to more than it declares")
                file.write(block)
    except OSError as error:
        # a place before the file's first byte is EINVAL: bytes are gone from the middle
        if error.errno not in (None, errno.EINVAL):
            raise  # the disk's trouble, not the file's
        raise FileFault("FILE_ARCHIVE_UNSAFE", "the zip is damaged; send it again") from error
    except DAMAGE as error:
        raise FileFault("FILE_ARCHIVE_UNSAFE", "the zip is damaged; send it again") from error


def _gunzipped(work: Work) -> Work:
    """The bytes inside a gzip; its length and checksum are compared by the reader at the end."""
    target = work.folder / "unpacked"
    most = min(work.limits.max_bytes, max(SMALL, MAX_RATIO * work.path.stat().st_size))
    count = 0
    try:
        with gzip.open(work.path) as source, target.open("wb") as file:
            while block := source.read(BLOCK):
                count += len(block)
                if count > most:
                    raise FileFault(
                        "FILE_ARCHIVE_UNSAFE",
                        f"the gzip holds more than {most} bytes: over limits.max_bytes, or packed"
                        " more than 100 to 1; send the plain file",
                    )
                file.write(block)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FileFault("FILE_ARCHIVE_UNSAFE", "the gzip is damaged; send it again") from error
    if count == 0:
        raise FileFault("FILE_EMPTY", "the file inside the gzip has no bytes")
    return Work(target, work.folder, work.limits)


def _ratio(member: zipfile.ZipInfo) -> float:
    if member.file_size < SMALL:
        return 0
    return member.file_size / max(member.compress_size, 1)


def _escapes(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or "\0" in name or ":" in parts[0]
