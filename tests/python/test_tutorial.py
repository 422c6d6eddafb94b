"""The tutorials' commands are run as they stand on the page, and print what the page shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import PROJECT_ROOT, Settings, load_settings
from dbt_project.warehouse import open_warehouse

PAGE = PROJECT_ROOT / "docs" / "tutorials" / "new-processor.md"
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
DEPLOYMENT = """\
now: "2026-10-09T06:00:00Z"
sources:
  internal: {time_zone: Europe/Berlin}
"""


@dataclass(frozen=True)
class Step:
    """A command of the page and what it prints there; `…` stands for anything."""

    command: str
    shown: str


@dataclass(frozen=True)
class Played:
    """What the page's commands printed, and the deployment they left."""

    outputs: list[tuple[Step, str]]
    settings: Settings


def steps(page: Path) -> list[Step]:
    """Every command of a page, in order."""
    found = []
    for block in CONSOLE.findall(page.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            found.append(Step(command, shown.strip()))
    return found


def is_as_shown(shown: str, printed: str) -> bool:
    """Whether the output is the page's, word by word but for the `…`."""
    parts = [re.escape(part) for part in re.split("…", shown)]
    return re.fullmatch(".*?".join(parts), printed.strip(), re.DOTALL) is not None


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The page's commands, run one after the other in an empty deployment."""
    folder = tmp_path_factory.mktemp("tutorial")
    (folder / "samples").symlink_to(PROJECT_ROOT / "samples")
    (folder / "tieout.yml").write_text(DEPLOYMENT)
    theirs = {name for name in os.environ if name.startswith("TIEOUT_")} - {"TIEOUT_PARSED"}
    environment = {
        **{name: value for name, value in os.environ.items() if name not in theirs},
        "TIEOUT_CONFIG": str(folder / "tieout.yml"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "160",
    }
    outputs = []
    for step in steps(PAGE):
        ran = subprocess.run(
            ["bash", "-c", step.command],  # noqa: S607
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, f"{step.command}\n{ran.stdout}{ran.stderr}"
        outputs.append((step, ran.stdout))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIEOUT_CONFIG", str(folder / "tieout.yml"))
        return Played(outputs, load_settings())


def test_every_command_prints_what_the_page_shows(played: Played) -> None:
    assert len(played.outputs) >= 5
    wrong = [
        f"$ {step.command}\npage:\n{step.shown}\nprinted:\n{printed}"
        for step, printed in played.outputs
        if not is_as_shown(step.shown, printed)
    ]
    assert wrong == []


def test_the_comparison_would_see_another_number(played: Played) -> None:
    load = next(printed for step, printed in played.outputs if "load acme_pay" in step.command)
    assert is_as_shown("landed Abrechnung_2026-10.csv: 9 rows landed, …", load)
    assert not is_as_shown("landed Abrechnung_2026-10.csv: 8 rows landed, …", load)


def test_the_matched_pairs_are_the_pages(played: Played) -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (mm_\w+) \| (AP-\d+) \| (\S+) \| (\S+) \|$", text, re.MULTILINE)
    wanted = {(ours, theirs, Decimal(a), Decimal(b)) for ours, theirs, a, b in rows}
    with open_warehouse(played.settings, read_only=True) as warehouse:
        found = warehouse.rows(
            "select l.native_id as ours, r.native_id as theirs, l.amount as a, r.amount as b"
            " from marts.match_members as x"
            " inner join marts.match_members as y on x.match_id = y.match_id"
            " inner join marts.transactions as l on x.transaction_id = l.transaction_id"
            " inner join marts.transactions as r on y.transaction_id = r.transaction_id"
            " where l.side = 'internal' and r.side = 'processor'"
        )
    assert {(f["ours"], f["theirs"], f["a"], f["b"]) for f in found} == wanted
    assert len(wanted) == 6


def test_the_breaks_are_the_pages(played: Played) -> None:
    with open_warehouse(played.settings, read_only=True) as warehouse:
        found = warehouse.rows(
            "select kind, native_id from marts.discrepancies where source = 'acme_pay'"
        )
    text = PAGE.read_text(encoding="utf-8")
    told = {(f["kind"], f["native_id"]) for f in found}
    assert ("missing_internally", "AP-1006") in told
    assert ("unknown_event_type", "AP-1007") in told
    assert all(kind in text for kind in ("missing_internally", "unknown_event_type"))


def test_a_word_added_to_the_manifest_ends_the_break(played: Played) -> None:
    """The way out that the break itself names. The page has done its first two steps."""
    with open_warehouse(played.settings, read_only=True) as warehouse:
        (told,) = warehouse.rows(
            "select explanation from marts.discrepancies where native_id = 'AP-1007'"
        )
    assert "words: of event_type" in told["explanation"]
    assert "tieout reprocess --source acme_pay and tieout build" in told["explanation"]
    way = "stg_generic__transactions+,+int_discrepancies__unknown_event_type"
    ran = run_dbt(played.settings, ["run", "--select", way], {"as_of": "2026-10-09 06:00:00"})
    assert ran.succeeded, ran.output
    with open_warehouse(played.settings, read_only=True) as warehouse:
        left = warehouse.rows("select * from intermediate.int_discrepancies__unknown_event_type")
        (row,) = warehouse.rows(
            "select event_type from marts.transactions where native_id = 'AP-1007'"
        )
    assert (left, row["event_type"]) == ([], "adjustment")
