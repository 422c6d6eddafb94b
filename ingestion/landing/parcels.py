"""A zip of several files: each member is a document of its own, named `parcel.zip/member`.

Members are archived singly and the zip is not: a document is what it says, not how it was packed.
The same report sent plain and in a zip is one document, a zip made anew with the same files is all
duplicates, and each member can be landed again from the archive. A bad member is refused alone.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse
from ingestion.faults import FileFault, escaped
from ingestion.formats.packed import is_parcel, members_of, unpack
from ingestion.known_sources import spec_of
from ingestion.landing.archive import MANIFEST
from ingestion.landing.one_file import land_arrival, land_file, refuse
from ingestion.landing.result import Also, Arrival, LandingResult
from ingestion.landing.snapshots import hashed, snapshot

Members = dict[str, zipfile.ZipInfo]
NO_FILES = FileFault(
    "FILE_ARCHIVE_UNSAFE", "manifests and no file they speak of are in the zip; send it again"
)


def land_all(
    settings: Settings,
    warehouse: Warehouse,
    source: str,
    path: Path,
    name: str | None = None,
    door: str = "folder",
    *,
    within: str = "",
    also: Also | None = None,
) -> Iterator[LandingResult]:
    """Lands one file, or every member of a parcel; see land_file for the words.

    Of a parcel, `also` runs with its last member.
    """
    if not is_parcel(path):
        yield land_file(settings, warehouse, source, path, name, door, within=within, also=also)
        return
    spec = spec_of(settings, source)
    with snapshot(settings, path) as taken:
        parcel = Arrival(settings, spec, name or path.name, door, taken, None, within=within)
        members = {member.filename: member for member in members_of(taken.path)}
        damaged: list[str] = []
        codes: set[str | None] = set()
        files = sorted(name for name in members if not name.endswith(MANIFEST))
        for number, inside in enumerate(files):
            folder = taken.folder / f"member_{number}"
            try:
                arrival = _member(parcel, members, inside, folder)
            except FileFault:
                damaged.append(inside)
                continue
            last = also if inside == files[-1] else None
            result = land_arrival(warehouse, replace(arrival, also=last))
            codes.add(result.code)
            shutil.rmtree(folder, ignore_errors=True)
            yield result
        if damaged or not files:
            fault = _of(damaged) if files else NO_FILES
            yield refuse(warehouse, parcel, fault, is_kept="PAN_FOUND" not in codes)


def _member(parcel: Arrival, members: Members, inside: str, folder: Path) -> Arrival:
    """A member on its way in, unpacked into a folder of its own. Raises FILE_ARCHIVE_UNSAFE."""
    folder.mkdir()
    unpack(parcel.taken.path, members[inside], folder / "bytes")
    manifest = None
    if beside := members.get(inside + MANIFEST):
        unpack(parcel.taken.path, beside, folder / "manifest")
        manifest = (folder / "manifest").read_bytes()
    taken = hashed(folder / "bytes")
    return replace(parcel, name=f"{parcel.name}/{inside}", taken=taken, manifest=manifest)


def _of(damaged: list[str]) -> FileFault:
    return FileFault(
        "FILE_ARCHIVE_UNSAFE",
        f"damaged in it: {', '.join(escaped(name) for name in damaged[:5])}"
        f"{' and others' if len(damaged) > 5 else ''}; the other files in it are landed. Send it"
        " again",
    )
