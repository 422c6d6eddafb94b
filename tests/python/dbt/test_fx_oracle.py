"""Books in one currency agree with fractions on random journals, on both engines.

Run alone: pytest tests/python/dbt/test_fx_oracle.py
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dbt_project.project import run_dbt
from dbt_project.settings import PROJECT_ROOT, Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.schema import ensure_schema
from tests.python.dbt.fx_oracle import Books, books
from tests.python.dbt.planted_marts import plant
from tests.python.dbt.random_fx import Journal, journal
from tests.python.dbt.worlds import insert

MARTS = (
    "fx_rates", "functional_entries", "functional_balances", "fx_settlements", "fx_revaluations",
    "missing_fx_rates",
)  # fmt: skip
STEPS = (
    "books", "published", "crossed", "days", "accounts", "lines", "conversions", "standing",
    "settled", "month_balances", "revalued", "journal", "posted", "closed_months", "moments",
    "written", "unwritten", "known",
)  # fmt: skip
SEEDS = ["currencies", "chart_of_accounts", "tenant_books", "fx_rate_sources", "fx_account_roles"]
RATE = {
    "tenant_id": "text", "rate_source": "text", "rate_date": "date", "base_currency": "text",
    "quote_currency": "text", "rate": "decimal(20,12)", "_document_id": "text",
    "_received_at": "timestamp", "_source_file": "text", "_source_line": "bigint",
}  # fmt: skip
PAYPAL = {"tenant_id": "text", "source": "text", "transaction_id": "text", "reference_id": "text"}
SEEN_ON = date(2026, 11, 15)
EXAMPLE = "example"
BOUNDED = "rounding_is_bounded_by_the_lines_of_its_entry"
TODAYS_WORTH = "closed_months_and_adjustments_come_to_todays_worth"
PAGE = PROJECT_ROOT / "docs" / "fx.md"


def page_table(header: str) -> list[list[str]]:
    """The cells of the table on the page that has this header."""
    lines = PAGE.read_text(encoding="utf-8").split(f"| {header} |\n")[1].splitlines()[1:]
    end = next(number for number, line in enumerate(lines) if not line.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:end]]


def add_example(world: Journal) -> None:
    """The page's rates and ledger, as one more tenant."""
    own = {"tenant_id": EXAMPLE}
    world.books.append({**own, "functional_currency": "EUR", "max_age_days": 7})
    pair = {"rate_source": "ecb", "base_currency": "EUR", "quote_currency": "USD"}
    told = {"_document_id": "doc", "_received_at": datetime(2026, 11, 1), "_source_line": 2}
    for day, rate in page_table("day | USD"):
        world.rates.append({**own, **pair, **told, "rate_date": day, "rate": rate})
    for number, cells in enumerate(page_table("day | transaction | match | account | USD")):
        day, transaction, match, account, amount = cells
        minor = int(Decimal(amount) * 100)
        world.lines.append(
            {
                **own, "ledger_line_id": f"example/{number}", "entry_id": f"ent_{transaction}",
                "posted_on": day, "posting_period": "2026-10-01", "account_code": account,
                "debit_minor": max(minor, 0), "credit_minor": max(-minor, 0), "currency": "USD",
                "amount_minor": minor, "transaction_id": transaction, "match_id": match or None,
            }
        )  # fmt: skip


def example_lines(rows: list[dict[str, Any]]) -> list[list[str]]:
    """The marts' lines of the example, written as the page writes them."""
    return sorted(
        [str(r["posted_on"]), r["line_kind"], r["account_code"], f"{r['amount']:.2f}"] for r in rows
    )


def planted(settings: Settings, world: Journal) -> list[str]:
    """Plants the journal and all the room reads; the models of the room."""
    assert run_dbt(settings, ["seed", "--select", *SEEDS]).succeeded
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
    plant_world(settings, world)
    return [*MARTS, *(f"int_fx__{name}" for name in STEPS)]


def plant_world(settings: Settings, world: Journal) -> None:
    """The rows of the journal, in the place of those that were there."""
    with open_warehouse(settings) as warehouse:
        warehouse.execute("delete from seeds.tenant_books")
        insert(warehouse, "seeds.tenant_books", world.books)
    plant(settings, "ledger_entries", world.lines)
    plant(settings, "transactions", world.conversions)
    plant(settings, "stg_fx__rates", world.rates, RATE)
    plant(settings, "stg_paypal__transactions", world.references, PAYPAL)
    plant(settings, "stg_paypal__searched_transactions", [], PAYPAL)


def build(settings: Settings, world: Journal) -> dict[str, str]:
    """The room over a planted journal; the state of each model and test by its name."""
    models = planted(settings, world)
    words = ["build", "--exclude-resource-type", "unit_test", "seed", "--select", *models]
    ran = run_dbt(settings, words, {"as_of": f"{SEEN_ON} 04:00:00"})
    return {result.name: result.status for result in ran.results}


