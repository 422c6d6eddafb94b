"""Where an export goes, what it may replace, and what its lines and the console tell beside it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from dbt_project.settings import Settings
from delivery.ledger.book import ExportRefusedError
from orchestration.commands.export import _notes
from tests.python.conftest import make_settings
from tests.python.delivery.ledger_world import change, files_of, make_books
from tests.python.delivery.test_ledger_exports import export


@pytest.fixture
def own_books(tmp_path: Path) -> Settings:
    """A few books of a test's own."""
    settings = make_settings(tmp_path / "books", tenant="acme")
    make_books(settings, 200)
    return settings


def test_what_is_asked_otherwise_has_another_place(own_books: Settings, tmp_path: Path) -> None:
    whole = export(own_books, "sap", tmp_path).folder
    before = files_of(whole)
    euro = export(own_books, "sap", tmp_path, currencies=("EUR",)).folder
    both = export(own_books, "sap", tmp_path, currencies=("USD", "EUR")).folder
    names = {whole.name, euro.name, both.name}
    assert names == {"sap-2026-10", "sap-2026-10-EUR", "sap-2026-10-EUR-USD"}
    assert files_of(whole) == before
    one = export(own_books, "xero", tmp_path, currencies=("EUR",)).folder
    assert {file.name for file in one.glob("*.csv")} == {"xero-2026-10-EUR-001.csv"}
    assert {"xero-2026-10-EUR-001.csv"} < {*files_of(export(own_books, "xero", tmp_path).folder)}


def test_another_tenants_folder_is_not_replaced(own_books: Settings, tmp_path: Path) -> None:
    made = export(own_books, "sap", tmp_path)
    before = files_of(made.folder)
    change(own_books, "update marts.ledger_entries set tenant_id = 'other'")
    change(own_books, "update marts.account_balances set tenant_id = 'other'")
    other = own_books.model_copy(update={"tenant": "other"})
    with pytest.raises(ExportRefusedError, match="is an export of the tenant acme and is not"):
        export(other, "sap", tmp_path)
    assert files_of(made.folder) == before
    (made.folder / "manifest.json").unlink()
    with pytest.raises(ExportRefusedError, match="is no export and is not replaced"):
        export(other, "sap", tmp_path)
    assert export(other, "sap", tmp_path / "own").manifest["tenant"] == "other"


@pytest.mark.parametrize(
    ("target", "column"),
    [
        ("sap", "SGTXT"),
        ("netsuite", "Journal Entry - Line: Memo"),
        ("quickbooks-online", "Description"),
        ("quickbooks-desktop", "MEMO"),
        ("xero", "Description"),
    ],
)
def test_a_line_tells_its_whole_transaction(
    own_books: Settings, tmp_path: Path, target: str, column: str
) -> None:
    made = export(own_books, target, tmp_path, currencies=("EUR",))
    text = (made.folder / made.manifest["files"][0]["name"]).read_text()
    delimiter = "," if target in ("netsuite", "quickbooks-online", "xero") else "\t"
    header, *rows = csv.reader(text.splitlines(), delimiter=delimiter)
    rows = [row for row in rows if len(row) == len(header) and not row[0].startswith("!")]
    told = [row[header.index(column)] for row in rows]
    # SAP has room for it only beside few words
    seen = [words for words in told if re.search(r" txn_[0-9a-f]{32}\b", words)]
    assert len(seen) == len(told) if target != "sap" else 0 < len(seen) < len(told)


def test_files_of_several_currencies_are_told(own_books: Settings, tmp_path: Path) -> None:
    notes = _notes(export(own_books, "xero", tmp_path).manifest)
    [note] = [note for note in notes if "setting currency" in note]
    assert note.startswith("Files in EUR, JPY, USD: import each only into books kept in that")
    for target, currencies in (("xero", ("EUR",)), ("netsuite", ())):
        made = export(own_books, target, tmp_path, currencies=currencies)
        assert not any("setting currency" in note for note in _notes(made.manifest))
