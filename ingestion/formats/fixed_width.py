"""Lines of a declared layout as tables, in sets: one query a record type, no line in Python.

In: scratch `lines` and an EdiLayout. Out: ParsedTables with the raw columns, the faults of lines
that do not fit, and the envelope (header, trailers) as text. Amounts come out as whole
hundredths with their sign, dates as YYYY-MM-DD; what is no number or date stays as it is written,
and the contract refuses the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ingestion.catalogue import SourceSpec
from ingestion.faults import FileFault, RowFault
from ingestion.formats.delimited_exact import MAX_FAULTS
from ingestion.formats.edi_layout import EdiLayout, Field, RecordLayout
from ingestion.formats.edi_lines import Lines
from ingestion.formats.edi_sql import fits, length_of, text_of, value_of, wrong_in
from ingestion.formats.parsed import ParsedTable, Scratch

Facts = dict[str, str | None]
OTHERS = "_other_records"


class FixedWidth:
    """One file's lines, read by a layout."""

    def __init__(self, scratch: Scratch, lines: Lines, layout: EdiLayout) -> None:
        self._scratch, self._layout, self.lines = scratch, layout, lines
        self.faults: list[RowFault] = []
        codes = ", ".join(f"'{record.code}'" for record in layout.records)
        code = text_of(layout, layout.code)
        if layout.delimiter:
            code = f"trim(split_part(line, '{layout.delimiter}', 1))"
        scratch.connection.execute(
            f"create table coded as select case when {code} in ({codes}) then {code} end as code,"
            f" {length_of(layout)} as size, line, _source_line from {lines.table}"
        )
        self.line_count = lines.count

    def unknown(self) -> list[tuple[int, str]]:
        """Line and start of the first lines that no record of the layout is for."""
        return [
            (int(line), str(start))
            for line, start in self._scratch.all(
                "select _source_line, substr(line, 1, 3) from coded where code is null"
                " order by _source_line limit 5"
            )
        ]

    def envelope(self, code: str) -> list[Facts]:
        """The fields of every line of a code; for headers and trailers, of which there are few.

        A line of the wrong length is no envelope: raises LINE_LENGTH.
        """
        record = self._layout.record(code)
        wrong = self._scratch.all(
            f"select _source_line, size from coded where code = '{code}' and not ({fits(record)})"
            " order by _source_line limit 1"
        )
        if wrong:
            raise FileFault("LINE_LENGTH", _length_message(record, *wrong[0]), wrong[0][0])
        names = list(record.fields)
        cells = ", ".join(value_of(self._layout, field) for field in record.fields.values())
        rows = self._scratch.all(
            f"select _source_line, {cells} from coded where code = '{code}' order by _source_line"
        )
        facts = [dict(zip(["_line", *names], map(_known, row), strict=True)) for row in rows]
        for fact in facts:
            for name, field in record.fields.items():
                _must_hold(code, name, field, fact)
        return facts

    def tables(self, spec: SourceSpec) -> list[ParsedTable]:
        """A scratch table for each raw table of the source; notes faults on the way."""
        found = []
        for name, contract in spec.records.items():
            table = self._scratch.new_table(len(contract.columns))
            for record in self._layout.records:
                if record.table == name:
                    self._fill(table, record, contract.column_names)
            if name.endswith(OTHERS):
                self._keep_unknown(table, contract.column_names)
            found.append(ParsedTable(name, table, contract.column_names))
        return found

    def sum(self, codes: Sequence[str], field: str, where: str = "true") -> Decimal:
        """An amount's total over all lines of some codes, those that will be refused included."""
        whole = Decimal(0)
        for code in codes:
            value = value_of(self._layout, self._layout.record(code).fields[field])
            whole += self._scratch.one(
                f"select coalesce(sum(try_cast({value} as decimal(28, 0))), 0) from coded"
                f" where code = '{code}' and {where}"
            )
        return whole * Decimal("0.01")

    def count(self, codes: Sequence[str]) -> int:
        """How many lines have one of some codes."""
        listed = ", ".join(f"'{code}'" for code in codes)
        return int(self._scratch.one(f"select count(*) from coded where code in ({listed})"))

    def misnumbered(self, fields: dict[str, str]) -> tuple[int, int] | None:
        """The first line whose own number is not its place among the lines: line and number."""
        cases = " ".join(
            f"when '{code}' then try_cast({value_of(self._layout, record.fields[name])} as bigint)"
            for code, name in fields.items()
            if (record := self._layout.record(code))
        )
        wrong = self._scratch.all(
            f"select _source_line, number from (select _source_line, case code {cases} end as"
            " number, row_number() over (order by _source_line) as place from coded)"
            " where number != place order by _source_line limit 1"
        )
        return (int(wrong[0][0]), int(wrong[0][1])) if wrong else None

    def _fill(self, table: str, record: RecordLayout, columns: tuple[str, ...]) -> None:
        values = {
            name: value_of(self._layout, field)
            for name, field in record.fields.items()
            if name in columns
        }
        values |= self._constants(record, columns)
        carried = {name: f"carried_{name}" for name in record.carried if name in columns}
        listed = ", ".join((values | carried).get(column, "null") for column in columns)
        self._note_faults(record)
        self._scratch.connection.execute(
            f"insert into {table} select {listed}, _source_line from {self._carrying(record)}"
            f" where code = '{record.code}' and {fits(record)} and not ({self._broken(record)})"
            " order by _source_line"
        )

    def _keep_unknown(self, table: str, columns: tuple[str, ...]) -> None:
        """Lines that no record is for: searched for card numbers, and kept if the file lands."""
        known = {"record_type": "'unknown'", "layout": f"'{self._layout.name}'", "line": "line"}
        listed = ", ".join(known[column] for column in columns)
        self._scratch.connection.execute(
            f"insert into {table} select {listed}, _source_line from coded where code is null"
        )

    def _constants(self, record: RecordLayout, columns: tuple[str, ...]) -> dict[str, str]:
        names = {"record_type": f"'{record.code}'", "layout": f"'{self._layout.name}'"}
        names |= {"line": "rtrim(line)"}
        return {name: value for name, value in names.items() if name in columns}

    def _carrying(self, record: RecordLayout) -> str:
        """The lines, with what each takes from the last line of another code before it."""
        if not record.carried:
            return "coded"
        parts = []
        for name, (code, field) in record.carried.items():
            parts.append(
                f"last_value(case when code = '{code}' then {value_of(self._layout, field)} end"
                f" ignore nulls) over (order by _source_line) as carried_{name}"
            )
        return f"(select *, {', '.join(parts)} from coded)"

    def _broken(self, record: RecordLayout) -> str:
        """Whether a number or time is neither blank nor what the layout says."""
        wrong = [c for field in record.fields.values() if (c := wrong_in(self._layout, field))]
        return " or ".join(wrong) or "false"

    def _note_faults(self, record: RecordLayout) -> None:
        table = record.table or ""
        lengths = self._scratch.all(
            f"select _source_line, size, sha256(line) from coded where code = '{record.code}'"
            f" and not ({fits(record)}) order by _source_line limit {MAX_FAULTS + 1}"
        )
        for line, size, digest in lengths:
            message = _length_message(record, line, size)
            self.faults.append(
                RowFault(table, line, "LINE_LENGTH", detail=message, line_hash=digest)
            )
        for name, field in record.fields.items():
            if not (wrong := wrong_in(self._layout, field)):
                continue
            cells = self._scratch.all(
                f"select _source_line, {text_of(self._layout, field)}, sha256(line) from coded"
                f" where code = '{record.code}' and {fits(record)} and {wrong}"
                f" order by _source_line limit {MAX_FAULTS + 1}"
            )
            self.faults += [
                RowFault(table, line, "FIELD_INVALID", field.first, name, cell, line_hash=digest)
                for line, cell, digest in cells
            ]
        if len(self.faults) > MAX_FAULTS:
            raise FileFault("TOO_MANY_FAULTS", f"over {MAX_FAULTS} lines do not fit the layout")


def _known(value: object) -> str | None:
    return None if value is None else str(value)


def _must_hold(code: str, name: str, field: Field, fact: Facts) -> None:
    value, line = fact[name], int(fact["_line"] or 0)
    is_number = value is None or value.removeprefix("-").isdecimal()
    is_amount = field.kind in ("number", "money", "signed")
    if (field.must and value is None) or (is_amount and not is_number):
        raise FileFault(
            "FIELD_INVALID",
            f"{name} of the {code} line is {value or 'empty'}; the layout wants {field.kind}",
            line,
            field.first,
        )


def _length_message(record: RecordLayout, line: int, size: int) -> str:
    wanted = record.width or f"at least {record.least}"
    return (
        f"a {record.code} line of {size}, the layout wants {wanted}; cut or shifted fields would"
        " read as other amounts, so ask for the file again as it was sent"
    )
