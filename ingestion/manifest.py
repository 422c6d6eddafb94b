"""A manifest: a source that a deployment declares for itself, without code and without SQL.

In: a YAML file: where each house column stands in the sender's file and how it is spelled there.
Out: the SourceSpec that landing works by. Errors: ConfigurationError naming file, line, key and
the nearest name there is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, field_validator

from dbt_project.settings import ConfigurationError
from dbt_project.settings_faults import explain_yaml, line_of, mapping_of
from ingestion.catalogue import Column, Record, SourceSpec, catalogue
from ingestion.spellings import (
    Cell,
    Control,
    Direction,
    Encoding,
    Layout,
    Numbers,
    Part,
    Patterns,
    Place,
    Statement,
)

DOCUMENTATION = "see docs/sources/declared.md"
BANK_ROWS = (
    Column(name="account", kind="id", required=True, nullable=False),
    Column(name="booking_date", kind="timestamp", required=True, nullable=False),
    Column(name="amount", kind="amount", required=True, nullable=False),
    Column(name="currency", kind="currency", required=True, nullable=False),
    Column(name="balance", kind="amount"),
    Column(name="value_date", kind="timestamp"),
    Column(name="servicer_reference", kind="id"),
    Column(name="end_to_end_id", kind="id"),
    Column(name="transaction_reference", kind="id"),
    Column(name="proprietary_code"),
    Column(name="counterparty_name"),
    Column(name="counterparty_account", kind="id"),
    Column(name="remittance"),
    Column(name="additional_information"),
)


class Manifest(Part):
    """What the YAML file says. `numbers` and `dates` hold for every cell that has none itself."""

    title: str
    target: Literal["processor", "bank"] = "processor"
    format: Literal["csv", "xlsx"] = "csv"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    time_zone: str = "UTC"
    encoding: Encoding = "utf-8"
    skip_lines: int = Field(default=0, ge=0, le=1000)
    header_starts: str | None = None
    header: tuple[str, ...] = ()
    comment: str | None = None
    totals: tuple[str, ...] = ()
    numbers: Numbers = Numbers()
    dates: Patterns = ()
    columns: dict[str, Cell]
    control: Control | None = None
    statement: Statement | None = None
    never_land: tuple[str, ...] = ()
    numeric_ids: tuple[str, ...] = ()

    @field_validator("columns", mode="before")
    @classmethod
    def _header_alone_is_a_cell(cls, columns: Any) -> Any:
        if not isinstance(columns, dict):
            return columns
        return {n: {"column": c} if isinstance(c, str) else c for n, c in columns.items()}


PARTS = (Manifest, Cell, Numbers, Direction, Place, Control, Statement)
WORDS = sorted({name for part in PARTS for name in part.model_fields})


def read_manifest(file: Path, name: str) -> SourceSpec:
    """The contract of the source `name`. Raises ConfigurationError.

    Every value is text to start with: a column called No is not "false", 01 is not 1.
    """
    try:
        text = file.read_text(encoding="utf-8")
        mapping_of(text)  # refuses what is no mapping, and a key given twice
        manifest = Manifest.model_validate(yaml.load(text, Loader=yaml.BaseLoader) or {})  # noqa: S506 – it makes text only
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{file}: the manifest of {name} cannot be read: {error}"
        ) from error
    except yaml.YAMLError as error:
        raise ConfigurationError(explain_yaml(file, error)) from error
    except ValidationError as error:
        lines = [_explained(file, text, dict(problem)) for problem in error.errors()]
        raise ConfigurationError("\n".join([*lines, DOCUMENTATION])) from error
    faults = list(_faults(manifest, text))
    if faults:
        lines = [f"{file}:{line}: {words}" for line, words in faults]
        raise ConfigurationError("\n".join([*lines, DOCUMENTATION]))
    return _spec(manifest, name, text)


def _explained(file: Path, text: str, problem: dict[str, Any]) -> str:
    keys = [str(part) for part in problem["loc"]]
    words = str(problem["msg"]).removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        words = "no such key" + _nearest(keys[-1], WORDS)
    elif problem["type"] == "missing":
        words = "must be given"
    return f"{file}:{line_of(text, keys)}: {'.'.join(keys)}: {words}"


def _nearest(word: str, names: Iterable[str]) -> str:
    close = get_close_matches(word, list(names), n=1, cutoff=0.6)
    return f'; nearest is "{close[0]}"' if close else ""


def _house(manifest: Manifest) -> tuple[Column, ...]:
    if manifest.target == "bank":
        return BANK_ROWS
    return catalogue()["generic"].records["generic_transactions"].columns


def _faults(manifest: Manifest, text: str) -> Iterable[tuple[int, str]]:
    """What is wrong between the parts: line and words."""
    house = {column.name: column for column in _house(manifest)}
    for name in manifest.columns:
        if name not in house:
            words = f"columns.{name}: no such column{_nearest(name, house)}; there are"
            yield line_of(text, ["columns", name]), f"{words} {', '.join(house)}"
    ids = [name for name, column in house.items() if column.kind in ("key", "id")]
    for name in (n for n in manifest.numeric_ids if n not in ids):
        words = f"numeric_ids: {name} is no id{_nearest(name, ids)}; there are {', '.join(ids)}"
        yield line_of(text, ["numeric_ids"]), words
    named = {"processor_name"} | ({"account"} if _has_account(manifest) else set())
    for column in house.values():
        if column.required and column.name not in {*manifest.columns, *named}:
            yield line_of(text, ["columns"]), f"columns.{column.name}: must be given"
        cell = manifest.columns.get(column.name)
        if cell and cell.net and column.kind != "amount":
            place = line_of(text, ["columns", column.name])
            yield place, f"columns.{column.name}: only an amount has a net"
        is_moment = column.kind in ("timestamp", "date")
        if cell and is_moment and not cell.value and not (cell.dates or manifest.dates):
            place = line_of(text, ["columns", column.name])
            yield place, f"columns.{column.name}: say how dates are written (dates: [YYYY-MM-DD])"
    lines = {place.line for place in _places(manifest)}
    if lines and not (manifest.totals or manifest.skip_lines or manifest.header_starts):
        yield 1, f"lines {', '.join(sorted(lines))} would be read as rows; list them under totals"
    if manifest.statement and manifest.target != "bank":
        yield line_of(text, ["statement"]), "statement: only target: bank has statements"


def _has_account(manifest: Manifest) -> bool:
    return bool(manifest.statement and manifest.statement.account)


def _places(manifest: Manifest) -> list[Place | Control]:
    rules = manifest.statement
    outside = (rules.opening, rules.closing, rules.account) if rules else ()
    return [place for place in (*outside, manifest.control) if place]


def _spec(manifest: Manifest, name: str, text: str) -> SourceSpec:
    numeric = manifest.numeric_ids
    columns = tuple(_column(manifest, column, name) for column in _house(manifest))
    layout = {key: getattr(manifest, key) for key in Layout.model_fields}
    words: dict[str, Any] = {
        "source": name,
        "title": manifest.title,
        "formats": (manifest.format,),
        "delimiter": manifest.delimiter,
        "time_zone": manifest.time_zone,
        "parser_version": f"manifest-{hashlib.sha256(text.encode()).hexdigest()[:12]}",
        "never_land": manifest.never_land,
        "layout": Layout(**layout),
        "control": _control(manifest),
        "allows_empty": True,
    }
    if manifest.target == "bank":
        rows = Record(columns=columns, native_key=("account",), control_amount="amount")
        rows = with_numeric(rows, numeric)
        records = {
            record: with_numeric(parts, numeric)
            for record, parts in catalogue()["bank"].records.items()
        }
        rules = _statement(manifest)
        return SourceSpec(**words, records=records, rows=rows, statement=rules, whole_file=True)
    generic = catalogue()["generic"].records["generic_transactions"]
    record = with_numeric(generic.model_copy(update={"columns": columns}), numeric)
    return SourceSpec(**words, records={"generic_transactions": record}, keeps_rows=True)


def with_numeric(record: Record, names: Collection[str]) -> Record:
    """The record, with some ids said to be numbers that may look like cards."""
    columns = tuple(
        c.model_copy(update={"is_numeric": c.is_numeric or c.name in names}) for c in record.columns
    )
    return record.model_copy(update={"columns": columns})


def _column(manifest: Manifest, column: Column, name: str) -> Column:
    cell = manifest.columns.get(column.name)
    if cell is None and column.name == "processor_name":
        cell = Cell(value=name)
    if cell is None:
        return column.model_copy(update={"required": False})
    if column.kind == "amount" and cell.numbers is None:
        cell = cell.model_copy(update={"numbers": manifest.numbers})
    if column.kind in ("timestamp", "date") and not cell.dates:
        cell = cell.model_copy(update={"dates": manifest.dates})
    return column.model_copy(update={"cell": cell, "required": True})


def _control(manifest: Manifest) -> Control | None:
    control = manifest.control
    if control is None or control.numbers:
        return control
    return control.model_copy(update={"numbers": manifest.numbers})


def _statement(manifest: Manifest) -> Statement:
    rules = manifest.statement or Statement()
    changes = {
        name: place.model_copy(update={"numbers": place.numbers or manifest.numbers})
        for name in ("opening", "closing")
        if (place := getattr(rules, name))
    }
    return rules.model_copy(update=changes)
