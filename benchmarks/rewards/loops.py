"""First in, first out by pandas, customer by customer, over the same typed rows.

    python -m benchmarks.rewards.loops frames|columns DUCKDB-FILE

`frames` is the loop as people describe it: a function that takes one customer's frame, sorted by
time, and gives back a frame of allocations; all of them are concatenated. `columns` is the same
with everything taken out that can be: no frame a customer, bare columns, lists. Prints JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import deque
from typing import Any

import duckdb
import pandas as pd

NAMES = ["earned_trans_id", "redeemed_trans_id", "units"]
ORDER = ["created_at", "is_redemption", "trans_id"]


def by_frames(rows: pd.DataFrame) -> pd.DataFrame:
    """A function a customer."""
    customers = rows.sort_values(ORDER).groupby("customer_id", sort=False)
    return pd.concat([_matched(customer) for _, customer in customers], ignore_index=True)


def _matched(customer: pd.DataFrame) -> pd.DataFrame:
    events = (
        (row.trans_id, row.is_lot, row.amount_minor) for row in customer.itertuples(index=False)
    )
    return pd.DataFrame(_played(events), columns=NAMES)


def by_columns(rows: pd.DataFrame) -> pd.DataFrame:
    """One list for all customers, from bare columns."""
    found: list[tuple[str, str, int]] = []
    for _, customer in rows.sort_values(ORDER).groupby("customer_id", sort=False):
        found += _played(
            zip(customer["trans_id"], customer["is_lot"], customer["amount_minor"], strict=True)
        )
    return pd.DataFrame(found, columns=NAMES)


def _played(events: Any) -> list[tuple[str, str, int]]:
    lots: deque[list[Any]] = deque()
    found = []
    for trans_id, is_lot, amount in events:
        if is_lot:
            lots.append([trans_id, amount])
            continue
        needed = -amount
        while needed and lots:
            lot = lots[0]
            used = min(lot[1], needed)
            needed -= used
            lot[1] -= used
            found.append((lot[0], trans_id, used))
            if not lot[1]:
                lots.popleft()
    return found


LOOPS = {"frames": by_frames, "columns": by_columns}


def main(name: str, file: str) -> dict[str, float]:
    """Reads the typed rows, loops, keeps the allocations; seconds and CPU seconds of all three."""
    with duckdb.connect(file) as connection:
        started, used = time.perf_counter(), _cpu()
        rows = connection.execute(
            "select trans_id, customer_id, is_lot, not is_lot as is_redemption, amount_minor,"
            " created_at from bench.typed"
        ).df()
        found = LOOPS[name](rows)
        connection.execute(f"create or replace table bench.loop_{name} as select * from found")
        return {
            "seconds": time.perf_counter() - started,
            "cpu": _cpu() - used,
            "allocations": len(found),
        }


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))  # noqa: T201
