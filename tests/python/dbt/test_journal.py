"""Whatever happens to transactions, the journal keeps its laws; each law's guard, off, is missed.

Random lives of many tenants go step by step through the ledger's room, with months closed and
opened again; after every step the journal is held against a table of accounts of its own. Both
engines, the same lines. Run alone: pytest tests/python/dbt/test_journal.py
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from tests.python.dbt.ledger_room import JOURNAL, Guard, Room, room
from tests.python.dbt.random_books import Life, Line
from tests.python.dbt.worlds import insert
from tests.python.fingerprint import Fingerprint, fingerprint

TENANTS = [f"tenant_{number}" for number in range(12)]
STEPS = 14
FEW = 7  # enough for each guard to be missed
ENTRIES = "marts.ledger_entries"
LINES = f"intermediate.{JOURNAL}"
SEEN: dict[str, Fingerprint] = {}  # the journal's fingerprint by engine


class Books:
    """The lives of all tenants, and what was closed."""

    def __init__(self, built: Room, warehouse: Warehouse, seed: int) -> None:
        self.room, self.warehouse, self.luck = built, warehouse, Random(seed)
        self.lives = [Life(tenant, Random(f"{seed} {tenant}")) for tenant in TENANTS]
        self.moment = datetime(2026, 9, 2, 4, 0)
        self.closed: dict[tuple[str, date], list[dict[str, Any]]] = {}
        for table in (LINES, "ops.closed_periods", "marts.transactions"):
            warehouse.execute(f"delete from {table}")

    def rows(self, query: str) -> list[dict[str, Any]]:
        """What the warehouse answers."""
        return self.warehouse.rows(query)

    def step(self) -> None:
        """Something happens to everybody; a build; the laws."""
        before = self.rows(f"select * from {LINES} order by ledger_line_id")
        for life in self.lives:
            life.step()
        self.moment = datetime.combine(max(life.today for life in self.lives), self.moment.time())
        self.moment += timedelta(days=2)
        self.plant()
        self.room.build(self.warehouse, self.moment)
        self.check(before)
        self.close_or_open()

    def plant(self) -> None:
        """The transactions as they are now."""
        self.warehouse.execute("delete from marts.transactions")
        rows = [row for life in self.lives for row in life.rows.values()]
        insert(self.warehouse, "marts.transactions", rows)

    def check(self, before: list[dict[str, Any]]) -> None:
        """Every law, after a build."""
        after = {row["ledger_line_id"]: row for row in self.rows(f"select * from {LINES}")}
        assert [after.get(row["ledger_line_id"]) for row in before] == before, "append only"
        one_sided = f"""select entry_id from {ENTRIES} group by entry_id, currency
            having sum(debit_minor) != sum(credit_minor) or sum(amount_minor) != 0"""
        assert self.rows(one_sided) == [], "entries balance"
        assert self.net() == self.wanted(), "posted once"
        standing = {
            row["transaction_id"]: row["times"]
            for row in self.rows(f"""select transaction_id,
                count(distinct case when entry_kind != 'reversal' then entry_id end)
                - count(distinct case when entry_kind = 'reversal' then entry_id end) as times
                from {ENTRIES} group by transaction_id""")
        }
        posted = {row["transaction_id"] for life in self.lives for row in life.posted()}
        assert {name for name, times in standing.items() if times} == posted, "one entry stands"
        assert set(standing.values()) <= {0, 1}, "one entry stands"
        for life in self.lives:
            assert self.clearing(life.tenant) == life.open_items(), "clearing"
        for (tenant, month), lines in self.closed.items():
            assert self.booked(tenant, month) == lines, "closed months stay"

    def wanted(self) -> dict[Line, int]:
        """What all lives owe."""
        return {line: amount for life in self.lives for line, amount in life.wanted().items()}

    def net(self) -> dict[Line, int]:
        """The journal's lines, netted."""
        lines = self.rows(
            f"select transaction_id, account_code, currency, posted_on, sum(amount_minor) as net"
            f" from {ENTRIES} group by transaction_id, account_code, currency, posted_on"
            f" having sum(amount_minor) != 0"
        )
        names = ("transaction_id", "account_code", "currency", "posted_on")
        return {tuple(line[name] for name in names): int(line["net"]) for line in lines}

    def clearing(self, tenant: str) -> dict[str, int]:
        """The balance of account 1100, by currency."""
        lines = self.rows(
            f"select currency, sum(amount_minor) as net from {ENTRIES} where account_code = '1100'"
            f" and tenant_id = '{tenant}' group by currency having sum(amount_minor) != 0"
        )
        return {line["currency"]: int(line["net"]) for line in lines}

    def booked(self, tenant: str, month: date) -> list[dict[str, Any]]:
        """The lines of a month and all before it."""
        return self.rows(
            f"select * from {LINES} where tenant_id = '{tenant}' and posting_period <= '{month}'"
            " order by ledger_line_id"
        )

    def close_or_open(self) -> None:
        """Of a few tenants a month is closed, now and then one is opened again."""
        for life in self.luck.sample(self.lives, 4):
            month = (life.today.replace(day=1) - timedelta(days=1)).replace(day=1)
            key, period = (life.tenant, month), f"{month:%Y-%m}"
            if key not in self.closed:
                row = {"close_id": f"cls_{life.tenant}_{self.moment}", "tenant_id": life.tenant,
                       "period": period, "closed_by": "Ada", "is_forced": False,
                       "closed_at": self.moment, "built_as_of": self.moment}  # fmt: skip
                insert(self.warehouse, "ops.closed_periods", [row])
                self.closed[key] = self.booked(life.tenant, month)
            elif self.luck.random() < 0.3:
                self.warehouse.execute(
                    f"update ops.closed_periods set reopened_at = '{self.moment}'"
                    f" where tenant_id = '{life.tenant}' and period = '{period}'"
                )
                del self.closed[key]


