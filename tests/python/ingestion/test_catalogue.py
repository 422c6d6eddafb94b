"""The catalogue is checked data, and the warehouse's raw tables are what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dbt_project.settings import PROJECT_ROOT, ConfigurationError, Source
from ingestion.catalogue import CATALOGUE_DIR, catalogue, read_spec, source_spec
from ingestion.faults import WAY_OUT
from ingestion.landing.contract_sql import rules
from ingestion.landing.land import land_file
from ingestion.landing.schema import raw_tables
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import books

WORD = "source: x\ntitle: x\nformats: [csv]\ntime_zone: UTC\nparser_version: x-1\n"


def test_every_source_is_read_and_named_like_its_file() -> None:
    assert list(catalogue()) == sorted(file.stem for file in CATALOGUE_DIR.glob("*.yml"))
    tables = [table for spec in catalogue().values() for table in spec.tables]
    assert len(tables) == len(set(tables)) == len(raw_tables())


def test_an_unknown_source_lists_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match=", ".join(catalogue())):
        source_spec("north_pay")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("records: {r: {native_key: [a], columns: [{name: b}]}}", "unknown columns"),
        ("records: {r: {native_key: [b], columns: [{name: b, kind: money}]}}", "kind"),
        ("records: {r: {native_key: [b], columns: [{name: b, kind: enum}]}}", "lists its values"),
        ("records: {r: {native_key: [b], columns: [{name: 'b; drop'}]}}", "name"),
        ("records: {}\ncolour: red", "colour"),
        ("records: [", "x.yml"),
    ],
)
def test_a_wrong_contract_names_its_file(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "x.yml"
    file.write_text(WORD + text)
    with pytest.raises(ConfigurationError, match=words) as error:
        read_spec(file)
    assert str(file) in str(error.value)


def test_every_kind_that_can_be_judged_has_a_rule() -> None:
    for spec in catalogue().values():
        for record in spec.records.values():
            judged = {rule.column for rule in rules(record, "default", "EUR")}
            free = {"text", "personal"}
            wanted = {c.name for c in record.columns if c.kind not in free or not c.nullable}
            assert wanted == judged


def test_raw_tables_have_the_catalogues_columns(desk: Desk) -> None:
    rows = desk.warehouse.rows(
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'raw' order by table_name, ordinal_position"
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["table_name"], []).append(row["column_name"])
    assert found == {table: list(columns) for table, columns in raw_tables().items()}


def test_every_code_is_explained_in_the_handbook() -> None:
    codes = {
        code
        for file in (PROJECT_ROOT / "ingestion").rglob("*.py")
        for code in re.findall(r'"([A-Z]{2,}(?:_[A-Z]+)+)"', file.read_text(encoding="utf-8"))
    }
    text = (PROJECT_ROOT / "docs" / "ingestion.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`([A-Z]{2,}(?:_[A-Z]+)+)`", text))
    of_others = {"UPDATED_AT"}  # Square's word for an order of its answers
    assert codes - of_others == explained
    assert set(WAY_OUT) <= codes


def test_a_zone_or_currency_that_does_not_exist_stops_the_load(desk: Desk) -> None:
    unchecked = Source.model_construct(time_zone="Mars/Base")  # settings refuse it earlier
    for words in (unchecked, Source(currency="EURO")):
        settings = desk.settings.model_copy(update={"sources": {"internal": words}})
        path = desk.put("file.csv", books({"description": repr(words)}))
        with pytest.raises(ConfigurationError, match=r"sources\.internal"):
            land_file(settings, desk.warehouse, "internal", path)
