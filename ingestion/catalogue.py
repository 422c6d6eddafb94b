"""The contract of every source: its formats, its raw tables, their columns and rules.

In: the YAML files in ingestion/catalogue, one a source. Out: SourceSpec by source name, checked.
Adding a source is adding a file; see docs/ingestion.md. Errors: ConfigurationError naming the file.
Run alone: python -m ingestion.catalogue
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from dbt_project.settings import ConfigurationError
from ingestion.spellings import Cell, Control, Layout, Part, Statement, Unit

CATALOGUE_DIR = Path(__file__).with_suffix("")
ORIGIN_COLUMNS = ("_extra", "_document_id", "_source_file", "_source_line", "_loaded_at")

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
Kind = Literal[
    "key", "id", "text", "amount", "rate", "currency", "timestamp", "unix", "date", "enum",
    "tenant", "personal",
]  # fmt: skip
Format = Literal[
    "csv", "ndjson", "json", "xlsx", "parquet", "zip", "gzip",
    "camt", "mt940", "bai2", "ofx", "nacha", "paypal", "unica", "cielo", "rede", "ecb",
]  # fmt: skip


class Column(Part):
    """One column of a raw table.

    `required`: the file must have it. `nullable`: its cells may be empty (required ones may not).
    An `id` that `is_numeric` may look like a card number; a `personal` one lands as a keyed hash,
    unless it `is_kept`.
    `unit` of an amount: major (12.34), minor (1234, and 12 for JPY 12), or hundredths (1234, and
    1200 for JPY 12: some senders write two digits for every currency). A sender's own idea of a
    currency's decimals is in seeds/currency_exceptions.csv and goes before ISO's.
    `rate` is a plain decimal above zero, at most eight digits and twelve decimals.
    `unix` is a moment in whole seconds since 1970. In JSON objects a column stands at `path`
    (`a.b.0.c`; default its name, `^.a` is a name of the event around), then at its aliases.
    `cell` says how a sender spells it whose cells are no plain text (see ingestion/spellings.py).
    """

    name: Identifier
    kind: Kind = "text"
    required: bool = False
    nullable: bool = True
    aliases: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    currency: Identifier | None = None
    unit: Unit = "major"
    path: str | None = None
    is_kept: bool = False
    is_numeric: bool = False
    cell: Cell | None = None

    @model_validator(mode="after")
    def _enum_has_values(self) -> Self:
        if (self.kind == "enum") != bool(self.values):
            raise ValueError(f"{self.name}: an enum lists its values, another kind has none")
        return self

    @property
    def words(self) -> tuple[str, ...]:
        """Every header that means this column or a part of it, those as they are sent first."""
        return (*(self.cell.headers if self.cell else ()), *self.aliases, self.name)


class NetCheck(Part):
    """net = gross − fee on every row, else NET_MISMATCH."""

    kind: Literal["net"]
    gross: Identifier
    fee: Identifier
    net: Identifier


class SumCheck(Part):
    """Per currency, the `parts` of a file add up to its `total`, else CONTROL_TOTAL_MISMATCH."""

    kind: Literal["sum"]
    amount: Identifier
    by: Identifier
    parts: tuple[str, ...]
    total: str


class BatchCheck(Part):
    """Per batch and currency, the rows that close a batch take out what its others brought in,
    else CONTROL_TOTAL_MISMATCH. A batch that nothing closes is not asked."""

    kind: Literal["batch"]
    by: tuple[Identifier, ...]
    debit: Identifier
    credit: Identifier
    of: Identifier
    closing: tuple[str, ...]


class Parent(Part):
    """Rows whose parent row is refused are refused with it."""

    record: Identifier
    by: tuple[Identifier, ...]


class Record(Part):
    """One raw table: its columns in order, what makes its key, and checks across columns.

    JSON objects are of this record when their field `object` is one of `objects`, or when they
    stand under one of the names `under` in a response.
    """

    columns: tuple[Column, ...]
    native_key: tuple[Identifier, ...]
    one_of: tuple[tuple[Identifier, ...], ...] = ()
    control_amount: Identifier | None = None
    sheet: str | None = None
    objects: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    checks: tuple[NetCheck | SumCheck | BatchCheck, ...] = ()
    parent: Parent | None = None

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        known = set(self.column_names)
        used = {*self.native_key, *(name for group in self.one_of for name in group)}
        used |= {column.currency for column in self.columns if column.currency}
        if missing := sorted(used - known):
            raise ValueError(f"unknown columns {missing}")
        return self

    @property
    def column_names(self) -> tuple[str, ...]:
        """The source columns, in the order of the raw table."""
        return tuple(column.name for column in self.columns)

    @property
    def is_object(self) -> bool:
        """Whether its rows are JSON objects, and so never lines of a table."""
        return bool(self.objects or self.under)

    @property
    def required(self) -> tuple[str, ...]:
        """Columns a file of this record cannot be without."""
        return tuple(column.name for column in self.columns if column.required)

    def by_header(self) -> dict[str, Column]:
        """Which column a header name (or alias) means; the match is exact."""
        return {word: column for column in self.columns for word in column.words}

    def currency_column(self, column: Column) -> str | None:
        """Where the currency of an amount stands; None when it is the document's."""
        name = column.currency or "currency"
        return name if name in self.column_names else None


