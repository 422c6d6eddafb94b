"""The one writer of the receiver: a bounded queue, and one commit for all that wait in it.

In: proved events. Out: a future that is done once the event is on the disk. A full queue is
refused at once; so nothing waits that cannot be thanked for in time, and memory stays bounded.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from ingestion.webhooks.events import Event
from ingestion.webhooks.spool import Spool

AT_ONCE = 200
PATIENCE = 60.0  # seconds that nobody is kept waiting longer


class FullError(Exception):
    """More events wait than the settings allow; the provider sends again later."""


@dataclass
class _Waiting:
    event: Event
    done: asyncio.Future[bool]
    loop: asyncio.AbstractEventLoop


class Writer:
    """A thread that stores what the queue holds: it waits for the disk, the receiver does not."""

    def __init__(self, spool: Spool, max_waiting: int) -> None:
        self._spool = spool
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(max_waiting)
        self._is_ending = False
        self._thread = threading.Thread(target=self._work, name="webhook-writer", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stores what waits, then ends."""
        self._queue.put(None)
        self._thread.join(timeout=30)

    async def store(self, event: Event) -> bool:
        """True when the event is new, False when it was there.

        Raises FullError, sqlite3.Error, OSError: then it may be stored or not, and is sent again.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(event, loop.create_future(), loop)
        try:
            self._queue.put_nowait(waiting)
        except queue.Full as error:
            raise FullError from error
        return await asyncio.wait_for(waiting.done, PATIENCE)  # TimeoutError is an OSError

    def _work(self) -> None:
        db: sqlite3.Connection | None = None
        with ExitStack() as open_one:
            while (taken := self._next()) is not None:
                try:
                    db = db or open_one.enter_context(self._spool.opened())
                    added = self._spool.put(db, [waiting.event for waiting in taken])
                except Exception as error:  # noqa: BLE001 (told to each caller; the thread goes on)
                    for waiting in taken:
                        _tell(waiting, error)
                    with suppress(sqlite3.Error):
                        open_one.close()  # the next events find a spool that is opened anew
                    db = None
                    continue
                for waiting, is_new in zip(taken, added, strict=True):
                    _tell(waiting, is_new)

    def _next(self) -> list[_Waiting] | None:
        """All that waits, at least one; None at the end."""
        first = None if self._is_ending else self._queue.get()
        if first is None:
            return None
        taken = [first]
        while len(taken) < AT_ONCE and not self._queue.empty():
            another = self._queue.get()
            if another is None:
                self._is_ending = True
                break
            taken.append(another)
        return taken


def _tell(waiting: _Waiting, answer: bool | Exception) -> None:
    def settle() -> None:
        if waiting.done.done():
            return  # the caller has gone
        if isinstance(answer, Exception):
            waiting.done.set_exception(answer)
        else:
            waiting.done.set_result(answer)

    waiting.loop.call_soon_threadsafe(settle)
