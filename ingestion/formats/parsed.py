"""What every parser gives back, and the scratch database it puts the rows into.

A scratch database is DuckDB in memory (spilling to a folder of its own): parsers fill all-text
tables there, landing judges and moves them in sets. No row of a big file becomes a Python object.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingestion.faults import RowFault, Suspicion

CHUNK = 50_000
MEMORY = "600MB"  # what does not fit is spilled to the disk


@dataclass(frozen=True)
class Limits:
    """What a parser refuses to swallow."""

    max_bytes: int = 20_000_000_000
    max_line_bytes: int = 1_000_000


@dataclass(frozen=True)
class Work:
    """A parser's input: the bytes as a file of our own naming, and a folder for what it unpacks.

    `name` is what the sender called it, for formats that say less about themselves than their name.
    """

    path: Path
    folder: Path
    limits: Limits = Limits()
    name: str = ""


@dataclass(frozen=True)
class ParsedTable:
    """A scratch table: its text columns c0, c1, … stand for `headers`; `_source_line` is bigint.

    The last `added` headers are not the sender's: their cells were made from others.
    """

    record: str
    table: str
    headers: tuple[str, ...]
    added: int = 0

    def columns(self) -> tuple[str, ...]:
        """The scratch column of every header."""
        return tuple(f"c{index}" for index in range(len(self.headers)))

    @property
    def sent(self) -> int:
        """How many columns the sender wrote; they come first."""
        return len(self.headers) - self.added


@dataclass(frozen=True)
class Total:
    """A total that the file, its manifest or its statement declares, beside the one found."""

    scope: str
    currency: str | None
    measure: str
    declared: Decimal
    found: Decimal | None = None
    is_enforced: bool = True


@dataclass
class Parsed:
    """What a file says. `ends_cleanly` is False when its last line has no end.

    `asides` are lines around the rows (before the header, totals) with their fields.

    `sequence_number` counts the sender's files inside `sequence_scope` (an account, a merchant
    number); None for files without one and for resends, which are outside the count. `unread` are
    lines and texts that go nowhere and must still hold no card number, since files are archived.
    """

    format: str
    tables: list[ParsedTable] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    suspicions: list[Suspicion] = field(default_factory=list)
    notes: list[Suspicion] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    ends_cleanly: bool = True
    logical_key: str | None = None
    revision: int | None = None
    sequence_scope: str | None = None
    sequence_number: int | None = None
    asides: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)


class Scratch:
    """DuckDB in memory with all-text tables."""

    def __init__(self, folder: Path) -> None:
        self.connection: Any = duckdb.connect(
            ":memory:",
            config={
                "temp_directory": str(folder / "spill"),
                "memory_limit": MEMORY,
                "threads": "2",
            },
        )
        self.connection.execute("set TimeZone = 'UTC'")
        self._tables = 0

    def new_table(self, width: int) -> str:
        """An empty table with `width` text columns and `_source_line`."""
        self._tables += 1
        name = f"parsed_{self._tables}"
        columns = "".join(f"c{index} varchar, " for index in range(width))
        self.connection.execute(f"create table {name} ({columns}_source_line bigint)")
        return name

    def append(self, table: str, rows: Sequence[Sequence[str | None]], lines: list[int]) -> None:
        """Adds rows of equal width with their line numbers."""
        if not lines:
            return
        columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
        names = [f"c{index}" for index in range(len(columns))]
        batch = pa.table([*columns, pa.array(lines, pa.int64())], [*names, "_source_line"])
        self.connection.register("appended", batch)
        self.connection.execute(f"insert into {table} select * from appended")
        self.connection.unregister("appended")

    def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Every row of a query."""
        rows: list[tuple[Any, ...]] = self.connection.execute(sql, list(parameters)).fetchall()
        return rows

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """The single value of a query."""
        return self.all(sql, parameters)[0][0]


@contextmanager
def scratch_database(folder: Path) -> Iterator[Scratch]:
    """A scratch database that spills into `folder`, closed at the end."""
    scratch = Scratch(folder)
    try:
        yield scratch
    finally:
        scratch.connection.close()
