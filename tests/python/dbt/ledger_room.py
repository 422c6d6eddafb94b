"""A room with a journal over planted marts: dbt builds it twice, then its SQL runs alone.

In: Settings of an engine. Out: Room, whose `build` runs the room as of any moment; the SQL is what
dbt compiled, with the moment put in. Tables of other rooms are planted and empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dbt_project.project import DbtRun, manifest, run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from ingestion.landing.schema import ensure_schema
from tests.python.dbt.planted_marts import plant
from tests.python.dbt.worlds import insert

Row = dict[str, Any]
SEEDS = (
    *("currencies", "chart_of_accounts", "account_roles", "posting_rules"),
    *("posting_exclusions", "reward_reasons"),
)
MODELS = (
    *("reward_postables", "postables", "posting_decisions", "accounts", "rules_in_force", "legs"),
    *("unruled_events", "one_sided", "rule_faults", "closed_months", "moments", "lost_books"),
    *("journal", "unwritten"),
)
MARTS = ("ledger_entries", "unposted_transactions")
CLEARING = {
    name: "date" if name == "posted_on" else "bigint" if name == "gross_minor" else "text"
    for name in (
        *("transaction_id", "tenant_id", "party", "source", "event_type", "status", "problem"),
        *("currency", "gross_minor", "posted_on", "subject_id"),
    )
}
BEFORE = "2001-01-01 00:00:00"
JOURNAL = "int_ledger__journal"
JOURNALS = {  # tables that a build adds to, and their columns
    JOURNAL: (
        "ledger_line_id, entry_id, tenant_id, transaction_id, sequence, entry_kind,"
        " reverses_entry_id, posted_on, posting_period, recorded_at, event_type, posting_rule_id,"
        " leg, account_code, memo, currency, amount_minor"
    ),
    "int_fx__written": (
        "functional_entry_id, origin_entry_id, line_key, tenant_id, functional_currency,"
        " transaction_currency, ledger_line_id, entry_id, account_code, settlement_id, line_kind,"
        " posted_on, posting_period, rate, rate_published_on, amount_minor, sequence, recorded_at"
    ),
}
VIEWS = {"int_ledger__one_sided"}
Guard = Callable[[str, str], str]  # a model's name and its SQL; the SQL that runs


def words(verb: str) -> list[str]:
    """dbt's words for the room."""
    models = [*(f"int_ledger__{name}" for name in MODELS), *MARTS]
    return [verb, *(["--exclude-resource-type", "unit_test", "seed"] if verb == "build" else []),
            "--select", *models]  # fmt: skip


def furnish(settings: Settings, tenants: Iterable[str]) -> None:
    """The seeds, and the tables of other rooms, empty; tenants are those with a document."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
    assert run_dbt(settings, ["seed", "--select", *SEEDS]).succeeded
    for mart in ("transactions", "reward_transactions", "reward_valuations", "match_members"):
        plant(settings, mart, [])
    plant(settings, "int_ledger__clearing_postables", [], CLEARING)
    with open_warehouse(settings) as warehouse:
        for tenant in tenants:
            insert(warehouse, "ops.documents", [document(tenant)])


def document(tenant: str) -> Row:
    """A document of the tenant: whoever has one has books."""
    moment = datetime(2026, 1, 1)
    return {
        "document_id": f"doc_{tenant}", "tenant_id": tenant, "source": "internal", "name": "x",
        "logical_key": "x", "revision": 0, "sha256": tenant, "byte_count": 1, "state": "landed",
        "received_at": moment, "archived_as": "x",
    }  # fmt: skip


@dataclass
class Room:
    """The compiled SQL of the room by model, in dbt's order."""

    settings: Settings
    sql: list[tuple[str, str, str]]
    guard: Guard = field(default=lambda _, sql: sql)

    def build(self, warehouse: Warehouse, moment: datetime) -> None:
        """Runs every model as of the moment; the journal gains what its SQL says."""
        for name, relation, compiled in self.sql:
            sql = self.guard(name, compiled).replace(BEFORE, f"{moment:%Y-%m-%d %H:%M:%S}")
            if name in JOURNALS:
                columns = JOURNALS[name]
                warehouse.execute(
                    f"insert into {relation} ({columns}) select {columns} from ({sql}) as lines"
                )
            else:
                kind = "view" if name in VIEWS else "table"
                warehouse.execute(f"drop {kind} if exists {relation} cascade")
                warehouse.execute(f"create {kind} {relation} as {sql}")


def room(settings: Settings, tenants: Iterable[str]) -> Room:
    """The ledger's room over nothing."""
    furnish(settings, tenants)
    return built_twice(settings, words("run"))


def built_twice(settings: Settings, dbt_words: list[str]) -> Room:
    """The models these words build, twice: the second time the journal is there."""
    for _ in range(2):
        ran: DbtRun = run_dbt(settings, dbt_words, {"as_of": BEFORE})
        assert ran.succeeded, ran.output
    nodes: Mapping[str, Any] = manifest(settings)["nodes"]
    return Room(
        settings,
        [
            (node.name, nodes[node.unique_id]["relation_name"], node.compiled_code or "")
            for node in ran.results
        ],
    )
