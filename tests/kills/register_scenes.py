"""Scenes about documents that are in the register: a person decides, a newer parser reads again.

Each calls what the command calls, with its lock. Looked at from outside: register, rows, decisions
or parses, and the facts beside the archived bytes, after each kill.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse, WarehouseBusyError, open_warehouse
from ingestion.landing.archive import Archived, facts_of
from ingestion.landing.documents import BY_HAND
from ingestion.landing.land import ensure_schema
from orchestration import pipeline, repair
from tests.kills.arena import COMMIT, READ, Arena
from tests.kills.checker import Sent, left_over, said
from tests.kills.loader import load

DOCUMENTS = """
select d.*, coalesce(r.n, 0) as rows_there, coalesce(r.amount, 0) as amount_there,
    coalesce(p.n, 0) as parts, coalesce(q.n, 0) as refused_there, coalesce(x.n, 0) as decisions,
    x.decision, coalesce(o.n, 0) as parses
from ops.documents as d
left join (select _document_id, count(*) as n, sum(cast(amount as decimal(18, 2))) as amount
    from raw.internal_transactions group by 1) as r on d.document_id = r._document_id
left join (select document_id, sum(landed_rows) as n from ops.document_rows group by 1) as p
    on d.document_id = p.document_id
left join (select document_id, count(*) as n from ops.quarantine group by 1) as q
    on d.document_id = q.document_id
left join (select document_id, count(*) as n, max(decision) as decision
    from ops.document_decisions group by 1) as x on d.document_id = x.document_id
left join (select document_id, count(*) as n from ops.document_parses group by 1) as o
    on d.document_id = o.document_id
"""
OLD, OLD_AMOUNT = "an older one", Decimal("0.01")


@dataclass(frozen=True)
class Seen:
    """What is there of a document, in the register's words and beside its bytes."""

    row: dict[str, Any]
    decision: str | None
    is_timely: bool  # the bytes' facts and the register agree on when it landed

    @property
    def state(self) -> tuple[Any, ...]:
        """State, rows and money in raw, rows by the register's parts, refused lines."""
        names = ("state", "rows_there", "amount_there", "parts", "refused_there")
        return tuple(self.row[name] for name in names)


