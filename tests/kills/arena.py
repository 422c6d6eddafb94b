"""One deployment under fire: what is sent to it, what is killed, and what is looked at afterwards.

The arena here is the first scene, files that land from a folder; the others (scenes.py) say their
own `send`, `act`, `look` and `unguard`. `act` runs in a child, armed at a place or killed at a
random moment, and the next round's `act` is its retry.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg

from dbt_project.settings import Settings
from dbt_project.settings_doors import FolderDoor
from dbt_project.warehouse import postgres_dsn
from ingestion.known_sources import known_sources
from ingestion.landing import failpoints
from ingestion.landing.archive import sha256_of
from ingestion.landing.documents import document_id
from ingestion.landing.local_times import repeated_hours
from tests.kills.checker import Sent, wrongs
from tests.kills.loader import fork, load, wait, without_transactions
from tests.python.conftest import make_settings, new_database
from tests.python.ingestion.make import BOOK_HEADER

SERVER = ("backend", "immediate")
COMMIT = ("in_transaction", "after_rows", "after_register", "before_commit", "after_commit")
READ = ("after_parse", "after_stage")
ARCHIVE = ("before_archive", "after_snapshot", "after_sidecar", "after_archive")
LEAVE = ("before_leave", "after_leave")


class Arena:
    """Files that land from a folder."""

    places: tuple[str, ...] = (*ARCHIVE, *READ, *COMMIT, *LEAVE)
    weak: tuple[str, ...] = COMMIT  # where a kill shows that the guard is gone
    most_refused = 100  # percent

    def __init__(self, folder: Path, server: Any, seed: int) -> None:
        self.folder, self.server, self.random = folder, server, random.Random(seed)
        self.acks, self.sent, self._number, self._longest = folder / "acks", list[Sent](), 0, 1.0
        words: dict[str, Any] = {}
        if server is not None:
            words = {"target": "postgres", "postgres": new_database(server, f"kills_{seed}")}
        self.inbox = folder / "inbox" / "internal"
        self.inbox.mkdir(parents=True)
        self.settings: Settings = make_settings(folder, **words, **self.words())
        zone = known_sources(self.settings)["internal"].time_zone
        repeated_hours(zone or "UTC")  # known to every child from now on

    def words(self) -> dict[str, Any]:
        """The deployment's settings."""
        door = FolderDoor(source="internal", path=self.inbox, settle_seconds=0)
        limits = {"max_quarantine_percent": self.most_refused}
        return {"doors": (door,), "limits": limits}

    def send(self) -> None:
        """One to three new files, some with a refused line."""
        for _ in range(self.random.randint(1, 3)):
            self.write(self.random.choice([1, 20, 3_000]), self.random.randint(0, 1))

    def act(self) -> None:
        """What is killed. Says what it has done, in `acks`, as it goes."""
        load(self.settings, self.acks)

    def look(self, is_over: bool) -> list[str]:
        """Every broken promise; `is_over`: after a whole act, when all of it must be there."""
        return wrongs(self.settings, self.sent, self.acks, is_over=is_over)

    def unguard(self) -> None:
        """Takes away, in a child, what the scene's promise rests on: a control."""
        without_transactions()

    def write(self, rows: int, refused: int) -> Sent:
        """A new file of own books in the inbox."""
        self._number += 1
        amounts = [Decimal(self.random.randint(1, 10**6)) / 100 for _ in range(rows)]
        lines = [self._line(number, f"{amount:.2f}") for number, amount in enumerate(amounts)]
        lines += [self._line(rows, "x")] * refused
        path = self.inbox / f"books_{self._number}.csv"
        path.write_text("\n".join([BOOK_HEADER, *lines]) + "\n", encoding="utf-8")
        identity = document_id(self.settings.tenant, "internal", sha256_of(path))
        self.sent.append(Sent(identity, rows, sum(amounts, Decimal(0)), refused))
        return self.sent[-1]

    def _line(self, number: int, amount: str) -> str:
        key = f"T{self._number}_{number}"
        return f"{key},stripe,{amount},EUR,settled,M1,2026-10-01 10:00:00,R{key},0.30"

    def warm(self) -> list[str]:
        """A whole act that is not hurt: how long it takes says when to hurt the others."""
        self.send()
        started = time.monotonic()
        found = self.finish()
        self._longest = (time.monotonic() - started) * 0.8
        return found

    def round(self, kind: str, is_guarded: bool = True) -> int:
        """New work, one act, one kill; the act's exit code, or minus the signal."""
        self.send()
        place = kind if kind in failpoints.NAMES else None
        spared = self.random.choice([0, 0, 1])  # the second file, page, decision that comes by

        def armed() -> None:
            failpoints.arm(place, spared)
            if not is_guarded:
                self.unguard()
            self.act()

        child = fork(armed)
        moment = self.random.uniform(0.0, self._longest)
        if kind in SERVER:
            time.sleep(moment)
            hurt(self.server, self.settings, kind)
            return wait(child)
        return wait(child, None if place else moment)

    def check(self, *, is_over: bool) -> list[str]:
        """The checker's answer, in a child, since this process must not open a connection."""
        answer = self.folder / "wrongs"

        def write() -> None:
            answer.write_text("\n".join(self.look(is_over)), encoding="utf-8")

        tries = 20  # a server that was killed recovers first
        while wait(fork(write)) != 0:
            tries -= 1
            if tries == 0:
                return ["the checker could not look"]
            time.sleep(1)
        return [line for line in answer.read_text(encoding="utf-8").split("\n") if line]

    def finish(self) -> list[str]:
        """A last whole act, then all of it must be there and nothing be left over."""
        code = wait(fork(self.act))
        failed = [] if code == 0 else [f"the last run ended with {code}"]
        return failed + self.check(is_over=True)

    def unhurt(self, work: Callable[[], None]) -> None:
        """Work in a child that nobody kills; a server that was just killed is waited for."""
        for _ in range(10):
            if wait(fork(work)) == 0:
                return
            time.sleep(1)
        raise RuntimeError("what comes before the kill does not succeed")

    def work(self) -> str:
        """How much there was, for people."""
        return f"{len(self.sent)} files, {sum(file.rows for file in self.sent)} rows"

    def stop(self) -> None:
        """Ends what the scene started."""


def hurt(server: Any, settings: Settings, kind: str) -> None:
    """Kills one server process as the kernel would, or restarts the server without a shutdown."""
    if kind == "immediate":
        control(server, "restart", "immediate")
        return
    with psycopg.connect(postgres_dsn(settings), autocommit=True) as connection:
        rows = connection.execute(
            "select pid from pg_stat_activity where datname = current_database()"
            " and pid != pg_backend_pid() and backend_type = 'client backend'"
        ).fetchall()
    for (pid,) in rows:
        os.kill(pid, signal.SIGKILL)


def control(server: Any, word: str, mode: str) -> None:
    """pg_ctl on the server, as the user it runs as; a restart forgets nothing of its options."""
    words = ["-w", "-m", mode, "-D", str(server.pgdata), "-l", str(server.log), word]
    subprocess.run(
        [str(server.bin_path / "pg_ctl"), *words],
        user=server.system_user,
        cwd="/",
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
