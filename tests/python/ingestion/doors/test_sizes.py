"""What comes through a door is never more than allowed, and never less than was announced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pyftpdlib.filesystems import AbstractedFS

from ingestion.landing.fetch import DoorError
from ingestion.landing.land import LandingResult, land_door
from ingestion.sources import ftps, s3, sftp, transfer
from ingestion.sources.server_folder import Entry
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors import test_ftps, test_sftp
from tests.python.ingestion.doors.bucket import keys, s3_door
from tests.python.ingestion.doors.ftp_servers import TLS_FTPHandler, serving
from tests.python.ingestion.doors.test_ftps import Damaged, door_to
from tests.python.ingestion.doors.test_sftp import Server
from tests.python.ingestion.make import books
from tests.python.ingestion.test_doors import states

authority, files = test_ftps.authority, test_ftps.files
server = test_sftp.server
LARGE = books(*[{}] * 40)


def land(desk: Desk, door: Any, said: str | None = None) -> dict[str, str]:
    """What became of each file, and what the door had to say in the end."""
    results: list[LandingResult] = []
    landing = land_door(desk.settings, desk.warehouse, door)
    if said is None:
        return states(landing)
    with pytest.raises(DoorError, match=said):
        results.extend(landing)
    return states(results)


def limited(desk: Desk, most: int) -> None:
    """Lets no larger file in."""
    limits = desk.settings.limits.model_copy(update={"max_bytes": most})
    desk.settings = desk.settings.model_copy(update={"limits": limits})


def unguarded(monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    """Takes the question before the download out."""
    monkeypatch.setattr(module, "refuse_too_large", lambda *_: None)


@pytest.mark.parametrize("is_guarded", [True, False])
def test_sftp_a_file_above_the_limit_is_not_even_asked_for(
    fresh_desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    limited(fresh_desk, 1000)
    asked: list[str] = []
    real = sftp.SftpServer.download
    monkeypatch.setattr(
        sftp.SftpServer,
        "download",
        lambda self, name, target: (asked.append(name), real(self, name, target)),
    )
    (server.folder / "a.csv").write_bytes(LARGE)
    (server.folder / "b.csv").write_bytes(books({}))
    if is_guarded:
        said = r"a\.csv: FILE_TOO_LARGE \d+ bytes are more than 1000"
        assert land(fresh_desk, server.door, said) == {"b.csv": "landed"}
    else:
        unguarded(monkeypatch, transfer)
        monkeypatch.setattr("ingestion.sources.server_folder.refuse_too_large", lambda *_: None)
        assert land(fresh_desk, server.door) == {"a.csv": "rejected", "b.csv": "landed"}
    assert asked == (["b.csv"] if is_guarded else ["a.csv", "b.csv"])


def test_sftp_no_more_bytes_are_taken_than_were_listed(
    fresh_desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that lies, or a file that grows: nothing lands, and the disk is not filled."""
    (server.folder / "a.csv").write_bytes(LARGE)
    real = sftp.SftpServer.entries
    monkeypatch.setattr(
        sftp.SftpServer,
        "entries",
        lambda self: {n: Entry(e.size - 5, e.changed) for n, e in real(self).items()},
    )
    written: list[int] = []
    write = transfer.Incoming.write
    monkeypatch.setattr(
        transfer.Incoming,
        "write",
        lambda self, block: (written.append(self.count), write(self, block))[1],
    )
    assert land(fresh_desk, server.door) == {}
    assert written
    assert fresh_desk.count("ops.deliveries") == 0


@pytest.mark.parametrize("cuts", [2, 3])
def test_ftps_a_file_that_is_cut_short_is_asked_for_again(
    fresh_desk: Desk, files: Any, monkeypatch: pytest.MonkeyPatch, cuts: int
) -> None:
    (files / "a.csv").write_bytes(LARGE)
    real: Callable[..., None] = ftps.FtpsServer.download
    tries: list[str] = []

    def cut(self: ftps.FtpsServer, name: str, target: Any) -> None:
        tries.append(name)
        real(self, name, Damaged(target) if len(tries) <= cuts else target)

    monkeypatch.setattr(ftps.FtpsServer, "download", cut)
    with serving(files) as port:
        door = door_to(files, port)
        found = land(fresh_desk, door, None if cuts == 2 else "bytes came; run again")
    assert found == ({"a.csv": "landed"} if cuts == 2 else {})
    assert len(tries) == 3


