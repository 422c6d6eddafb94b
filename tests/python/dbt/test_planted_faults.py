"""Every control notices the fault it is for, and no other control is disturbed by it.

The sample month is landed and built once. Each fault is planted in a copy; the SQL that dbt ran for
the control's own models is run again over the damage, then the SQL of every control's test: exactly
the test of that control must find something. One run of dbt itself, with a fault for every control
at once, shows that each fails the build by its name. Without a fault all pass, and all had
something to look at. Run alone: pytest tests/python/dbt/test_planted_faults.py
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from typing import Any

import pytest

from dbt_project.project import DbtRun, manifest, run_dbt
from dbt_project.settings import PROJECT_ROOT, Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from tests.python import sample_month
from tests.python.conftest import make_settings
from tests.python.dbt import (
    planted_faults,
    planted_faults_in_books,
    planted_faults_in_disputes,
    planted_faults_in_payouts,
)
from tests.python.dbt.planted_faults import Fault

AS_OF = {"as_of": f"{sample_month.MORNING:%Y-%m-%d %H:%M:%S}"}
SOURCES = PROJECT_ROOT / "samples" / "sources"
# What the sample month has none of: a card file, and rows that do and do not book.
ADDED = (
    "unica/EXTRATO*",
    "square/pay*_2026-10-08.json",
    "paypal/TRR-20261005.*",
    "paypal/*.json",
    "nacha/ACH_RETURNS*",
    "bank/camt052_2026-10-05.xml",
    "bank/camt053_2026-10-05.xml",
)
ROOM = "path:models/intermediate/controls"
FAULTS = (
    *planted_faults.FAULTS,
    *planted_faults_in_books.FAULTS,
    *planted_faults_in_disputes.FAULTS,
    *planted_faults_in_payouts.FAULTS,
)


def controls() -> set[str]:
    """The names in seeds/controls.csv."""
    with (PROJECT_ROOT / "seeds" / "controls.csv").open(encoding="utf-8", newline="") as file:
        return {row["control"] for row in csv.DictReader(file)}


@dataclass(frozen=True)
class Month:
    """The sample month, landed and built, and the run of its controls."""

    settings: Settings
    run: DbtRun
    graph: dict[str, Any]

    def restore(self) -> None:
        """Puts the warehouse back to before any fault."""
        shutil.copyfile(self.settings.warehouse.with_suffix(".pristine"), self.settings.warehouse)

    def own_models(self, control: str) -> set[str]:
        """The models of the room that a control is made of, control_results included."""
        found, waiting = {"control_results"}, [f"model.tieout.int_controls__{control}"]
        while waiting:
            node = self.graph[waiting.pop()]
            found.add(node["name"])
            waiting += [n for n in node["depends_on"]["nodes"] if ".int_controls__" in n]
        return found


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    """The sample month and more, all controls; a copy of the warehouse lies beside it."""
    folder = tmp_path_factory.mktemp("faults")
    settings = make_settings(folder, **sample_month.STORY)
    more = [min(SOURCES.glob(pattern)) for pattern in ADDED]
    more.append(planted_faults_in_payouts.balance_summary(sample_month.SAMPLES, folder / "more"))
    landed = sample_month.land(settings, [*sample_month.sample_files(), *more])
    assert {result.state for result in landed[-len(more) :]} == {"landed"}
    sample_month.build(settings)
    run = check(settings)
    shutil.copyfile(settings.warehouse, settings.warehouse.with_suffix(".pristine"))
    return Month(settings, run, manifest(settings)["nodes"])


def check(settings: Settings) -> DbtRun:
    """Builds and tests the controls."""
    words = ["build", "--exclude-resource-type", "unit_test", "--select", ROOM, "control_results"]
    return run_dbt(settings, words, AS_OF)


def failed_controls(run: DbtRun) -> set[str]:
    """The names of the control tests that failed."""
    return {node.name for node in run.failed() if node.name.startswith("control_")}


def test_every_control_has_its_model_its_test_and_a_planted_fault(month: Month) -> None:
    """A control that is only half there would be missed by nobody."""
    graph = month.graph.values()
    mart = next(node for node in graph if node["name"] == "control_results")
    parents = {name.split(".")[-1] for name in mart["depends_on"]["nodes"]}
    tests = {node["name"] for node in graph if node["resource_type"] == "test"}
    names = controls()
    assert {p.removeprefix("int_controls__") for p in parents if p.startswith("int_")} == names
    assert {t.removeprefix("control_") for t in tests if t.startswith("control_")} == names
    assert {fault.control for fault in FAULTS} == names


def test_without_a_fault_every_control_passes_and_has_looked(month: Month) -> None:
    """All tests pass, every control found something to compare, the clock is the run's."""
    assert month.run.succeeded, month.run.output
    passed = {node.name for node in month.run.results if node.status == "pass"}
    assert passed >= {f"control_{name}" for name in controls()}
    month.restore()
    with open_warehouse(month.settings, read_only=True) as warehouse:
        rows = warehouse.rows("select * from marts.control_results")
    assert {row["control"] for row in rows if row["expected"] > 0} == controls()
    assert {row["ran_at"] for row in rows} == {sample_month.MORNING.replace(tzinfo=None)}


