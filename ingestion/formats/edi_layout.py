"""Declared layouts of fixed-width and comma-separated EDI files: where each field stands.

In: the YAML files in ingestion/formats/layouts. Out: EdiLayout by name, checked. A field is
written `first-last kind` (counted from 1, both ends included), or `column kind` in a delimited
layout; an exclamation mark: a line without it is refused.
Run alone: python -m ingestion.formats.edi_layout
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from dbt_project.settings import ConfigurationError

LAYOUTS = Path(__file__).with_name("layouts")
WORDS = ("text", "id", "card", "time")
NUMBERS = ("number", "money", "signed", "rate2", "rate3")
KINDS = (*WORDS, *NUMBERS, "ymd", "dmy", "ymd6")
SPEC = re.compile(r"(?P<first>[0-9]+)(?:-(?P<last>[0-9]+))? (?P<kind>[a-z]+[0-9]?)(?P<must>!?)")


@dataclass(frozen=True)
class Field:
    """A field's place and kind; `must`: a line without it is refused."""

    first: int
    last: int
    kind: str
    must: bool = False


def read_field(value: object) -> Field:
    """`12-19 ymd!` as a Field. Raises ValueError."""
    found = SPEC.fullmatch(str(value))
    if not found or found["kind"] not in KINDS:
        raise ValueError(f'"{value}" is not "first-last kind" with a kind of {", ".join(KINDS)}')
    first = int(found["first"])
    return Field(first, int(found["last"] or first), found["kind"], bool(found["must"]))


Place = Annotated[Field, BeforeValidator(read_field)]


class _Part(BaseModel):
    """A part of a layout; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class RecordLayout(_Part):
    """One kind of line: its code, the raw table it lands in (none: envelope), its fields.

    `width` is the exact length, `least` the shortest (trailing filler may be cut).
    `carried` are fields taken from the last line before it that has another code.
    """

    code: str
    table: str | None = None
    width: int | None = None
    least: int | None = None
    fields: dict[str, Place] = {}
    carried: dict[str, tuple[str, Place]] = {}


class EdiLayout(_Part):
    """A file's layout: how a line's code is found, and the records there are."""

    name: str
    encoding: str
    code: Place
    delimiter: str | None = None
    records: tuple[RecordLayout, ...]

    def record(self, code: str) -> RecordLayout:
        """The record of a code. Raises KeyError."""
        return {record.code: record for record in self.records}[code]


@lru_cache(maxsize=1)
def layouts() -> dict[str, EdiLayout]:
    """Every layout by the name of its file. Raises ConfigurationError naming the file."""
    found = {}
    for file in sorted(LAYOUTS.glob("*.yml")):
        try:
            words = yaml.safe_load(file.read_text(encoding="utf-8"))
            found[file.stem] = EdiLayout.model_validate(words)
        except (ValidationError, yaml.YAMLError) as error:
            raise ConfigurationError(f"{file}: {error}") from error
    return found


if __name__ == "__main__":
    for stem, layout in layouts().items():
        print(stem, *(record.code for record in layout.records))  # noqa: T201
