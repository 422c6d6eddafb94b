"""Scenes about what does not come as a file: events in the spool, pages of an interface."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from dbt_project.settings_polls import CursorPages, RestDoor
from dbt_project.settings_webhooks import Provider, Webhooks
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import ensure_schema
from ingestion.sources.polling import STAMP, PolledPages
from ingestion.webhooks import drain as drain_module
from ingestion.webhooks.events import Event
from ingestion.webhooks.spool import Spool, spool_of
from tests.kills.arena import ARCHIVE, COMMIT, LEAVE, READ, Arena
from tests.kills.checker import inside, left_over
from tests.kills.loader import fork, wait
from tests.python.ingestion.doors.web_server import Answer, Asked, serving
from tests.python.ingestion.make import BOOKS

ITEMS = "select transaction_id as id, amount from raw.internal_transactions"
Items = dict[str, list[Decimal]]


def items_of(arena: Arena) -> tuple[Items, list[str], str | None]:
    """The money of each id that is in raw, what is half there, and the cursor."""
    with open_warehouse(arena.settings) as warehouse:
        ensure_schema(warehouse)
        found: Items = {}
        for row in warehouse.rows(ITEMS):
            found.setdefault(row["id"], []).append(Decimal(row["amount"]))
        cursors = warehouse.rows("select cursor from ops.cursors")
        return found, inside(warehouse), cursors[0]["cursor"] if cursors else None


class Webhooked(Arena):
    """Events that were thanked for wait in the spool and are landed."""

    places = (*ARCHIVE, *READ, *COMMIT, "after_bind", "before_close", "after_close")
    weak = ("after_commit", "before_close")

    def words(self) -> dict[str, Any]:
        """A receiver for own books; few events a file, so that a run has several."""
        shop = Provider(
            name="shop", scheme="hmac", source="internal", id_field="transaction_id",
            secret_variables=("TIEOUT_SECRET_KILLS",),
        )  # fmt: skip
        self.events: dict[str, Decimal] = {}
        return {"webhooks": Webhooks(providers=(shop,), max_events_a_file=20)}

    def send(self) -> None:
        """New events in the spool: these are acknowledged."""
        spool = spool_of(self.settings)
        fresh = [self._event() for _ in range(self.random.randint(1, 30))]
        with spool.opened() as db:
            spool.put(db, fresh)

    def _event(self) -> Event:
        name = f"E{len(self.events)}"
        self.events[name] = Decimal(self.random.randint(1, 10**6)) / 100
        values = {**BOOKS, "transaction_id": name, "reference_number": f"R{name}"}
        values["amount"] = f"{self.events[name]:.2f}"
        return Event("shop", name, "sale", json.dumps(values).encode())

    def unguard(self) -> None:
        """A batch is not remembered: what was not closed is put into a new one with what is new."""
        real = drain_module._bind
        webhooks = self.settings.webhooks.model_copy(update={"max_events_a_file": 1_000})
        self.settings = self.settings.model_copy(update={"webhooks": webhooks})

        def forgetful(spool: Spool, *words: Any) -> None:
            with spool.opened() as db:
                db.execute("update events set batch = null where state = 'waiting'")
            real(spool, *words)

        drain_module._bind = forgetful  # type: ignore[assignment]

    def look(self, is_over: bool) -> list[str]:
        """Every event is in raw once, or its body is still in the spool; in the end all are."""
        there, found, _ = items_of(self)
        with spool_of(self.settings).opened() as db:
            asked = "select event_id from events where state = 'waiting' and body is not null"
            waiting = {row["event_id"] for row in db.execute(asked)}
        for name, amount in self.events.items():
            got = there.get(name, [])
            if got not in ([], [amount]):
                found.append(f"an event twice, or with other money: {name} {amount} is {got}")
            if not got and (is_over or name not in waiting):
                found.append(f"acknowledged and lost: {name}")
        if is_over and waiting:
            found.append(f"{len(waiting)} events wait though all is landed")
        files = self._documents() if is_over else 0
        return found + (left_over(self.settings, files) if is_over else [])

    def work(self) -> str:
        """How much there was, for people."""
        return f"{len(self.events)} events"

    def _documents(self) -> int:
        with open_warehouse(self.settings) as warehouse:
            return int(warehouse.rows("select count(*) as n from ops.documents")[0]["n"])


class Polled(Arena):
    """An interface whose pages are landed, with a cursor that says how far it was asked."""

    places = (*ARCHIVE, *READ, *COMMIT, *LEAVE, "after_pages")
    weak = ("after_commit", *LEAVE)
    start = datetime(2026, 10, 1, tzinfo=UTC)

    def words(self) -> dict[str, Any]:
        """A service in a process of its own, which reads its items from a file."""
        self._items, self._address = self.folder / "items", self.folder / "address"
        self._items.touch()
        self._moment = self.start
        self._service = fork(self._serve)
        while not self._address.exists():
            time.sleep(0.01)
        door = RestDoor(
            source="internal", url=self._address.read_text() + "/b?from={since}&to={until}",
            items="data", pages=CursorPages(next="next"), lands="items",
            start=self.start, overlap_hours=0, timeout_seconds=20, attempts=3,
        )  # fmt: skip
        return {"doors": (door,), "now": self._moment}

    def _serve(self) -> None:
        os.setpgrp()
        with serving(self._answer) as running:
            whole = self._address.with_suffix(".new")
            whole.write_text(running.address)
            whole.rename(self._address)
            threading.Event().wait()

    def _answer(self, asked: Asked) -> Answer:
        """Two items a page, of the interval that is asked for."""
        lines = [json.loads(line) for line in self._items.read_text().splitlines()]
        since, until = asked.words["from"], asked.words["to"]
        mine = [line for line in lines if since <= line["transaction_date"] < until]
        first = int(asked.words.get("cursor", 0))
        more = str(first + 2) if first + 2 < len(mine) else None
        return Answer(json.dumps({"next": more, "data": mine[first : first + 2]}).encode())

    def send(self) -> None:
        """An hour passes, in which there are some new items."""
        with self._items.open("a", encoding="utf-8") as file:
            for _ in range(self.random.randint(0, 7)):
                self._number += 1
                moment = self._moment + timedelta(seconds=self.random.randint(0, 3599))
                amount = f"{self.random.randint(1, 10**6) / 100:.2f}"
                named = {"transaction_id": f"P{self._number}", "amount": amount}
                date = {"transaction_date": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}
                file.write(json.dumps({**BOOKS, **named, **date}) + "\n")
        self._moment += timedelta(hours=1)
        self.settings = self.settings.model_copy(update={"now": self._moment})

    def finish(self) -> list[str]:
        """A page whose reader was killed three times is refused once, then asked for again."""
        wait(fork(self.act))
        return super().finish()

    def unguard(self) -> None:
        """The cursor moves with the first page of an interval, not with its last."""
        real = PolledPages.fetched

        def early(self: PolledPages, file: Any) -> Any:
            self.notes = {file.place: next(iter(self.notes.values()))}
            return real(self, file)

        PolledPages.fetched = early  # type: ignore[method-assign]

    def look(self, is_over: bool) -> list[str]:
        """What is before the cursor is there; an item that came twice says the same twice."""
        there, found, cursor = items_of(self)
        end = self._moment.strftime(STAMP)
        for line in self._items.read_text().splitlines():
            item = json.loads(line)
            name, got = item["transaction_id"], set(there.get(item["transaction_id"], []))
            moment = datetime.fromisoformat(item["transaction_date"]).strftime(STAMP)
            if got - {Decimal(item["amount"])}:
                found.append(f"other money: {item} is {got}")
            if not got and (is_over or (cursor or "") > moment):
                found.append(f"the cursor {cursor} is ahead of {name} of {moment}")
        if is_over and cursor != end:
            found.append(f"the cursor is {cursor} in the end and not {end}")
        left = [str(path) for path in (self.settings.archive / ".incoming").rglob("*")]
        return found + ([f"left over: {left}"] if is_over and left else [])

    def work(self) -> str:
        """How much there was, for people."""
        return f"{self._number} items"

    def stop(self) -> None:
        """Ends the service."""
        os.kill(self._service, signal.SIGKILL)
        wait(self._service)
