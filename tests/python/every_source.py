"""A deployment that has every source: samples/sources landed, built and asked its questions.

In: an empty folder and an engine. Out: Settings of the built deployment, answers as text.
Each samples/sources/<source>/ holds files as the sender names them, and questions.yml: a list of
{question, sql, answer}, whose answers were worked out apart from the SQL that gives them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from dbt_project.settings import PROJECT_ROOT, Settings, load_settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import LandingResult, ensure_schema, land_file

FOLDER = PROJECT_ROOT / "samples" / "sources"
NOT_DATA = (".yml", ".yaml", ".md", ".py", ".manifest.json")


@dataclass(frozen=True)
class Question:
    """What a reader may ask of a source, and what must come out."""

    source: str
    question: str
    sql: str
    answer: str


def sources() -> list[str]:
    """Every source that has samples, by its folder's name."""
    return sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())


def files_of(source: str) -> list[Path]:
    """The data files of a source, in name order."""
    files = (path for path in (FOLDER / source).rglob("*") if path.is_file())
    return sorted(path for path in files if not path.name.endswith(NOT_DATA))


def questions() -> list[Question]:
    """Every question of every source."""
    return [
        Question(source, q["question"], q["sql"], str(q["answer"]))
        for source in sources()
        if (file := FOLDER / source / "questions.yml").exists()
        for q in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


def deployment(folder: Path, **changes: Any) -> Settings:
    """The settings of samples/sources/tieout.yml with every path inside `folder`."""
    paths = ("published", "state", "archive", "inbox", "reports", "target_path")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIEOUT_CONFIG", str(FOLDER / "tieout.yml"))
        settings = load_settings()
    places = {name: folder / name for name in paths}
    return settings.model_copy(update={**places, "warehouse": folder / "tieout.duckdb", **changes})


def land_all(settings: Settings) -> list[tuple[Path, LandingResult]]:
    """Lands every sample file; a folder's name is its source."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        return [
            (file, land_file(settings, warehouse, source, file))
            for source in sources()
            for file in files_of(source)
        ]


def answer(settings: Settings, question: Question) -> str:
    """What the warehouse says: one row's values, joined by blanks; rows by semicolons."""
    with open_warehouse(settings, read_only=True) as warehouse:
        rows = warehouse.rows(question.sql)
    return "; ".join(" ".join(str(value) for value in row.values()) for row in rows)