def plant(warehouse: Warehouse, fault: Fault) -> None:
    """Does the damage."""
    for statement in fault.statements:
        warehouse.execute(statement)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.control}: {fault.title}")
def test_a_planted_fault_is_noticed_by_its_control_alone(month: Month, fault: Fault) -> None:
    """The control's models, run again over the damage, fail the test of its name and no other."""
    month.restore()
    models = month.own_models(fault.control)
    with open_warehouse(month.settings) as warehouse:
        plant(warehouse, fault)
        for node in month.run.results:  # in the order dbt ran them
            if (
                node.name in models
                and month.graph[node.unique_id]["config"]["materialized"] == "table"
            ):
                relation = month.graph[node.unique_id]["relation_name"]
                warehouse.execute(f"create or replace table {relation} as {node.compiled_code}")
        tests = [node for node in month.run.results if node.name.startswith("control_")]
        failed = {
            node.name
            for node in tests
            if node.name != "control_results" and warehouse.rows(node.compiled_code)
        }
    assert failed == {f"control_{fault.control}"}


def test_every_control_fails_the_build_by_its_name(month: Month) -> None:
    """dbt itself, over one fault for each control."""
    month.restore()
    first = {fault.control: fault for fault in reversed(FAULTS)}
    with open_warehouse(month.settings) as warehouse:
        for fault in first.values():
            plant(warehouse, fault)
    run = check(month.settings)
    assert not run.succeeded
    assert failed_controls(run) == {f"control_{name}" for name in controls()}, run.output


def test_a_control_without_a_row_has_failed(month: Month) -> None:
    """Nothing said is not the same as nothing wrong."""
    month.restore()
    with open_warehouse(month.settings) as warehouse:
        warehouse.execute("delete from marts.control_results where control = 'trial_balance'")
    run = run_dbt(month.settings, ["test", "--select", "control_results"], AS_OF)
    assert failed_controls(run) == {"control_trial_balance"}


def test_the_ledgers_own_laws_notice_a_cent(month: Month) -> None:
    """Sums to zero, one-sided lines and the roll-forward fail before any control is asked."""
    month.restore()
    with open_warehouse(month.settings) as warehouse:
        warehouse.execute("update marts.ledger_entries set amount_minor = amount_minor + 1")
        warehouse.execute("update marts.account_balances set closing_minor = closing_minor + 1")
    words = ["test", "--select", "ledger_entries", "account_balances"]
    failed = {node.name for node in run_dbt(month.settings, words, AS_OF).failed()}
    assert failed >= {
        "entries_sum_to_zero",
        "closing_balances_sum_to_zero",
        "ledger_lines_are_one_sided",
        "balances_roll_forward",
    }