class SourceSpec(Part):
    """What Tieout knows of one source before any file arrives.

    `keeps_rows`: `_extra` has every column as it came, not only those without a column here.
    `rows` is the record of one row of a bank's table, where the raw tables are made from rows.
    `not_needed` names kinds of JSON objects (with `*`) that are known and have no table.
    """

    source: Identifier
    title: str
    formats: tuple[Format, ...]
    delimiter: str = ","
    trailer: str | None = None
    time_zone: str
    currency: str | None = None
    parser_version: str
    allows_empty: bool = False
    shortest_floats: bool = False
    whole_file: bool = False
    never_land: tuple[str, ...] = ()
    not_needed: tuple[str, ...] = ()
    layout: Layout = Layout()
    control: Control | None = None
    rows: Record | None = None
    statement: Statement | None = None
    keeps_rows: bool = False
    records: dict[Identifier, Record]

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the raw tables this source fills, without schema."""
        return tuple(self.records)

    @property
    def has_objects(self) -> bool:
        """Whether JSON of this source is read as objects of several kinds."""
        return any(record.is_object for record in self.records.values())

    def as_table(self) -> SourceSpec:
        """The contract a file is read by: the rows' own, where the raw tables are made of rows."""
        if self.rows is None:
            return self
        return self.model_copy(update={"records": {"bank_entries": self.rows}})

    def is_dropped(self, header: str) -> bool:
        """Whether a column is personal and of no use here, and so must not reach the warehouse."""
        return any(fnmatchcase(header, pattern) for pattern in self.never_land)


@lru_cache(maxsize=1)
def catalogue() -> dict[str, SourceSpec]:
    """Every source by name. Raises ConfigurationError naming the file that is wrong."""
    specs = (read_spec(file) for file in sorted(CATALOGUE_DIR.glob("*.yml")))
    return {spec.source: spec for spec in specs}


def read_spec(file: Path) -> SourceSpec:
    """One source's contract. Raises ConfigurationError."""
    try:
        return SourceSpec.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{file}: {error}") from error


def source_spec(name: str) -> SourceSpec:
    """The contract of a source. Raises ConfigurationError listing the names there are."""
    specs = catalogue()
    if name not in specs:
        raise ConfigurationError(
            f'source "{name}" is not in the catalogue; there are {", ".join(specs)}. '
            f"A new source is a file in {CATALOGUE_DIR}; see docs/ingestion.md."
        )
    return specs[name]


if __name__ == "__main__":
    for spec in catalogue().values():
        print(f"{spec.source}: {', '.join(spec.formats)} -> {', '.join(spec.tables)}")  # noqa: T201
