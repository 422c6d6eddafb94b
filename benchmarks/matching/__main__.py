"""How long Tieout takes from two house files of N rows to tested marts, beside the floor.

    python -m benchmarks.matching --rows 1000000 --folder /tmp/bench

Exit 1 when the answers differ, a plan tries all with all, or (with --bars) a ratio is missed.
`--floor-only` and `--no-floor` run one side; `--pass-3` times pass 3 alone on that many open rows a
side; `--engine postgres` runs Tieout there and compares it with DuckDB's run of the same files.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks.matching import alone, postgres
from benchmarks.matching.run import Wish, measured
from benchmarks.matching.tell import tell


def main() -> int:
    """0 when everything holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="events; rows a side")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("duckdb", "postgres"), default="duckdb")
    parser.add_argument("--folder", type=Path, help="keep files and warehouses here")
    parser.add_argument("--memory", default="", help="DuckDB's memory_limit, such as 7GB")
    parser.add_argument("--models-at-once", default="", help="of Tieout's build; 1 to save memory")
    parser.add_argument("--floor-only", action="store_true")
    parser.add_argument("--no-floor", action="store_true")
    parser.add_argument("--pass-3", action="store_true")
    parser.add_argument("--bars", action="store_true", help="exit 1 when a ratio is missed")
    given = parser.parse_args()
    os.environ["TIEOUT_CONFIG"] = str(Path(__file__).parent / "no-deployment.yml")
    with tempfile.TemporaryDirectory(prefix="tieout-bench-") as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if given.pass_3:
            return 0 if alone.run(folder, given.rows, given.seed) else 1
        wish = Wish(
            *(given.rows, given.seed, folder, given.memory),
            *(not given.floor_only, not given.no_floor, given.models_at_once),
        )
        if given.engine == "postgres":
            return 0 if postgres.run(wish) else 1
        found = measured(wish)
        return 0 if tell(found, folder, with_bars=given.bars) else 1


if __name__ == "__main__":
    raise SystemExit(main())
