"""A thousand small files: seconds, memory and open handles, and whether all of it is there.

    python -m benchmarks.small_files [FILES]

Promise: a thousand files of own books land in two minutes on an idle machine of two cores (85 s
when last measured, each file a transaction of its own), and neither memory nor handles grow with
their number. Exit code 1 when that does not hold.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from dbt_project.settings import Settings
from dbt_project.settings_doors import FolderDoor
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import ensure_schema, fetch_doors

HEADER = (
    "transaction_id,processor_name,amount,currency,status,merchant_id,transaction_date,"
    "reference_number,fee"
)
ROWS, FIRST = 5, 20  # the first files fill caches; what grows after them grows with their number
LONGEST, MOST_MEGABYTES, MOST_HANDLES = 120, 150, 2


@dataclass
class Found:
    """What landing many files came to."""

    landed: int
    rows: int
    sent_rows: int
    amount: Decimal
    sent_amount: Decimal
    left_over: int
    seconds: float
    more_megabytes: float
    more_handles: int


def measured(settings: Settings, files: int) -> Found:
    """Lands that many files from a folder."""
    inbox = settings.inbox / "internal"
    sent = sum(_written(inbox, files), Decimal(0))
    door = FolderDoor(source="internal", path=inbox, settle_seconds=0)
    settings = settings.model_copy(update={"doors": (door,)})
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        started, states, before = time.monotonic(), list[str](), (0.0, 0)
        for result in fetch_doors(settings, warehouse):
            states.append(result.state)
            if len(states) == min(FIRST, files):
                before = (_megabytes(), _handles())
        seconds = time.monotonic() - started
        after = (_megabytes(), _handles())
        (there,) = warehouse.rows(
            "select count(*) as n, sum(cast(amount as decimal(18, 2))) as amount"
            " from raw.internal_transactions"
        )
    left = sum(1 for path in inbox.rglob("*.csv") if ".done" not in path.parts)
    left += len(list((settings.archive / ".incoming").iterdir()))
    counts = (states.count("landed"), int(there["n"]), files * ROWS, there["amount"], sent, left)
    return Found(*counts, seconds, after[0] - before[0], after[1] - before[1])


def _written(inbox: Path, files: int) -> Iterator[Decimal]:
    inbox.mkdir(parents=True)
    for file in range(files):
        lines = []
        for row in range(ROWS):
            key, amount = f"T{file}_{row}", Decimal(file * 100 + row) / 100 + 1
            yield amount
            line = f"{key},stripe,{amount:.2f},EUR,settled,M1,2026-10-01 10:00:00,R{key},0.30"
            lines.append(line)
        (inbox / f"books_{file}.csv").write_text("\n".join([HEADER, *lines]) + "\n")


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _handles() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def main(words: list[str]) -> int:
    """Runs by hand; see the top of the file."""
    files = int(words[0]) if words else 1_000
    with tempfile.TemporaryDirectory(prefix="tieout-files-") as folder:
        place = Path(folder)
        settings = Settings(
            warehouse=place / "tieout.duckdb",
            state=place / "state",
            archive=place / "archive",
            inbox=place / "inbox",
        )
        found = measured(settings, files)
    print(found)  # noqa: T201
    is_whole = (found.landed, found.rows, found.amount, found.left_over) == (
        files,
        found.sent_rows,
        found.sent_amount,
        0,
    )
    is_bounded = found.more_megabytes < MOST_MEGABYTES and found.more_handles <= MOST_HANDLES
    return 0 if is_whole and is_bounded and found.seconds < LONGEST * files / 1_000 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
