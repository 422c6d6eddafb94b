"""A small deployment whose months of rewards can be closed: rows of rewards and dbt's own models.

In: Settings of an empty deployment. Out: Closing, which lands rows, builds the marts that a close
reads and writes the diary, as a run does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.schema import ensure_schema

MODELS = (
    "reward_customer_months",
    "reward_roll_forward",
    "int_rewards__closed_months",
    "reward_period_adjustments",
    "reward_closed_periods",
)
ROWS = (
    "create table marts.reward_transactions (trans_id text, tenant_id text, currency text,"
    " customer_id text, type text, amount_minor bigint, unfunded_amount_minor bigint,"
    " business_date date, problem text)",
    "create table marts.reward_allocations (tenant_id text, currency text, customer_id text,"
    " earned_trans_id text, redeemed_trans_id text, redeemed_by text, allocated_minor bigint,"
    " redeemed_on date)",
    "create table seeds.currencies (currency text, exponent integer)",
    "insert into seeds.currencies values ('EUR', 2)",
)
BALANCES = (
    "create table marts.reward_current_balances (tenant_id text, currency text,"
    " balance decimal(28,4), open_lots decimal(28,4), event_count bigint)"
)
MONTHS = (
    "create table marts.reward_customer_months (tenant_id text, customer_id text, currency text,"
    " period date, earned_minor bigint, spent_minor bigint, expired_minor bigint,"
    " reversed_minor bigint, unfunded_minor bigint, closing_minor bigint, event_count bigint,"
    " rows_print decimal(38,0))"
)


@dataclass
class Closing:
    """A deployment whose rewards rows are planted and whose marts are dbt's."""

    settings: Settings
    runs: int = 0

    def at(self, moment: datetime) -> Closing:
        """The same deployment at another moment."""
        return Closing(self.settings.model_copy(update={"now": moment}), self.runs)

    def execute(self, sql: str, values: list[Any] | None = None) -> None:
        """One statement."""
        with open_warehouse(self.settings) as warehouse:
            warehouse.execute(sql, values or [])

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """One question."""
        with open_warehouse(self.settings, read_only=True) as warehouse:
            return warehouse.rows(sql)

    def prepare(self, *tables: str) -> None:
        """Operations' tables, and those that are planted."""
        with open_warehouse(self.settings) as warehouse:
            ensure_schema(warehouse)
            for schema in ("marts", "seeds"):
                warehouse.execute(f"create schema if not exists {schema}")
            for statement in (*tables, BALANCES):
                warehouse.execute(statement)

    def month(self, customer: str, period: date, closing: int) -> None:
        """A line of reward_customer_months, where dbt does not make it."""
        self.execute(
            "insert into marts.reward_customer_months values ('default', $1, 'EUR', $2, 0, 0, 0, 0,"
            " 0, $3, 1, 7)",
            [customer, period, closing],
        )

    def earn(self, number: str, customer: str, cents: int, day: date) -> None:
        """A lot."""
        self.execute(
            "insert into marts.reward_transactions values ($1, 'default', 'EUR', $2, 'earned',"
            " $3, 0, $4, null)",
            [number, customer, cents, day],
        )

    def spend(self, number: str, customer: str, lot: str, cents: int, day: date) -> None:
        """A redemption that one lot pays."""
        self.execute(
            "insert into marts.reward_transactions values ($1, 'default', 'EUR', $2, 'spent',"
            " $3, 0, $4, null)",
            [number, customer, -cents, day],
        )
        self.execute(
            "insert into marts.reward_allocations values ('default', 'EUR', $1, $2, $3, 'spent',"
            " $4, $5)",
            [customer, lot, number, cents, day],
        )

    def workbook(self, name: str, received_at: datetime | None = None) -> None:
        """A rewards file that landed now: just received, or released after it was held."""
        now = self.settings.clock()
        self.execute(
            "insert into ops.documents (document_id, tenant_id, source, name, sha256, received_at,"
            " landed_at, state) values ($1, 'default', 'thrive_cash', $1, $1, $2, $3, 'landed')",
            [name, received_at or now, now],
        )

    def build(self, status: str = "succeeded") -> None:
        """dbt's models as of now, made anew (what they read is planted), and the diary's line."""
        moment = self.settings.clock()
        variables = {"as_of": f"{moment:%Y-%m-%d %H:%M:%S}"}
        ran = run_dbt(self.settings, ["run", "--full-refresh", "--select", *MODELS], variables)
        assert ran.succeeded, ran.output
        self.note_run(status)

    def note_run(self, status: str = "succeeded", is_partial: bool = False) -> None:
        """A line of the diary."""
        self.runs += 1
        moment = self.settings.clock()
        self.execute(
            "insert into ops.runs (run_id, command, target, as_of, started_at, finished_at,"
            " status, is_partial) values ($1, 'run', $2, $3, $3, $3, $4, $5)",
            [
                f"run_{moment:%m%d%H%M}_{self.runs}",
                *(self.settings.target, moment, status, is_partial),
            ],
        )
