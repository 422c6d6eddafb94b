"""Rows of a PayPal report in the scratch database: moments made plain, fees that say nothing clear.

In sets: a report may have a million rows.
"""

from __future__ import annotations

from ingestion.faults import RowFault
from ingestion.formats.parsed import ParsedTable, Scratch

MOMENT = r"[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}( ?[+-][0-9]{4})?"
DATES = {
    "initiation_date": "Transaction Initiation Date",
    "completion_date": "Transaction Completion Date",
}


def plain_rows(scratch: Scratch, table: ParsedTable) -> ParsedTable:
    """The same rows with ISO moments (as they came they are in `_extra`) and codes in capitals."""
    place = dict(zip(table.headers, table.columns(), strict=True))
    made = ParsedTable(table.record, scratch.new_table(len(table.headers)), table.headers)
    cells = [_cell(header, column, place) for header, column in place.items()]
    scratch.connection.execute(
        f"insert into {made.table} select {', '.join(cells)}, _source_line from {table.table}"
        " order by rowid"
    )
    scratch.connection.execute(f"drop table {table.table}")
    return made


def refuse_unclear(scratch: Scratch, table: ParsedTable, record: str) -> list[RowFault]:
    """Takes out the rows whose money cannot be read, and says why."""
    place = dict(zip(table.headers, table.columns(), strict=True))
    faults = []
    for code, name, condition, detail in _unclear(place):
        for line, value in scratch.all(
            f"delete from {table.table} where {condition} returning _source_line, {place[name]}"
        ):
            faults.append(RowFault(record, line, code, None, name, value, detail))
    return sorted(faults, key=lambda fault: fault.line)


def _unclear(place: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """Code, column and condition of rows whose fee cannot be read."""
    fee, side = place["fee_amount"], place["fee_credit_debit"]
    of, gross = place["fee_currency"], place["gross_currency"]
    report, status = place["report"], place["transactional_status"]
    has_fee = f"coalesce(try_cast({fee} as decimal(38, 6)), 0) != 0"
    return [
        (
            "DIRECTION_MISSING",
            "fee_credit_debit",
            f"{has_fee} and coalesce(trim({side}), '') = ''",
            "the fee says neither credit nor debit; ask PayPal",
        ),
        (
            "FEE_CURRENCY",
            "fee_currency",
            f"{has_fee} and trim({of}) != '' and upper(trim({of})) != upper(trim({gross}))",
            "the fee is in another currency than the amount; book it by hand",
        ),
        (
            "SIGN_MISMATCH",
            "gross_amount",
            f"starts_with(trim({place['gross_amount']}), '-') or starts_with(trim({fee}), '-')",
            "PayPal's amounts have no sign; credit or debit says the direction",
        ),
        (
            "VALUE_MISSING",
            "transactional_status",
            f"{report} = 'TRR' and coalesce(trim({status}), '') = ''",
            "without it nobody knows whether the money moved; a settlement report is called STL",
        ),
    ]


def _cell(header: str, column: str, place: dict[str, str]) -> str:
    if header in DATES:
        return (
            f"case when regexp_full_match({column}, '{MOMENT}') then replace(substr({column}, 1,"
            f" 10), '/', '-') || substr({column}, 11, 9) || trim(substr({column}, 20))"
            f" else {column} end"
        )
    if header == "_extra":
        came = ", ".join(f"'{name}', {place[column]}" for column, name in DATES.items())
        return f"json_merge_patch(coalesce({column}, '{{}}'), json_object({came}))::varchar"
    if header in (
        "event_code",
        "credit_debit",
        "fee_credit_debit",
        "gross_currency",
        "fee_currency",
    ):
        return f"upper(trim({column}))"
    return column
