"""A sender's own net beside amount and fee: it must be amount - fee, or the row is refused.

In: a table's columns in plain text, one of which names its net. Out: the net's header and an SQL
condition that is true for a row that does not tie. A net that is not filled says nothing.
"""

from __future__ import annotations

from ingestion.catalogue import Column
from ingestion.formats.parsed import ParsedTable
from ingestion.formats.spelling_sql import number, signed, trimmed
from ingestion.spellings import Numbers

EXACT = "decimal(38, 6)"


def nets_to_tie(plains: list[tuple[Column, str]], table: ParsedTable) -> list[tuple[str, str]]:
    """Each net's header, and the condition for a row whose net is not its amount less its fee."""
    places = dict(zip(table.headers, table.columns(), strict=True))
    fee = next((plain for column, plain in plains if column.name == "fee"), "'0'")
    return [
        (cell.net, _is_wrong(plain, fee, places[cell.net], cell.numbers or Numbers()))
        for column, plain in plains
        if (cell := column.cell) and cell.net
    ]


def _is_wrong(amount: str, fee: str, net: str, spelled: Numbers) -> str:
    read = number(trimmed(net), spelled)
    plain = signed(read.magnitude, read.is_negative)
    tied = (
        f"coalesce(try_cast({amount} as {EXACT}), 0) - coalesce(try_cast({fee} as {EXACT}), 0)"
        f" = try_cast({plain} as {EXACT})"
    )
    return f"{read.cell} is not null and not coalesce({read.fits} and {tied}, false)"