def found(settings: Settings) -> Books:
    """What the marts say, in the oracle's words."""
    with open_warehouse(settings, read_only=True) as warehouse:
        others = f"where tenant_id != '{EXAMPLE}'"
        lines = warehouse.rows(f"select * from marts.functional_entries {others}")
        balances = warehouse.rows(f"select * from marts.fx_revaluations {others}")
        missing = warehouse.rows("select * from marts.missing_fx_rates")
    return Books(
        Counter(
            (
                r["tenant_id"], r["line_kind"], r["posted_on"], r["posting_period"],
                r["account_code"], r["amount_minor"], r["transaction_currency"],
            )
            for r in lines
        ),
        {
            (r["tenant_id"], r["account_code"], r["transaction_currency"], r["posting_period"]):
            (r["balance_minor"], r["carrying_minor"], r["gain_minor"])
            for r in balances
        },
        {(r["tenant_id"], r["currency"], r["rate_on"]) for r in missing},
    )  # fmt: skip


def test_books_in_one_currency_are_what_fractions_say(engine_settings: Settings) -> None:
    """Every line, every balance at a month's end, every missing rate, and the page's example."""
    world, told_too = journal(1), journal(1)
    add_example(told_too)
    states = build(engine_settings, told_too)
    assert {s for s in states.values() if s not in {"success", "pass"}} == set(), states
    told, expected = found(engine_settings), books(world, SEEN_ON)
    assert told.missing == expected.missing
    assert told.balances == expected.balances
    assert told.lines - expected.lines == Counter()
    assert expected.lines - told.lines == Counter()
    with open_warehouse(engine_settings, read_only=True) as warehouse:
        rows = warehouse.rows(
            f"select * from marts.functional_entries where tenant_id = '{EXAMPLE}'"
        )
    assert example_lines(rows) == sorted(page_table("day | what | account | EUR"))
    _rounding_is_bounded(engine_settings)
    _adjustments_are_all(engine_settings)


def _rounding_is_bounded(settings: Settings) -> None:
    """The data test passes, and finds a line that is no rounding."""
    tests = settings.target_path / "compiled" / "tieout" / "tests" / "dbt" / "fx"
    text = (tests / f"{BOUNDED}.sql").read_text(encoding="utf-8")
    with open_warehouse(settings) as warehouse:
        [line] = warehouse.rows(
            "select functional_line_id, entry_id from marts.functional_entries"
            " where line_kind = 'rounding' order by functional_line_id limit 1"
        )
        assert warehouse.rows(text) == []
        warehouse.execute(
            "update marts.functional_entries set amount_minor = amount_minor + 99"
            " where functional_line_id = $1",
            [line["functional_line_id"]],
        )
        assert [row["entry_id"] for row in warehouse.rows(text)] == [line["entry_id"]]


def _adjustments_are_all(settings: Settings) -> None:
    """The data test passes, and finds a line that is gone."""
    tests = settings.target_path / "compiled" / "tieout" / "tests" / "dbt" / "fx"
    text = (tests / f"{TODAYS_WORTH}.sql").read_text(encoding="utf-8")
    known = "intermediate.int_fx__known where line_key = 'rounding' and tenant_id = 't_eur'"
    with open_warehouse(settings) as warehouse:
        assert warehouse.rows(text) == []
        warehouse.execute(f"delete from {known}")
        assert [row["account_code"] for row in warehouse.rows(text)] == ["4590"]


def test_rates_with_one_more_digit_give_another_journal() -> None:
    """The comparison would see it."""
    world, spoiled = journal(1), journal(1)
    for row in spoiled.rates:
        row["rate"] += "9"  # one more decimal
    assert books(world, SEEN_ON).lines != books(spoiled, SEEN_ON).lines


def test_the_random_journals_hold_what_is_hard() -> None:
    """Each kind of line, rates that are missing, and what remains of a match."""
    expected = books(journal(1), SEEN_ON)
    kinds = {line[1] for line in expected.lines}
    assert kinds == {"booked", "rounding", "realised", "revaluation", "revaluation_reversal"}
    assert {line[4] for line in expected.lines if line[1] == "realised"} >= {"1100", "1120", "1160"}
    assert expected.missing
    assert any(gain is None for _, _, gain in expected.balances.values())
    assert any(account == "1160" for _, account, _, _ in expected.balances)
    lines = journal(1).lines
    again = {line["transaction_id"] for line in lines if line["entry_kind"] == "correction"}
    assert any(line["match_id"] for line in lines if line["transaction_id"] in again)
