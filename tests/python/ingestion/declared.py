"""A deployment that declares sources of its own, and the words to ask what landed of a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dbt_project.settings import Settings, Source
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import LandingResult, ensure_schema, land_file
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS, Desk

PROCESSOR = """\
title: Test Pay
delimiter: ";"
numbers: {decimal: ",", group: "."}
dates: [DD.MM.YYYY]
columns:
  transaction_id: No
  transaction_date: Day
  amount: Amount
  currency: {value: EUR}
"""
HEADER = "No;Day;Amount"


class Declared:
    """A deployment whose manifests are written by the test."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self._folder = desk, folder
        self._numbers = iter(range(1_000_000))

    def settings(self, manifest: str, name: str = "test_pay") -> Settings:
        """Settings that know the manifest."""
        path = self._folder / f"{name}_{next(self._numbers)}.yml"
        path.write_text(manifest, encoding="utf-8")
        return self.desk.settings.model_copy(update={"sources": {name: Source(manifest=path)}})

    def land(self, manifest: str, content: str | bytes, file: str = "file.csv") -> LandingResult:
        """Lands a file of a source of its own, so that equal bytes are no duplicates."""
        name = f"test_pay_{next(self._numbers)}"
        data = content.encode() if isinstance(content, str) else content
        path = self.desk.put(file, data)
        return land_file(self.settings(manifest, name), self.desk.warehouse, name, path)

    def rows(self, result: LandingResult) -> list[dict[str, Any]]:
        """What landed of it."""
        return self.desk.raw(result, "generic_transactions")


def lines(*rows: str) -> str:
    """A file of the manifest above."""
    return "".join(f"{row}\n" for row in (HEADER, *rows))


def faults(result: LandingResult) -> list[tuple[int, str, str | None]]:
    """Line, code and column of what was refused."""
    return [(fault.line, fault.code, fault.column_name) for fault in result.faults]


@contextmanager
def declared_in(folder: Path) -> Iterator[Declared]:
    """An empty deployment in a folder."""
    settings = make_settings(folder, **WORDS)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        yield Declared(Desk(settings, warehouse, folder), folder)
