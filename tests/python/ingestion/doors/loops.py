"""An asyncio server on a thread of its own, for tests that are not asynchronous."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any


class Loop:
    """A running event loop; `call` waits for a coroutine in it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop

    def call(self, waited_for: Awaitable[Any]) -> Any:
        """Its result."""

        async def result() -> Any:
            return await waited_for

        return asyncio.run_coroutine_threadsafe(result(), self.loop).result(10)


@contextmanager
def running_loop() -> Iterator[Loop]:
    """A loop until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield Loop(loop)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
