"""The books as files for an accounting program: a folder with a manifest, whole or not at all.

In: Settings, a Selection, a folder. Out: Exported. The same entries give the same bytes. Raises
ExportRefusedError, naming entry or account, when the target would not take it; nothing is left.
Run alone: tieout export ledger --format netsuite --period 2026-10
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dbt_project.settings import Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from delivery.contents import product_version
from delivery.ledger import read, runs, split
from delivery.ledger.beancount import Beancount
from delivery.ledger.book import Book, ExportRefusedError
from delivery.ledger.hledger import Hledger
from delivery.ledger.manifest import Tally, ask_whose, described, write_manifest
from delivery.ledger.netsuite import NetSuite
from delivery.ledger.quickbooks_desktop import QuickBooksDesktop
from delivery.ledger.quickbooks_online import QuickBooksOnline
from delivery.ledger.sap import Sap
from delivery.ledger.selection import Selection
from delivery.ledger.target import Target
from delivery.ledger.xero import Xero

TARGETS: Mapping[str, type[Target]] = {
    "netsuite": NetSuite,
    "sap": Sap,
    "quickbooks-online": QuickBooksOnline,
    "quickbooks-desktop": QuickBooksDesktop,
    "xero": Xero,
    "beancount": Beancount,
    "hledger": Hledger,
}


@dataclass(frozen=True)
class Exported:
    """Where the files are, and what the manifest says of them."""

    folder: Path
    manifest: Mapping[str, Any]


def export_ledger(settings: Settings, wanted: Selection, folder: Path) -> Exported:
    """Writes the files into a folder of their own in `folder`; one from before is replaced."""
    with open_warehouse(settings, read_only=True) as warehouse:
        read.ask_for_marts(warehouse, wanted)
        newest = runs.newest(warehouse, wanted.target)
        wanted = read.settled(warehouse, wanted)
        read.ask_for_one_currency(warehouse, wanted)
        target = TARGETS[wanted.target](read.read_book(warehouse, wanted))
        final, fresh = folder / wanted.stem, folder / f".{wanted.stem}.{os.getpid()}"
        ask_whose(final, wanted.tenant)
        fresh.mkdir(parents=True)
        try:
            words = _fill(warehouse, wanted, target, fresh)
            write_manifest(fresh, words)
            if runs.newest(warehouse, wanted.target) != newest:
                raise ExportRefusedError(
                    f"{wanted.target}: a run built the books anew meanwhile; export again."
                )
            _put(fresh, final)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return Exported(final, words)


def _fill(warehouse: Warehouse, wanted: Selection, target: Target, folder: Path) -> dict[str, Any]:
    book, tally = target.book, Tally()
    names = read.currencies(warehouse, wanted)
    if not names:
        told = f"{wanted.target}: there is no entry to export ({wanted.stem})."
        if wanted.books == "functional":
            told += " A tenant has books in one currency by a row in seeds/tenant_books.csv."
        raise ExportRefusedError(told)
    _ask_for_currency(target, names)
    each: list[str | None] = [None] if target.has_currency else [*names]
    files = [
        file
        for currency in each
        for file in _files(warehouse, wanted, target, folder, tally, currency)
    ]
    for name, text in target.companions():
        (folder / name).write_bytes(text.encode())
        files.append({**described(folder / name), "rows": None, "currency": None})
    if wanted.is_whole:
        tally.tie(book)
    return {**_asked(warehouse, wanted, tally), **_told(book, tally), "files": files}


def _asked(warehouse: Warehouse, wanted: Selection, tally: Tally) -> dict[str, Any]:
    """What was asked for, and of which books."""
    return {
        "export": "ledger",
        "format": wanted.target,
        "tenant": wanted.tenant,
        "period": wanted.period,
        **_state(warehouse, wanted),
        "entry": wanted.entry or None,
        "recorded_after": runs.written(wanted.recorded_after),
        "recorded_until": runs.written(tally.recorded_until),
        "run": runs.of_moment(warehouse, tally.recorded_until),
        "books": wanted.books,
        "ties_to": wanted.journal.ties_to if wanted.is_whole else None,
        "left_out": read.left_out(warehouse, wanted),
    }


def _told(book: Book, tally: Tally) -> dict[str, Any]:
    """What left."""
    return {
        "entries": tally.entries,
        "late_entries": tally.late,
        "documents": tally.documents,
        "lines": tally.lines,
        "kinds": dict(sorted(tally.kinds.items())),
        "totals": tally.totals(book.places),
        "shortened": dict(sorted(book.shortened.items())),
        "settings": dict(sorted(book.settings.items())),
        "tieout": product_version(),
    }


def _files(
    warehouse: Warehouse,
    wanted: Selection,
    target: Target,
    folder: Path,
    tally: Tally,
    currency: str | None,
) -> Iterator[dict[str, Any]]:
    book, limits = target.book, target.limits
    rows = read.lines(warehouse, wanted, currency)
    found = split.documents(rows, book, limits.lines)
    stem = replace(wanted, currencies=(currency,)).stem if currency else book.stem
    for number, run in enumerate(split.files(found, limits.rows, target.rows_of), start=1):
        numbered = f"{stem}-{number:03d}" if limits.rows else stem
        file = folder / f"{numbered}.{target.extension}"
        before = tally.lines
        target.write(file, tally.counted(target.accepted(run)))
        yield {**described(file), "rows": tally.lines - before, "currency": currency}


def _ask_for_currency(target: Target, names: list[str]) -> None:
    """A target whose file says no currency may say which its books are kept in."""
    kept = target.book.settings.get("currency", "")
    others = [name for name in names if name != kept]
    if kept and others and not target.has_currency:
        raise ExportRefusedError(
            f"{target.book.target}: its books are kept in {kept} (seeds/export_settings.csv), and"
            f" there are entries in {', '.join(others)}. --currency {kept} leaves them out."
        )


def _state(warehouse: Warehouse, wanted: Selection) -> dict[str, Any]:
    """Whether it is closed, by its own close or a later one: of an open month more may come."""
    rows = warehouse.rows(
        "select closed_by, closed_at from ops.closed_periods"
        " where tenant_id = $1 and period >= $2 and reopened_at is null"
        " order by closed_at, close_id limit 1",
        [wanted.tenant, wanted.period],
    )
    if not rows:
        return {"is_closed": False, "closed_by": None, "closed_at": None}
    closed = rows[0]
    return {
        "is_closed": True,
        "closed_by": closed["closed_by"],
        "closed_at": f"{closed['closed_at']:%Y-%m-%d %H:%M:%S}",
    }


def _put(fresh: Path, final: Path) -> None:
    """The new folder takes the old one's place."""
    old = final.with_name(f"{fresh.name}.old")
    if final.exists():
        final.rename(old)
    fresh.rename(final)
    shutil.rmtree(old, ignore_errors=True)
