"""Small worlds for matching: what books, processor and bank wrote, one tenant a world.

In: a world's rows, rules and scopes. Out: rows in raw and ops, as landing would have left them
(`land`), and rows added to the loaded seeds (`add_seed_rows`); many worlds go into one build.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from ingestion.landing.schema import ensure_schema

RECEIVED = datetime(2026, 10, 31, 23, 0)
Row = dict[str, Any]


@dataclass
class World:
    """One tenant's rows, by raw table, and what people decided."""

    tenant: str
    books: list[Row] = field(default_factory=list)
    activity: list[Row] = field(default_factory=list)
    payouts: list[Row] = field(default_factory=list)
    bank: list[Row] = field(default_factory=list)
    house: dict[str, list[Row]] = field(default_factory=dict)
    own_rules: list[tuple[str, Row]] = field(default_factory=list)
    own_scopes: list[tuple[Row, Row]] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    expected: dict[str, str] = field(default_factory=dict)

    def book(self, native_id: str, amount: str = "10.00", **columns: Any) -> World:
        """Adds a row of the books: settled, in euro, of 1 October, a charge."""
        row = {
            "transaction_id": native_id,
            "processor_name": "Stripe",
            "amount": amount,
            "currency": "EUR",
            "status": "settled",
            "merchant_id": "m",
            "transaction_date": "2026-10-01 09:00:00",
            "fee": "0",
            "event_type": "charge",
        }
        self.books.append({**row, **columns})
        return self

    def change(self, native_id: str, gross: str = "10.00", **columns: Any) -> World:
        """Adds a balance change of the processor, a charge of 1 October."""
        row = {
            "balance_transaction_id": native_id,
            "created_utc": "2026-10-01 10:00:00",
            "currency": "eur",
            "gross": gross,
            "fee": "0",
            "net": gross,
            "reporting_category": "charge",
        }
        self.activity.append({**row, **columns})
        return self

    def told(self, native_id: str, amount: str = "10.00", **columns: Any) -> World:
        """Adds a row of a processor in the house format, which says more than Stripe's report."""
        row = {
            "transaction_id": native_id,
            "processor_name": "Stripe",
            "amount": amount,
            "currency": "EUR",
            "status": "settled",
            "merchant_id": "m",
            "transaction_date": "2026-10-01 10:00:00",
            "fee": "0",
            "event_type": "charge",
        }
        source = str(columns.pop("source", "generic"))
        self.house.setdefault(source, []).append({**row, **columns})
        return self

    def payout(self, native_id: str, gross: str, payout_id: str, **columns: Any) -> World:
        """Adds a row of the payouts report."""
        row = {
            "payout_id": payout_id,
            "effective_at_utc": "2026-10-01 00:00:00",
            "balance_transaction_id": native_id,
            "currency": "eur",
            "gross": gross,
            "fee": "0",
            "net": gross,
            "reporting_category": "payout",
            "payout_status": "paid",
        }
        self.payouts.append({**row, **columns})
        return self

    def line(self, amount: str, remittance: str, **columns: Any) -> World:
        """Adds a bank line; its native id is s/1, s/2, …"""
        row = {
            "statement_id": "s",
            "account": "NL1",
            "entry_index": str(len(self.bank) + 1),
            "amount": amount.lstrip("-"),
            "currency": "EUR",
            "credit_debit": "DBIT" if amount.startswith("-") else "CRDT",
            "status": "BOOK",
            "booking_date": "2026-10-03",
            "remittance": remittance,
            "servicer_reference": f"s/{len(self.bank) + 1}",
        }
        self.bank.append({**row, **columns})
        return self

    def rule(self, like: str, **changes: Any) -> World:
        """Gives the tenant a rule of its own: like one of the seed, but for the changes."""
        self.own_rules.append((like, changes))
        return self

    def scope(self, like: Row, **changes: Any) -> World:
        """Gives the tenant a filter of its own: like the first of the seed with these words."""
        self.own_scopes.append((like, changes))
        return self

    def decide(self, action: str, left: str, right: str, minute: int = 0, **words: str) -> World:
        """Adds a person's decision on a pair, of the books and Stripe if not said otherwise."""
        self.decisions.append(
            {
                "decision_id": f"{self.tenant}-{len(self.decisions)}",
                "action": action,
                "reconciliation": "books_processor",
                "left_source": "internal",
                "left_native_id": left,
                "right_source": "stripe",
                "right_native_id": right,
                "decided_by": "ann",
                "decided_at": RECEIVED + timedelta(minutes=minute + len(self.decisions)),
                "reason": "she knows",
                **words,
            }
        )
        return self

    def expect(self, **outcomes: str) -> World:
        """Says what must come of a row: the other row's native id, or a reason code."""
        self.expected.update({name.replace("__", "/"): value for name, value in outcomes.items()})
        return self


