"""ACH files in the NACHA layout: returns, notifications of change, and what was sent.

In: Work, contract, scratch. Out: Parsed with entries and addenda. A return repeats the entry with a
code of its own (21, 26, …) and says in addenda 99 why and which trace number it returns. Counts,
sums and hash of every batch and of the file are checked, and the file's number of blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, Suspicion
from ingestion.formats.mt940_fields import decoded
from ingestion.formats.nacha_records import BLOCK, Record, is_day, iso_day, records, settled_on
from ingestion.formats.octets import whole_content
from ingestion.formats.parsed import Parsed, ParsedTable, Scratch, Total, Work

MAX_BYTES = 256 * 1024 * 1024
HASH = 10**10
CREDITS, DEBITS = "01234", "56789"  # the second digit of a transaction code
Row = dict[str, str | None]


@dataclass
class Sums:
    """What a control record declares: entries with addenda, bank numbers, debits, credits."""

    count: int = 0
    hashed: int = 0
    debits: int = 0
    credits: int = 0
    batches: int = 0


def parse_nacha(work: Work, spec: SourceSpec, scratch: Scratch) -> Parsed:
    """Reads a file. Raises NACHA_INVALID naming line and column."""
    reader = _Reader(spec)
    for record in records(decoded(whole_content(work.path, "ACH", MAX_BYTES))):
        reader.read(record)
    return reader.finish(scratch)


class _Reader:
    """Walks the records in their order: 1, then batches of 5, 6, 7 and 8, then 9."""

    def __init__(self, spec: SourceSpec) -> None:
        self._spec, self._parsed = spec, Parsed("nacha")
        self._rows: dict[str, list[tuple[int, Row]]] = {name: [] for name in spec.records}
        self._file = Record(0, "")
        self._batch: Record | None = None
        self._created, self._key = "", ""
        self._of_batch, self._of_file = Sums(), Sums()
        self._addenda, self._physical, self._is_closed = 0, 0, False

    def read(self, record: Record) -> None:
        """One record."""
        kind = record.text[0]
        if (kind == "1") != (self._file.line == 0) or self._is_closed:
            raise FileFault(
                "NACHA_INVALID", "a file begins with one header (1) and ends with one control (9)",
                record.line, 1,
            )  # fmt: skip
        if (kind in "678") != (self._batch is not None):
            raise FileFault("NACHA_INVALID", "the record stands outside its batch", record.line, 1)
        self._physical += 1
        {
            "1": self._header, "5": self._open, "6": self._entry, "7": self._addendum,
            "8": self._close_batch, "9": self._close_file,
        }[kind](record)  # fmt: skip

    def finish(self, scratch: Scratch) -> Parsed:
        """The tables; a file without its control record is held."""
        if not self._is_closed:
            self._parsed.suspicions.append(
                Suspicion(
                    "FILE_TRUNCATED_SUSPECT",
                    "the file ends without its control record (9); ask for it again, or release it",
                )
            )
        for record, contract in self._spec.records.items():
            names = contract.column_names
            table = ParsedTable(record, scratch.new_table(len(names)), names)
            found = self._rows[record]
            values = [[row.get(name) for name in names] for _, row in found]
            scratch.append(table.table, values, [line for line, _ in found])
            self._parsed.tables.append(table)
        self._parsed.logical_key = self._key
        return self._parsed

    def _header(self, record: Record) -> None:
        day, time = iso_day(record.at(24, 29)), record.at(30, 33).ljust(4, "0")
        if day is None or not is_day(day):
            raise FileFault("NACHA_INVALID", "the header has no date", record.line, 24)
        self._file, self._created = record, f"{day}T{time[:2]}:{time[2:]}:00"
        parts = (record.at(14, 23), record.at(4, 13), self._created, record.at(34, 34))
        self._key = f"nacha {' '.join(parts)}"

    def _open(self, record: Record) -> None:
        if record.at(51, 53) == "ADV":
            raise FileFault("NACHA_INVALID", "ADV batches are for banks alone", record.line, 51)
        self._batch, self._of_batch = record, Sums()

    def _entry(self, record: Record) -> None:
        batch = self._batch or record
        code, is_iat = record.at(2, 3), batch.at(51, 53) == "IAT"
        cents, is_debit = record.number(30, 39), code[1:] in DEBITS and len(code) == 2
        self._of_batch.count += 1
        self._of_batch.hashed += record.number(4, 11)
        self._of_batch.debits += cents if is_debit else 0
        self._of_batch.credits += 0 if is_debit else cents
        self._addenda = 0
        self._add(
            "nacha_entries",
            record,
            {
                "file_created_at": self._created,
                "origin": self._file.at(14, 23),
                "destination": self._file.at(4, 13),
                "batch_number": batch.at(88, 94) or "0",
                "company_name": batch.at(5, 20),
                "company_id": batch.at(41, 50),
                "class_code": batch.at(51, 53),
                "description": batch.at(54, 63),
                "effective_date": batch.at(70, 75),
                "settled_on": settled_on(batch.at(76, 78), self._created),
                "entry_kind": "forward",
                "transaction_code": code,
                "direction": "debit" if is_debit else "credit",
                "bank_number": record.at(4, 12),
                "account_number": record.at(40, 74) if is_iat else record.at(13, 29),
                "amount": str(cents),
                "individual_id": None if is_iat else record.at(40, 54),
                "individual_name": None if is_iat else record.at(55, 76),
                "trace_number": record.at(80, 94),
            },
            len(self._rows["nacha_entries"]) + 1,
        )

    def _addendum(self, record: Record) -> None:
        entries = self._rows["nacha_entries"]
        if self._of_batch.count == 0:
            raise FileFault("NACHA_INVALID", "an addenda of no entry", record.line, 1)
        self._of_batch.count += 1
        self._addenda += 1
        type_code, reason = record.at(2, 3), record.at(4, 6)
        row: Row = {"addenda_index": str(self._addenda), "type_code": type_code}
        if type_code in ("98", "99"):
            kind = _kind(type_code, reason)
            row |= {
                "reason_code": reason,
                "original_trace_number": record.at(7, 21),
                "date_of_death": record.at(22, 27),
                "original_bank_number": record.at(28, 35),
                "information": record.at(36, 79),
            }
            if kind in ("dishonored", "contested"):
                row |= {
                    "information": record.at(59, 79),
                    "return_trace_number": record.at(39, 53),
                    "return_reason_code": f"R{record.at(57, 58)}",
                }
            shared = ("reason_code", "original_trace_number", "return_trace_number")
            entries[-1][1].update({name: row.get(name) for name in shared} | {"entry_kind": kind})
        else:
            row["information"] = record.at(4, 83)
        row["trace_number"] = record.at(80, 94) if type_code in ("98", "99") else None
        self._add("nacha_addenda", record, row, len(entries))

    def _add(self, name: str, record: Record, row: Row, entry: int) -> None:
        keys = {"file_key": self._key, "entry_index": str(entry)}
        self._rows[name].append((record.line, {**row, **keys}))

    def _close_batch(self, record: Record) -> None:
        batch, found = self._batch or record, self._of_batch
        scope = f"batch {batch.at(88, 94)} on line {record.line}"
        places = {"count": (5, 10), "hash": (11, 20), "debits": (21, 32), "credits": (33, 44)}
        self._compare(scope, record, places, found)
        for name in ("count", "hashed", "debits", "credits"):
            setattr(self._of_file, name, getattr(self._of_file, name) + getattr(found, name))
        self._of_file.batches += 1
        self._batch = None

    def _close_file(self, record: Record) -> None:
        places = {"count": (14, 21), "hash": (22, 31), "debits": (32, 43), "credits": (44, 55)}
        self._compare("file", record, places, self._of_file)
        blocks = -(-self._physical // BLOCK)
        for scope, place, number in (
            ("file (batches)", (2, 7), self._of_file.batches),
            ("file (blocks)", (8, 13), blocks),
        ):
            declared = Decimal(record.number(*place))
            self._parsed.totals.append(Total(scope, None, "rows", declared, Decimal(number)))
        self._is_closed = True

    def _compare(
        self, scope: str, record: Record, places: dict[str, tuple[int, int]], found: Sums
    ) -> None:
        numbers = {
            "count": ("rows", found.count), "hash": ("rows", found.hashed % HASH),
            "debits": ("amount", found.debits), "credits": ("amount", found.credits),
        }  # fmt: skip
        for name, place in places.items():
            measure, number = numbers[name]
            declared = Decimal(record.number(*place))
            of = f"{scope} ({name})"
            self._parsed.totals.append(Total(of, "USD", measure, declared, Decimal(number)))


def _kind(type_code: str, reason: str) -> str:
    """What an addenda makes of its entry. Codes outside the known spans are plain returns."""
    if type_code == "98":
        return "change"
    if "R61" <= reason <= "R70":
        return "dishonored"
    return "contested" if "R71" <= reason <= "R77" else "return"