@pytest.fixture
def built(engine_settings: Settings) -> Room:
    """The room, twice built over nothing."""
    return room(engine_settings, TENANTS)


def live(
    built: Room, seed: int, guard: Guard = lambda _, sql: sql, steps: int = STEPS
) -> Counter[str]:
    """All steps with the laws after each; how many lines of each kind came, and how many late."""
    built.guard = guard
    with open_warehouse(built.settings) as warehouse:
        books = Books(built, warehouse, seed)
        for _ in range(steps):
            books.step()
        count = f"select count(*) as n from {LINES}"
        [lines] = books.rows(count)
        for moment in (books.moment, books.moment + timedelta(days=1)):
            built.build(warehouse, moment)
            assert books.rows(count) == [lines], "a build in which nothing changed"
        built.build(warehouse, books.moment - timedelta(days=9))
        assert books.rows(count) == [lines], "a look back writes nothing"
        assert books.net() == books.wanted(), "looked back"
        kinds = books.rows(
            f"select entry_kind, posting_period > posted_on as late, count(*) as n from {LINES}"
            " group by entry_kind, posting_period > posted_on"
        )
        if guard("", "") == "" and built.settings.target not in SEEN:
            SEEN[built.settings.target] = fingerprint(warehouse, LINES)
        return Counter({f"{row['entry_kind']} {row['late']}": row["n"] for row in kinds})


def test_any_sequence_of_events_keeps_the_journals_laws(built: Room) -> None:
    """Entries balance, one stands for each event, clearing is open items, closed months stay."""
    kinds = live(built, 1)
    wanted = {f"{kind} {late}" for kind in ("original", "reversal", "correction")
              for late in (True, False)}  # fmt: skip
    assert {kind for kind, count in kinds.items() if count > 20} == wanted, kinds
    assert_guards_are_needed(built)


def test_both_engines_write_the_same_lines(request: pytest.FixtureRequest) -> None:
    """Where both had their turn."""
    if not request.config.getoption("thorough"):
        pytest.skip("PostgreSQL's turn of this proof: ./run proofs")
    assert set(SEEN) == {"duckdb", "postgres"}
    assert SEEN["duckdb"] == SEEN["postgres"]


def assert_guards_are_needed(built: Room) -> None:
    """The controls: without each guard of the journal's SQL the law it is for is broken."""
    for law, found, instead in (
        ("closed months stay", "not_before <= binding", "not_before = binding"),
        ("posted once", "where journal.entry_kind != 'reversal'", "where 1 = 0"),
        ("posted once", "-journal.amount_minor as amount_minor", "journal.amount_minor"),
        ("a build in which nothing changed", "having sum(amount_minor) != 0", ""),
        ("a look back writes nothing", "max(moment) <=", "true or max(moment) <="),
    ):  # fmt: skip

        def off(name: str, sql: str, found: str = found, instead: str = instead) -> str:
            if name != JOURNAL:
                return sql or " "
            assert found in sql, found
            return sql.replace(found, instead)

        with pytest.raises(AssertionError, match=law):
            live(built, 1, off, FEW)
