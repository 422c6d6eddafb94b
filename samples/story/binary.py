"""The three files that are not text: two workbooks and a Parquet file, the same bytes every time.

In: the story's rows. Out: bytes. Workbooks are stored uncompressed with fixed dates inside, because
a compressor may differ from machine to machine and a date would differ from run to run.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook  # type: ignore[import-untyped]

from samples.story.books import BOOKS, part_rows
from samples.story.orders import SHOP_ZONE
from samples.story.rewards import CUSTOMERS, REWARDS, SALES

Sheet = tuple[str, Sequence[str], Sequence[Sequence[Any]]]


def _workbook(sheets: Sequence[Sheet]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, header, rows in sheets:
        sheet = book.create_sheet(title)
        for row in [header, *rows]:
            sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return _timeless(written.getvalue())


def _timeless(workbook: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2026-11-01T04:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 4, 0, 0)), content)
    return out.getvalue()


def phone_orders_xlsx() -> bytes:
    """The phone desk's sheet: dates and amounts are real cells, no processor id is known."""
    rows = []
    entries = [entry for entry in BOOKS if entry.part == "phone"]
    for entry, text in zip(entries, part_rows("phone"), strict=True):
        local = entry.booked_at.astimezone(SHOP_ZONE).replace(tzinfo=None)
        cells: dict[str, Any] = {
            **text,
            "amount": float(text["amount"]),
            "fee": float(text["fee"]),
            "transaction_date": local,
        }
        del cells["processor_transaction_id"]
        rows.append(cells)
    return _workbook([("Orders", list(rows[0]), [list(row.values()) for row in rows])])


def gift_cards_parquet() -> bytes:
    """The gift card service's export: typed columns, times in UTC."""
    entries = [entry for entry in BOOKS if entry.part == "gift_card"]
    rows = part_rows("gift_card")
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in rows[0]}
    moments = [entry.booked_at.astimezone(UTC) for entry in entries]
    columns["transaction_date"] = pa.array(moments, pa.timestamp("us", tz="UTC"))
    for name in ("amount", "fee"):
        exact = [Decimal(text) for text in columns[name]]
        columns[name] = pa.array(exact, pa.decimal128(18, 2))
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, compression="none")
    return out.getvalue()


def rewards_xlsx() -> bytes:
    """The rewards workbook: newest first, ids as numbers, as the programme exports it."""
    newest_first = sorted(REWARDS, key=lambda row: (row.created_at, row.trans_id), reverse=True)
    rows = [
        {
            "TRANS_ID": float(row.trans_id),
            "TCTYPE": row.kind,
            "CREATEDAT": row.created_at,
            "EXPIREDAT": row.expires_at,
            "CUSTOMERID": float(row.customer_id),
            "ORDERID": float(row.order_id) if row.order_id else None,
            # A workbook cell is a float; landing turns it back into exact text.
            "AMOUNT": row.amount / 100,
            "REASON": row.reason,
        }
        for row in newest_first
    ]
    sales = [[float(cell) for cell in row] for row in SALES]
    return _workbook(
        [
            ("TC_Data", list(rows[0]), [list(row.values()) for row in rows]),
            (
                "Sales",
                ["ORDERID", "CUSTOMERID", "PREDISCOUNTGROSSPRODUCTSALES", "ORDERWEIGHT"],
                sales,
            ),
            ("Customers", ["CUSTOMERID", "EMAIL", "FIRSTNAME", "BILLINGPOSTCODE"], CUSTOMERS),
        ]
    )
