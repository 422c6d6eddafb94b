"""How many calls were refused and why: one write for all that came while the last was written.

A write waits for the disk. If each refused call had one of its own, callers without any proof could
keep the disk busy, and events that are proved would wait behind them.
"""

from __future__ import annotations

import asyncio
from collections import Counter

from starlette.concurrency import run_in_threadpool

from ingestion.webhooks.spool import Spool


class Tally:
    """The counters of one receiver."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._counts: Counter[tuple[str, str]] = Counter()
        self._lock = asyncio.Lock()

    async def add(self, provider: str, what: str) -> None:
        """Adds one, and returns when it is written. Raises sqlite3.Error."""
        self._counts[provider, what] += 1
        async with self._lock:
            if not self._counts:
                return  # it was written with another's
            counts, self._counts = self._counts, Counter()
            try:
                await run_in_threadpool(self._spool.count, counts)
            except Exception:
                self._counts.update(counts)  # they are written with the next one's
                raise