def test_ftps_a_file_that_is_longer_than_listed_waits_and_the_next_one_lands(
    fresh_desk: Desk, files: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (files / "a.csv").write_bytes(LARGE)
    (files / "b.csv").write_bytes(books({}))
    real = ftps.FtpsServer.entries
    monkeypatch.setattr(
        ftps.FtpsServer,
        "entries",
        lambda self: {n: Entry(e.size - (n == "a.csv"), e.changed) for n, e in real(self).items()},
    )
    with serving(files) as port:
        assert land(fresh_desk, door_to(files, port)) == {"b.csv": "landed"}


class Without(TLS_FTPHandler):  # type: ignore[misc]
    """A server that does not know MLSD."""

    def ftp_MLSD(self, path: str) -> None:  # noqa: N802 – pyftpdlib's name
        self.respond("500 'MLSD': command not understood.")


def saying(line: bytes) -> type[TLS_FTPHandler]:
    """A server whose MLSD says this line for every file."""

    class Odd(AbstractedFS):  # type: ignore[misc]
        def format_mlsx(self, _: Any, listing: list[str], *__: Any, **___: Any) -> Any:
            yield from (line.replace(b"NAME", name.encode()) for name in listing)

    class Saying(TLS_FTPHandler):  # type: ignore[misc]
        abstracted_fs = Odd

    return Saying


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (Without, "MLSD_MISSING ftps://localhost:.* does not list files by MLSD .*500"),
        (saying(b"type=file;size=abc;modify=20261001000000; NAME\r\n"), "MLSD_INVALID .*'a.csv'"),
        (saying(b"type=file;modify=20261001000000; NAME\r\n"), "MLSD_INVALID .*'a.csv'"),
        (saying(b"type=file;size=10; NAME\r\n"), "MLSD_INVALID .*'a.csv'"),
        (saying(b"-rw-r--r-- 1 0 0 10 Oct 01 NAME\r\n"), "MLSD_INVALID"),
        (saying(b"type=file;size=9;modify=20261001000000; ../NAME\r\n"), r"no name: \.\./a\.csv"),
    ],
)
def test_ftps_a_server_that_lists_badly_is_told_so(
    fresh_desk: Desk, files: Any, handler: type[TLS_FTPHandler], words: str
) -> None:
    (files / "a.csv").write_bytes(books({}))
    with serving(files, handler) as port:
        assert land(fresh_desk, door_to(files, port), words) == {}


@pytest.mark.parametrize("is_guarded", [True, False])
def test_s3_an_object_above_the_limit_is_not_read(
    fresh_desk: Desk, store: str, bucket: Any, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    limited(fresh_desk, 1000)
    bucket.put_object(Bucket="payments", Key="in/a.csv", Body=LARGE)
    bucket.put_object(Bucket="payments", Key="in/b.csv", Body=books({}))
    if is_guarded:
        assert land(fresh_desk, s3_door(store), "FILE_TOO_LARGE") == {"b.csv": "landed"}
        return
    unguarded(monkeypatch, s3)
    assert land(fresh_desk, s3_door(store)) == {"a.csv": "rejected", "b.csv": "landed"}


def test_s3_a_manifest_above_its_limit_is_not_read(
    fresh_desk: Desk, store: str, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "MANIFEST_BYTES", 5)
    bucket.put_object(Bucket="payments", Key="in/a.csv", Body=books({}))
    bucket.put_object(Bucket="payments", Key="in/a.csv.manifest.json", Body=b'{"rows": 1}')
    assert land(fresh_desk, s3_door(store), r"a\.csv\.manifest\.json: FILE_TOO_LARGE") == {}


@pytest.mark.parametrize("after", ["move", "delete"])
@pytest.mark.parametrize("store_says", ["compares", "cannot", "ignores"])
def test_s3_an_object_that_was_replaced_just_before_it_leaves_stays(
    fresh_desk: Desk,
    store: str,
    bucket: Any,
    monkeypatch: pytest.MonkeyPatch,
    after: Any,
    store_says: str,
) -> None:
    """Replaced after our last look. `ignores` is the control: without the question it is lost."""
    words = {"after": after, "move_to": "done/"} if after == "move" else {"after": after}
    door = s3_door(store, **words)
    bucket.put_object(Bucket="payments", Key="in/a.csv", Body=books({}))
    client = s3.client_of(door)
    look, remove = client.head_object, client.delete_object
    looks: list[int] = []

    def replaced(**named: Any) -> Any:
        found = look(**named)
        if fresh_desk.count("ops.deliveries"):
            looks.append(len(looks) + 1)
        if looks == ([1, 2] if after == "move" else [1]):  # a copy looks too, before ours
            bucket.put_object(Bucket="payments", Key="in/a.csv", Body=books({"fee": "9.00"}))
        return found

    def removed(**named: Any) -> Any:
        if store_says != "compares" and named.pop("IfMatch", None) and store_says == "cannot":
            answer: Any = {"ResponseMetadata": {"HTTPStatusCode": 501}, "Error": {}}
            raise ClientError(answer, "DeleteObject")
        return remove(**named)

    monkeypatch.setattr(client, "head_object", replaced)
    monkeypatch.setattr(client, "delete_object", removed)
    assert land(fresh_desk, door) == {"a.csv": "landed"}
    assert keys(bucket, "in/") == ([] if store_says == "ignores" else ["in/a.csv"])
