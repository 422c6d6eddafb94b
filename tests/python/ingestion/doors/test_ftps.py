"""The FTPS door against real servers: one in Python, and one that insists on one TLS session."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from dbt_project.settings_doors import FtpsDoor
from ingestion.landing.fetch import DoorError
from ingestion.landing.land import land_door
from ingestion.sources import ftps, server_folder
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors.ftp_servers import (
    PASSWORD,
    PROFTPD,
    Implicit,
    TLS_FTPHandler,
    serving,
    strict,
)
from tests.python.ingestion.make import books
from tests.python.ingestion.test_doors import states

needs_proftpd = pytest.mark.skipif(
    not Path(PROFTPD).exists(), reason="ProFTPD is not installed (apt-get install proftpd-core)"
)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority of our own."""
    return trustme.CA()


@pytest.fixture
def files(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The server's folder, with the certificates of server and authority beside it."""
    monkeypatch.setenv("TIEOUT_SECRET_FTPS", PASSWORD)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(
        str(tmp_path / "server.pem")
    )
    folder = tmp_path / "server" / "out"
    folder.mkdir(parents=True)
    return folder


def door_to(files: Path, port: int, **words: Any) -> FtpsDoor:
    """The door of a server on this machine."""
    values = {"folder": "out", "settle_seconds": 0, "timeout_seconds": 5, **words}
    return FtpsDoor(
        source="internal",
        host="localhost",
        port=port,
        user="tieout",
        password_variable="TIEOUT_SECRET_FTPS",
        ca_file=files.parent.parent / "ca.pem",
        **values,
    )


def land(desk: Desk, door: FtpsDoor) -> dict[str, str]:
    """What became of each file."""
    return states(land_door(desk.settings, desk.warehouse, door))


def lands_and_leaves(desk: Desk, files: Path, door: FtpsDoor) -> None:
    """A file, its manifest, a link and a folder; once, then not again, then moved."""
    (files / "a.csv").write_bytes(books({})[:-1])
    (files / "a.csv.manifest.json").write_bytes(b'{"rows": 1}')
    (files / "deeper").mkdir()
    assert land(desk, door) == {"a.csv": "landed"}
    assert land(desk, door) == {}
    moving = door.model_copy(update={"after": "move", "move_to": "done"})
    assert land(desk, moving) == {"a.csv": "duplicate"}
    assert sorted(path.name for path in files.iterdir()) == ["deeper", "done"]
    assert len(list((files / "done").iterdir())) == 2
    (files / "b.csv").write_bytes(books({"fee": "1"}))
    assert land(desk, door.model_copy(update={"after": "delete"})) == {"b.csv": "landed"}
    assert not (files / "b.csv").exists()


@pytest.mark.parametrize("tls", ["explicit", "implicit"])
def test_files_are_landed_once_over_tls(fresh_desk: Desk, files: Path, tls: str) -> None:
    with serving(files, Implicit if tls == "implicit" else TLS_FTPHandler) as port:
        door = door_to(files, port, tls=tls)
        assert "lets tieout in" in ftps.try_ftps(fresh_desk.settings, door)
        lands_and_leaves(fresh_desk, files, door)


@needs_proftpd
@pytest.mark.parametrize("protocol", ["TLSv1.2", "TLSv1.3"])
def test_a_strict_server_gets_one_tls_session(fresh_desk: Desk, files: Path, protocol: str) -> None:
    with strict(files, protocol) as port:
        lands_and_leaves(fresh_desk, files, door_to(files, port))


@needs_proftpd
def test_control_without_the_session_a_strict_server_refuses(
    fresh_desk: Desk, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (files / "a.csv").write_bytes(books({}))
    monkeypatch.delattr(ftps.SessionReuse, "ntransfercmd")
    with strict(files) as port, pytest.raises(DoorError, match="the ftps door"):
        land(fresh_desk, door_to(files, port))
    assert "client did not reuse TLS session" in (files.parent.parent / "tls.log").read_text()


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_certificate_of_another_authority_is_refused(
    fresh_desk: Desk, files: Path, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """With the guard off our password goes to whoever answers."""
    (files / "a.csv").write_bytes(books({}))
    trustme.CA().cert_pem.write_to_path(str(files.parent.parent / "ca.pem"))
    with serving(files) as port:
        if is_guarded:
            with pytest.raises(DoorError, match="CERTIFICATE_VERIFY_FAILED"):
                land(fresh_desk, door_to(files, port))
        else:
            blind = ssl.create_default_context()
            blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
            monkeypatch.setattr(ftps, "context_of", lambda _: blind)
            assert land(fresh_desk, door_to(files, port)) == {"a.csv": "landed"}


def test_a_server_without_tls_gets_no_password(fresh_desk: Desk, files: Path) -> None:
    heard: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        line, _ = listening.accept()
        with line:
            line.sendall(b"220 plain\r\n")
            while block := line.recv(1000):
                heard.append(block)
                line.sendall(b"502 not here\r\n")

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    with pytest.raises(DoorError, match="502"):
        land(fresh_desk, door_to(files, listening.getsockname()[1]))
    thread.join(5)
    listening.close()
    assert PASSWORD.encode() not in b"".join(heard)
    assert b"USER" not in b"".join(heard)


class Damaged:
    """Loses the end of a file."""

    def __init__(self, target: Any) -> None:
        self.target = target

    def write(self, block: bytes) -> None:
        self.target.write(block[:-5])


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_a_cut_or_changed_file_is_not_landed(
    fresh_desk: Desk, files: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    (files / "a.csv").write_bytes(books({}))
    real: Callable[..., None] = ftps.FtpsServer.download

    def damaged(self: ftps.FtpsServer, name: str, target: Any) -> None:
        if damage == "cut":
            real(self, name, Damaged(target))
        else:
            real(self, name, target)
            (files / "a.csv").write_bytes(books({"fee": "10.00"}))

    with serving(files) as port:
        monkeypatch.setattr(ftps.FtpsServer, "download", damaged)
        door = door_to(files, port)
        if damage == "cut":
            with pytest.raises(DoorError, match="bytes came"):
                land(fresh_desk, door)
        else:
            assert land(fresh_desk, door) == {}
        assert fresh_desk.count("ops.deliveries") == 0
        monkeypatch.setattr(ftps.FtpsServer, "download", real)
        assert land(fresh_desk, door) == {"a.csv": "landed"}


def test_a4_a_file_that_still_grows_waits(
    fresh_desk: Desk, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = files / "grows.csv"
    path.write_bytes(books({}))
    slept: list[float] = []

    def more(seconds: float) -> None:
        slept.append(seconds)
        path.write_bytes(books({}, {"transaction_id": "T2"}))

    monkeypatch.setattr(server_folder.time, "sleep", more)
    with serving(files) as port:
        assert land(fresh_desk, door_to(files, port, settle_seconds=7)) == {}
    assert slept == [7]
