"""A landing desk: an empty deployment, and short words for what tests ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from dbt_project.settings import Settings, Source
from dbt_project.warehouse import Warehouse, open_warehouse
from ingestion.landing.land import LandingResult, ensure_schema, land_file
from tests.python.conftest import make_settings

NOW = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
WORDS: dict[str, Any] = {
    "now": NOW,
    "limits": {"max_quarantine_percent": 100, "max_vanished_percent": 100},
    "sources": {"thrive_cash": Source(currency="EUR")},
}


class Desk:
    """Files in, answers out."""

    def __init__(self, settings: Settings, warehouse: Warehouse, folder: Path) -> None:
        self.settings, self.warehouse = settings, warehouse
        self._folder, self._numbers = folder, count()

    def put(self, name: str, content: bytes) -> Path:
        """A file of that name in a folder of its own."""
        folder = self._folder / f"sent_{next(self._numbers)}"
        folder.mkdir()
        path = folder / name
        path.write_bytes(content)
        return path

    def land(
        self, source: str, content: bytes, name: str = "file.csv", manifest: bytes | None = None
    ) -> LandingResult:
        """Lands bytes under a name."""
        path = self.put(name, content)
        if manifest is not None:
            path.with_name(name + ".manifest.json").write_bytes(manifest)
        return land_file(self.settings, self.warehouse, source, path)

    def quarantine(self, result: LandingResult) -> list[tuple[int, int | None, str | None, str]]:
        """Line, column number, column name and code of a document's refused lines."""
        rows = self.warehouse.rows(
            "select * from ops.quarantine where document_id = $1 order by source_line, code",
            [result.document_id],
        )
        return [(r["source_line"], r["column_number"], r["column_name"], r["code"]) for r in rows]

    def raw(self, result: LandingResult, table: str) -> list[dict[str, Any]]:
        """A document's rows of a raw table, in file order."""
        return self.warehouse.rows(
            f"select * from raw.{table} where _document_id = $1 order by _source_line",
            [result.document_id],
        )

    def count(self, table: str) -> int:
        """Rows of a table."""
        return int(self.warehouse.rows(f"select count(*) as n from {table}")[0]["n"])

    def document(self, result: LandingResult) -> dict[str, Any]:
        """The register's row."""
        return self.warehouse.rows(
            "select * from ops.documents where document_id = $1", [result.document_id]
        )[0]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A DuckDB desk shared by a module's tests: every file has its own bytes."""
    folder = tmp_path_factory.mktemp("desk")
    settings = make_settings(folder, **WORDS)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        yield Desk(settings, warehouse, folder)


@pytest.fixture
def fresh_desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty DuckDB desk."""
    settings = make_settings(tmp_path, **WORDS)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        yield Desk(settings, warehouse, tmp_path)


@pytest.fixture
def engine_desk(engine_settings: Settings, tmp_path: Path) -> Iterator[Desk]:
    """An empty desk on each engine in turn."""
    words = make_settings(tmp_path, **WORDS)
    settings = engine_settings.model_copy(update={name: getattr(words, name) for name in WORDS})
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        yield Desk(settings, warehouse, tmp_path)
