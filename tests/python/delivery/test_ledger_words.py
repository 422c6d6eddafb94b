"""Words for people are made safe and cut to their field; ids never are."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from dbt_project.settings import Settings
from tests.python.conftest import make_settings
from tests.python.delivery.ledger_readers import READERS
from tests.python.delivery.ledger_world import change, files_of, make_books
from tests.python.delivery.test_ledger_refusals import export


@pytest.fixture
def books(tmp_path: Path) -> Settings:
    """A few books to spoil."""
    settings = make_settings(tmp_path, tenant="acme")
    make_books(settings, 100)
    return settings


@pytest.mark.parametrize("target", READERS)
def test_text_is_no_formula_and_breaks_no_line(books: Settings, target: str) -> None:
    plain = list(READERS[target](export(books, target).folder))
    change(
        books, """update marts.ledger_entries set memo = '\x01=HYPERLINK("http://x","y")\t\n+1'"""
    )
    made = export(books, target)
    content = b"".join(files_of(made.folder).values()).decode("cp1252", errors="replace")
    assert "HYPERLINK" in content
    assert not re.search(r"(^|[,\t\"])[=+@]", content, re.MULTILINE)
    # the reader finds the same lines: no cell and no row was broken
    lines = list(READERS[target](made.folder))
    assert sorted(line[3:] for line in lines) == sorted(line[3:] for line in plain)


def test_long_words_are_cut_and_told(books: Settings) -> None:
    change(books, f"update marts.ledger_entries set memo = '{'word ' * 20}'")
    made = export(books, "sap")
    lines = list(READERS["sap"](made.folder))  # which refuses a field that is too long
    assert made.manifest["shortened"] == {
        "BKTXT": made.manifest["lines"],
        "SGTXT": len(lines),
    }


@pytest.mark.parametrize(
    ("target", "column"), [("quickbooks-online", "Description"), ("xero", "*Narration")]
)
def test_long_words_leave_the_whole_id(books: Settings, target: str, column: str) -> None:
    change(books, f"update marts.ledger_entries set memo = '{'word ' * 1000}'")
    folder = export(books, target, currencies=("EUR",)).folder
    for file in folder.glob("*.csv"):
        with file.open(newline="", encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                assert re.search(r" w\w* (txn_[0-9a-f]{32} )?ent_[0-9a-f]{32}$", row[column])
                assert len(row[column]) <= 4000
