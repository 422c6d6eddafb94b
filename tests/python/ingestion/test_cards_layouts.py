"""Layouts and contracts of the card acquirers agree, and layouts are whole in themselves."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ingestion.catalogue import source_spec
from ingestion.formats.edi_layout import EdiLayout, RecordLayout, layouts, read_field

SOURCES = {
    "unica": ["unica"],
    "cielo": ["cielo"],
    "rede": ["rede_eevc", "rede_eevd", "rede_eefi"],
}
LAYOUTS = sorted(layouts())
ADDED = {"record_type", "layout", "line"}
AMOUNTS = {"money", "signed"}
DATES = {"ymd", "dmy", "ymd6"}


def landing(source: str) -> list[RecordLayout]:
    """The records of a source's layouts that land."""
    return [
        record for name in SOURCES[source] for record in layouts()[name].records if record.table
    ]


def test_every_layout_belongs_to_a_source() -> None:
    assert sorted(name for names in SOURCES.values() for name in names) == LAYOUTS


@pytest.mark.parametrize("source", SOURCES)
def test_every_field_has_its_column_and_every_column_its_field(source: str) -> None:
    spec = source_spec(source)
    fields: dict[str, set[str]] = {table: set() for table in spec.tables}
    for record in landing(source):
        fields[str(record.table)] |= {*record.fields, *record.carried}
    for table, contract in spec.records.items():
        assert fields[table] - set(contract.column_names) == set(), table
        assert set(contract.column_names) - fields[table] <= ADDED, table


@pytest.mark.parametrize("source", SOURCES)
def test_kinds_of_fields_and_columns_agree(source: str) -> None:
    spec = source_spec(source)
    for record in landing(source):
        columns = {column.name: column for column in spec.records[str(record.table)].columns}
        for name, field in record.fields.items():
            column = columns[name]
            assert (column.kind == "amount") == (field.kind in AMOUNTS), (record.code, name)
            assert (column.kind == "date") == (field.kind in DATES), (record.code, name)
            assert column.kind != "amount" or column.unit == "hundredths"


@pytest.mark.parametrize("name", LAYOUTS)
def test_fields_do_not_overlap_and_stay_inside_the_line(name: str) -> None:
    layout = layouts()[name]
    for record in layout.records:
        places = sorted((field.first, field.last) for field in record.fields.values())
        for (_, last), (first, _) in pairwise(places):
            assert last < first, (name, record.code, first)
        if places and record.width:
            assert places[-1][1] <= record.width, (name, record.code)


@pytest.mark.parametrize("name", LAYOUTS)
def test_amounts_that_must_be_there_are_inside_the_shortest_line(name: str) -> None:
    for record in layouts()[name].records:
        must = [field for field in record.fields.values() if field.must]
        ends = [field.last for field in must if field.kind in AMOUNTS | DATES]
        assert max(ends, default=0) <= (record.width or record.least or 0), record.code


def test_a_layout_that_is_wrong_is_refused() -> None:
    for words in ("3-8", "3-8 euros", "x-8 text"):
        with pytest.raises(ValueError, match="is not"):
            read_field(words)
    with pytest.raises(ValueError, match="extra"):
        EdiLayout.model_validate(
            {"name": "x", "encoding": "cp1252", "code": "1-1 id", "records": [], "colour": "red"}
        )