def insert(warehouse: Warehouse, table: str, rows: Sequence[Row]) -> None:
    """A hundred at a time; they may have different columns."""
    columns = sorted({name for row in rows for name in row})
    for start in range(0, len(rows), 100):
        part = rows[start : start + 100]
        values = [row.get(name) for row in part for name in columns]
        places = [
            "(" + ", ".join(f"${n * len(columns) + k + 1}" for k in range(len(columns))) + ")"
            for n in range(len(part))
        ]
        warehouse.execute(
            f"insert into {table} ({', '.join(columns)}) values {', '.join(places)}", values
        )


def _document(world: World, source: str, part: int) -> Row:
    name = f"{world.tenant}_{source}" + (f"_{part}" if part else "")
    return {
        "document_id": f"doc_{name}",
        "tenant_id": world.tenant,
        "source": source,
        "format": "test",
        "name": name,
        "logical_key": name,
        "revision": 1,
        "sha256": name,
        "received_at": RECEIVED,
        "state": "landed",
        "time_zone": "UTC",
        "source_account": "",
    }


def land(settings: Settings, worlds: Iterable[World], files: int = 1) -> None:
    """Writes the worlds into raw and ops of an empty warehouse, each list in so many files."""
    tables: dict[str, list[Row]] = {}
    for world in worlds:
        for source, table, rows in (
            ("internal", "internal_transactions", world.books),
            ("stripe", "stripe_balance_changes", world.activity),
            ("stripe", "stripe_payouts", world.payouts),
            ("bank", "bank_entries", world.bank),
            *((source, "generic_transactions", rows) for source, rows in world.house.items()),
        ):
            parts = 1 if source == "bank" else files  # a statement is one file
            for part in range(parts):
                own = [row for row in rows if crc32(named(row).encode()) % parts == part]
                _land_rows(tables, _document(world, source, part), table, own)
        tables.setdefault("ops.match_decisions", []).extend(
            {**decision, "tenant_id": world.tenant} for decision in world.decisions
        )
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        with warehouse.transaction():
            for table, rows in tables.items():
                insert(warehouse, table, rows)


def named(row: Row) -> str:
    """What a row tells of: several rows of it are one thing told again, the later the truer."""
    names = ("payout_id", "transaction_id", "balance_transaction_id", "entry_index")
    return next(str(row[name]) for name in names if row.get(name))


def _land_rows(tables: dict[str, list[Row]], document: Row, table: str, rows: list[Row]) -> None:
    documents = tables.setdefault("ops.documents", [])
    if rows and document not in documents:
        documents.append(document)
    tables.setdefault(f"raw.{table}", []).extend(
        {
            **row,
            "_document_id": document["document_id"],
            "_source_file": document["name"],
            "_source_line": number,
        }
        for number, row in enumerate(rows, start=2)
    )


def add_seed_rows(
    settings: Settings, worlds: Iterable[World], more: Mapping[str, list[Row]]
) -> None:
    """Adds the worlds' own rules and scopes to the seeds of a warehouse that has loaded them."""
    with open_warehouse(settings) as warehouse:
        rules = {row["rule_id"]: row for row in warehouse.rows("select * from seeds.match_rules")}
        scopes = warehouse.rows("select * from seeds.reconciliation_scopes")
        added: dict[str, list[Row]] = {name: list(rows) for name, rows in more.items()}
        for world in worlds:
            for like, changes in world.own_rules:
                own = {"tenant_id": world.tenant, "rule_id": f"{like}_of_{world.tenant}"}
                added.setdefault("match_rules", []).append({**rules[like], **own, **changes})
            for words, changes in world.own_scopes:
                first = next(row for row in scopes if words.items() <= row.items())
                scope = {**first, "tenant_id": world.tenant, **changes}
                added.setdefault("reconciliation_scopes", []).append(scope)
        with warehouse.transaction():
            for table, rows in added.items():
                insert(warehouse, f"seeds.{table}", rows)
