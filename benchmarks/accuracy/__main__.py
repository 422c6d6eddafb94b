"""How right the matching is, against a truth and beside naive ways.

    python -m benchmarks.accuracy --rows 10000 --seed 101

Exit 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.accuracy.build import build
from benchmarks.accuracy.generator import make_world
from benchmarks.accuracy.naive import naive_ways
from benchmarks.accuracy.report import bars, tell
from benchmarks.accuracy.score import score


def main() -> int:
    """One world or several, each built and told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000, help="rows of all parties together")
    parser.add_argument("--seed", type=int, nargs="+", default=[101], help="one or several")
    parser.add_argument("--folder", type=Path, help="keep files and warehouse here")
    parser.add_argument("--splink", type=Path, help="folder that splink was installed to")
    parser.add_argument("--alone", action="store_true", help="without the naive ways")
    given = parser.parse_args()
    is_good = True
    for seed in given.seed:
        world = make_world(given.rows, seed)
        with tempfile.TemporaryDirectory(prefix="tieout-accuracy-") as scratch:
            folder = (given.folder or Path(scratch)) / f"{seed}"
            folder.mkdir(parents=True, exist_ok=False)
            built = build(world, folder)
        scores = score(world, built.matches)
        naive = {} if given.alone else naive_ways(world, given.splink)
        tell(seed, world, built, scores, naive)
        is_good = all(bar.is_met for bar in bars(scores)) and is_good
    return 0 if is_good else 1


if __name__ == "__main__":
    raise SystemExit(main())
