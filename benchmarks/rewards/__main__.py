"""How long the rewards room takes for N rows, beside pandas, a bare query, and read-and-sort.

    python -m benchmarks.rewards --rows 1000000 --folder /tmp/bench

Exit 1 when the answers differ, a day's build is not what a whole one gives, a plan tries all with
all, or (with --bars) a ratio is missed. `--loops` names the pandas loops to run beside it: frames,
columns; `--stages` the parts to run, where all of them would want more place or time than there is;
`--engine postgres` builds the room there, and a day, and says seconds.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.matching.process import NO_DEPLOYMENT
from benchmarks.rewards import postgres
from benchmarks.rewards.run import BESIDE, ROOM, Wish, measured
from benchmarks.rewards.tell import tell


def main() -> int:
    """0 when everything holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("duckdb", "postgres"), default="duckdb")
    parser.add_argument("--folder", type=Path, help="keep the warehouse here")
    parser.add_argument("--memory", default="", help="DuckDB's memory_limit, such as 7GB")
    parser.add_argument("--models-at-once", default="", help="1 to save memory")
    parser.add_argument("--loops", nargs="*", choices=("frames", "columns"), default=())
    parser.add_argument("--stages", nargs="*", choices=(*ROOM, *BESIDE), default=(*ROOM, *BESIDE))
    parser.add_argument("--bars", action="store_true", help="exit 1 when a ratio is missed")
    given = parser.parse_args()
    for name in [name for name in os.environ if name.startswith("TIEOUT_")]:
        del os.environ[name]  # nobody's deployment reaches the benchmark
    os.environ["TIEOUT_CONFIG"] = str(NO_DEPLOYMENT)
    with tempfile.TemporaryDirectory(prefix="tieout-bench-") as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        wish = Wish(given.rows, given.seed, folder, given.memory, tuple(given.loops))
        wish = replace(wish, stages=tuple(given.stages), models_at_once=given.models_at_once)
        if given.engine == "postgres":
            return 0 if postgres.run(wish) else 1
        return 0 if tell(measured(wish), with_bars=given.bars) else 1


if __name__ == "__main__":
    raise SystemExit(main())