def seen(settings: Settings) -> dict[str, Seen]:
    """Every document of the register."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        rows = warehouse.rows(DOCUMENTS)
    found = {}
    for row in rows:
        place = Archived(row["sha256"], row["archived_as"], row["byte_count"])
        facts = facts_of(settings, place)
        is_timely = row["state"] != "landed" or facts.landed_at == row["landed_at"]
        found[row["document_id"]] = Seen(row, facts.decision, is_timely)
    return found


def patiently(work: Callable[[], object]) -> None:
    """Waits for the lock of a killed process: a server needs a moment to see that it is gone."""
    for _ in range(100):
        try:
            work()
        except WarehouseBusyError:
            time.sleep(0.1)
        else:
            return
    raise WarehouseBusyError("the lock of a killed process is never free")


class Decisions(Arena):
    """Held files that a person releases or refuses."""

    places = (*READ, *COMMIT, "after_snapshot", "after_decision")
    most_refused = 0

    def send(self) -> None:
        """One to three new files that are held for a refused line."""
        for _ in range(self.random.randint(1, 3)):
            self.write(self.random.choice([1, 20, 3_000]), 1)
        self.unhurt(lambda: load(self.settings, self.folder / "held"))

    def act(self) -> None:
        """Decides about everything that is held."""
        held = [name for name, document in seen(self.settings).items() if _is_held(document)]
        with self.acks.open("a", encoding="utf-8") as acks:
            for name in held:
                patiently(lambda name=name: self._decide(name))  # type: ignore[misc]
                acks.write(f"{name}\n")
                acks.flush()

    def _decide(self, name: str) -> None:
        if is_refused(name):
            repair.reject(self.settings, name, "Ada", "not ours")
        else:
            pipeline.release_held(self.settings, name, "Ada", "the sender confirmed")

    def look(self, is_over: bool) -> list[str]:
        """Each document is held, or decided in every place; one that was acknowledged is."""
        documents, acknowledged, found = seen(self.settings), said(self.acks), list[str]()
        for file in self.sent:
            document = documents.get(file.document_id)
            name = file.document_id
            if document is None or not self._is_whole(file, document):
                found.append(f"half a decision: {file} is {document}")
            elif _is_held(document) and (is_over or name in acknowledged):
                found.append(f"a decision is lost: {file}")
        return found + (left_over(self.settings, len(self.sent)) if is_over else [])

    def _is_whole(self, file: Sent, document: Seen) -> bool:
        row = document.row
        if _is_held(document):  # beside the bytes a decision may stand that was not committed
            return document.state == ("held", 0, 0, 0, 1) and row["decisions"] == 0
        word = "rejected" if is_refused(file.document_id) else "released"
        if (row["decisions"], row["decision"], document.decision) != (1, word, word):
            return False
        if word == "rejected":
            return document.state == ("rejected", 0, 0, 0, 1) and row["code"] == BY_HAND
        landed = ("landed", file.rows, file.amount, file.rows, 1)
        return (document.state, row["door"], document.is_timely) == (landed, "released", True)


def _is_held(document: Seen) -> bool:
    return bool(document.row["state"] == "held")


def is_refused(name: str) -> bool:
    """Every fourth file is refused by hand."""
    return name[-1] in "048c"


class Reprocessing(Arena):
    """Documents that an older parser read wrongly, or could not read, are read again."""

    places = (*READ, *COMMIT, "after_snapshot", "after_removal")

    def send(self) -> None:
        """One to three new files, landed as an older parser would have."""
        before = len(self.sent)
        super().send()
        fresh = [file.document_id for file in self.sent[before:]]

        def age() -> None:
            load(self.settings, self.folder / "landed")
            with open_warehouse(self.settings) as warehouse, warehouse.transaction():
                for name in fresh:
                    _age(warehouse, name)

        self.unhurt(age)

    def act(self) -> None:
        """What `tieout reprocess` does."""
        patiently(self._reprocess)

    def _reprocess(self) -> None:
        with self.acks.open("a", encoding="utf-8") as acks:
            for found in repair.reprocess(self.settings, None, [], "Ada", is_trial=False):
                acks.write(f"{found.document_id}\n")
                acks.flush()

    def look(self, is_over: bool) -> list[str]:
        """Each document is all as the older parser left it, or all as the new one reads it."""
        documents, acknowledged, found = seen(self.settings), said(self.acks), list[str]()
        for file in self.sent:
            document = documents.get(file.document_id)
            if document is None or not (_is_old(file, document) or _is_new(file, document)):
                found.append(f"half read again: {file} is {document}")
            elif _is_old(file, document) and (is_over or file.document_id in acknowledged):
                found.append(f"a new parse is lost: {file}")
        return found + (left_over(self.settings, len(self.sent)) if is_over else [])


def could_not_read(name: str) -> bool:
    """Every fourth file was refused by the older parser."""
    return name[-1] in "048c"


def _age(warehouse: Warehouse, name: str) -> None:
    if could_not_read(name):
        warehouse.execute("delete from raw.internal_transactions where _document_id = $1", [name])
        warehouse.execute("delete from ops.document_rows where document_id = $1", [name])
        changes = ", state = 'rejected', landed_rows = 0, landed_at = null"
    else:
        words = "update raw.internal_transactions set amount = $2 where _document_id = $1"
        warehouse.execute(words, [name, str(OLD_AMOUNT)])
        changes = ""
    warehouse.execute(
        f"update ops.documents set parser_version = $2{changes} where document_id = $1", [name, OLD]
    )


def _is_old(file: Sent, document: Seen) -> bool:
    row, rows = document.row, file.rows
    state: tuple[Any, ...] = ("landed", rows, rows * OLD_AMOUNT, rows, file.refused)
    if could_not_read(file.document_id):
        state = ("rejected", 0, 0, 0, file.refused)
    return (document.state, row["parses"], row["parser_version"]) == (state, 0, OLD)


def _is_new(file: Sent, document: Seen) -> bool:
    row, parses = document.row, 0 if could_not_read(file.document_id) else 1
    state = ("landed", file.rows, file.amount, file.rows, file.refused)
    is_ours = (document.state, row["parses"]) == (state, parses) and document.is_timely
    return is_ours and row["parser_version"] != OLD
