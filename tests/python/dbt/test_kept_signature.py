"""What is kept from run to run is made anew when a macro changes: macros/materializations/kept.sql.

Which macros a model's SQL calls nothing knows there, so all of them are in its signature.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import PROJECT_ROOT, Settings

TOLD = "{% macro told() %}{% do log('print ' ~ macros_print(), info=true) %}{% endmacro %}"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The macros as a project of their own."""
    shutil.copytree(PROJECT_ROOT / "macros", tmp_path / "project" / "macros")
    shutil.copy(PROJECT_ROOT / "dbt_project.yml", tmp_path / "project")
    (tmp_path / "project" / "macros" / "told.sql").write_text(TOLD, encoding="utf-8")
    return tmp_path / "project"


def print_of(settings: Settings, project: Path) -> str:
    """What a model's signature holds of the macros."""
    ran = run_dbt(settings, ["run-operation", "told", "--project-dir", str(project)])
    found = re.search(r"print ([0-9a-f]{32})", ran.output)
    assert found, ran.output
    return found.group(1)


def test_a_changed_macro_changes_every_signature(duckdb_settings: Settings, project: Path) -> None:
    """Also one deep below: how a text becomes minor units. Untouched, they have one print."""
    before = print_of(duckdb_settings, project)
    assert print_of(duckdb_settings, project) == before
    changed = project / "macros" / "money" / "minor_units.sql"
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text.replace("{%- endmacro %}", " + 0{%- endmacro %}"), encoding="utf-8")
    assert changed.read_text(encoding="utf-8") != text
    assert print_of(duckdb_settings, project) != before
