"""The SFTP door against a real SSH server (F18, A4): its key, its links, its lost lines."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh
import paramiko
import pytest

from dbt_project.settings_doors import SftpDoor
from ingestion.landing.fetch import DoorError
from ingestion.landing.land import land_door
from ingestion.sources import server_folder, sftp
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors.loops import running_loop
from tests.python.ingestion.make import books
from tests.python.ingestion.test_doors import states

PASSWORD = "let me in"


class Users(asyncssh.SSHServer):  # type: ignore[misc]
    """One user with a password."""

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("tieout", PASSWORD)


class Files(asyncssh.SFTPServer):  # type: ignore[misc]
    """A folder; `drop_after` bytes of a file the line is cut."""

    root = Path()
    drop_after: int | None = None

    def __init__(self, channel: Any) -> None:
        super().__init__(channel)
        self.line = channel

    def map_path(self, path: bytes) -> bytes:
        return str(self.root / path.decode().lstrip("/")).encode()

    async def read(self, file_obj: Any, offset: int, size: int) -> bytes:
        if self.drop_after is not None:
            self.line.get_connection().abort()
            await asyncio.sleep(0.1)
        return bytes(super().read(file_obj, offset, size))


@dataclass
class Server:
    """A server that runs, the folder it shows, and the door that leads there."""

    folder: Path
    door: SftpDoor


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """An SFTP server with a key of its own; the door knows that key."""
    monkeypatch.setenv("TIEOUT_SECRET_SFTP", PASSWORD)
    monkeypatch.setattr(Files, "drop_after", None)
    root = tmp_path / "server"
    (root / "out").mkdir(parents=True)
    monkeypatch.setattr(Files, "root", root)
    key = asyncssh.generate_private_key("ssh-ed25519")
    client_key = asyncssh.generate_private_key("ssh-ed25519")
    client_key.write_private_key(tmp_path / "client_key", passphrase="open")
    (tmp_path / "known").write_bytes(client_key.export_public_key())
    with running_loop() as loop:
        listening = loop.call(
            asyncssh.listen(
                "127.0.0.1",
                0,
                server_factory=Users,
                server_host_keys=[key],
                sftp_factory=Files,
                authorized_client_keys=str(tmp_path / "known"),
            )
        )
        door = SftpDoor(
            source="internal",
            host="127.0.0.1",
            port=listening.get_port(),
            user="tieout",
            folder="out",
            host_key=key.export_public_key().decode().strip(),
            password_variable="TIEOUT_SECRET_SFTP",
            settle_seconds=0,
            timeout_seconds=3,
        )
        yield Server(root / "out", door)
        listening.close()
        loop.call(listening.wait_closed())


def land(desk: Desk, door: SftpDoor) -> dict[str, str]:
    """What became of each file."""
    return states(land_door(desk.settings, desk.warehouse, door))


def test_files_are_landed_once_and_stay(fresh_desk: Desk, server: Server) -> None:
    (server.folder / "a.csv").write_bytes(books({}))
    (server.folder / "told.csv").write_bytes(books({"fee": "2"})[:-1])
    (server.folder / "told.csv.manifest.json").write_bytes(b'{"rows": 1}')
    (server.folder / "b.csv.part").write_bytes(books({"fee": "3"}))
    (server.folder / "deeper").mkdir()
    assert land(fresh_desk, server.door) == {"a.csv": "landed", "told.csv": "landed"}
    assert land(fresh_desk, server.door) == {}
    (server.folder / "a.csv").write_bytes(books({"fee": "10.00"}))
    assert land(fresh_desk, server.door) == {"a.csv": "landed"}
    assert sftp.try_sftp(fresh_desk.settings, server.door).endswith("4 files in out")


def test_a_private_key_lets_us_in_too(
    fresh_desk: Desk, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIEOUT_SECRET_KEY", "open")
    words = {"password_variable": None, "key_file": tmp_path / "client_key"}
    door = server.door.model_copy(update={**words, "key_password_variable": "TIEOUT_SECRET_KEY"})
    (server.folder / "a.csv").write_bytes(books({}))
    assert land(fresh_desk, door) == {"a.csv": "landed"}


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_changed_host_key_is_refused(
    fresh_desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """With the guard off we would give our password to whoever answers."""
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    door = server.door.model_copy(update={"host_key": other})
    (server.folder / "a.csv").write_bytes(books({}))
    if is_guarded:
        with pytest.raises(DoorError, match="the sftp door of internal: BadHostKeyException"):
            land(fresh_desk, door)
        assert fresh_desk.count("ops.deliveries") == 0
    else:
        monkeypatch.setattr(paramiko.HostKeys, "add", lambda *_: None)
        monkeypatch.setattr(paramiko, "RejectPolicy", paramiko.AutoAddPolicy)
        assert land(fresh_desk, door) == {"a.csv": "landed"}


def test_a_wrong_password_is_a_failure_that_does_not_tell_it(
    fresh_desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIEOUT_SECRET_SFTP", "wrong-secret")
    with pytest.raises(DoorError, match="AuthenticationException") as refused:
        land(fresh_desk, server.door)
    assert "wrong-secret" not in str(refused.value)


def test_links_are_not_followed(fresh_desk: Desk, server: Server, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_bytes(books({}))
    (server.folder / "link.csv").symlink_to(outside)
    assert land(fresh_desk, server.door) == {}


def test_a_file_that_became_a_link_is_not_followed(
    fresh_desk: Desk, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_bytes(books({}))
    path = server.folder / "a.csv"
    path.write_bytes(books({"fee": "1"}))
    real = server_folder.ServerFolderDoor._download

    def swapped(self: Any, *words: Any) -> None:
        path.unlink()
        path.symlink_to(outside)
        real(self, *words)

    monkeypatch.setattr(server_folder.ServerFolderDoor, "_download", swapped)
    assert land(fresh_desk, server.door) == {}
    assert fresh_desk.count("ops.deliveries") == 0


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a4_a_file_that_still_grows_waits(
    fresh_desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """With the guard off half a file is landed, and looks whole."""
    path = server.folder / "grows.csv"
    path.write_bytes(books({"transaction_id": "T1"}))
    whole = books({"transaction_id": "T1"}, {"transaction_id": "T2"})
    monkeypatch.setattr(server_folder.time, "sleep", lambda _: path.write_bytes(whole))
    door = server.door.model_copy(update={"settle_seconds": 5.0 if is_guarded else 0.0})
    found = land(fresh_desk, door)
    assert found == ({} if is_guarded else {"grows.csv": "landed"})
    if is_guarded:
        monkeypatch.setattr(server_folder.time, "sleep", lambda _: None)
        assert land(fresh_desk, door) == {"grows.csv": "landed"}
        assert fresh_desk.count("raw.internal_transactions") == 2


def test_fault_f18_a_line_that_drops_mid_file_lands_nothing_and_the_next_run_repairs(
    fresh_desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    (server.folder / "a.csv").write_bytes(books({}))
    monkeypatch.setattr(Files, "drop_after", 1)
    with pytest.raises(DoorError, match=r"a\.csv"):
        land(fresh_desk, server.door)
    assert fresh_desk.count("ops.deliveries") == 0
    monkeypatch.setattr(Files, "drop_after", None)
    assert land(fresh_desk, server.door) == {"a.csv": "landed"}


@pytest.mark.parametrize("after", ["move", "delete"])
def test_a_landed_file_leaves_and_a_refused_one_stays(
    fresh_desk: Desk, server: Server, after: str
) -> None:
    words = {"after": after, "move_to": "done" if after == "move" else None}
    door = server.door.model_copy(update={**words, "done_marker": ".ok"})
    for name, content in (("good.csv", books({})), ("page.csv", b"<html>")):
        (server.folder / name).write_bytes(content)
        (server.folder / f"{name}.ok").write_bytes(b"")
    (server.folder / "unmarked.csv").write_bytes(books({"fee": "1"}))
    assert land(fresh_desk, door) == {"good.csv": "landed", "page.csv": "rejected"}
    there = sorted(path.name for path in server.folder.iterdir() if path.is_file())
    assert there == ["page.csv", "page.csv.ok", "unmarked.csv"]
    if after == "move":
        moved = sorted(path.name for path in (server.folder / "done").iterdir())
        assert moved == ["20261101T040000_good.csv", "20261101T040000_good.csv.ok"]
    assert land(fresh_desk, door) == {}


def test_a_file_that_was_not_told_to_leave_leaves_with_the_next_run(
    fresh_desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = server.door.model_copy(update={"after": "delete"})
    (server.folder / "a.csv").write_bytes(books({}))
    with monkeypatch.context() as patch:
        patch.setattr(server_folder, "dismiss", lambda *_: None)  # killed after the landing
        assert land(fresh_desk, door) == {"a.csv": "landed"}
    assert (server.folder / "a.csv").exists()
    assert land(fresh_desk, door) == {"a.csv": "duplicate"}
    assert not (server.folder / "a.csv").exists()
