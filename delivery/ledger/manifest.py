"""What an export's manifest says: how much of what, its files by hash, and of which run.

The same entries give the same manifest, byte for byte: it does not say when it was written, nor
which run was the last.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from delivery.ledger.book import Book, Document, ExportRefusedError, major

NAME = "manifest.json"


@dataclass
class Tally:
    """Counts what passes by; knows no entry longer than it passes."""

    documents: int = 0
    entries: int = 0
    lines: int = 0
    late: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    debits: Counter[tuple[str, str]] = field(default_factory=Counter)
    credits: Counter[tuple[str, str]] = field(default_factory=Counter)
    recorded_until: datetime | None = None
    _last: str = ""

    def counted(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The same documents, counted."""
        for document in documents:
            if document.entry_id != self._last:
                self._last = document.entry_id
                self.entries += 1
                self.kinds[document.kind] += 1
                self.late += document.effective_on < document.booked_on
            self.documents += 1
            latest = self.recorded_until or document.recorded_at
            self.recorded_until = max(latest, document.recorded_at)
            self.lines += len(document.lines)
            for line in document.lines:
                sums = self.debits if line.amount_minor > 0 else self.credits
                sums[line.account_code, document.currency] += abs(line.amount_minor)
            yield document

    def totals(self, places: Mapping[str, int]) -> list[dict[str, str]]:
        """Debits and credits of each currency."""
        told = []
        for currency in sorted({currency for _, currency in self.debits | self.credits}):
            row = {"currency": currency}
            for side, sums in (("debits", self.debits), ("credits", self.credits)):
                minor = sum(n for (_, of), n in sums.items() if of == currency)
                row[side] = f"{major(minor, places[currency]):f}"
            told.append(row)
        return told

    def tie(self, book: Book) -> None:
        """What left is what the mart of balances says moved; raises ExportRefusedError."""
        there = {(row.account_code, row.currency): row for row in book.balances}
        for key in sorted({*there, *self.debits, *self.credits}):
            row = there.get(key)
            said = (row.debits, row.credits) if row else (0, 0)
            if said != (self.debits[key], self.credits[key]):
                found, other = (
                    " and ".join(f"{major(n, book.places[key[1]]):f}" for n in pair)
                    for pair in ((self.debits[key], self.credits[key]), said)
                )
                raise ExportRefusedError(
                    f"{book.target}: account {key[0]} has debits and credits of {found} {key[1]} in"
                    f" {book.period}, {book.ties_to} has {other}; call `tieout build`."
                )


def described(file: Path) -> dict[str, Any]:
    """A file by name, size and hash."""
    with file.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256")
    return {"name": file.name, "bytes": file.stat().st_size, "sha256": digest.hexdigest()}


def write_manifest(folder: Path, words: Mapping[str, Any]) -> None:
    """The manifest, as JSON."""
    text = json.dumps(words, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    (folder / NAME).write_bytes(text.encode())


def ask_whose(folder: Path, tenant: str) -> None:
    """Raises ExportRefusedError where a folder to be replaced is another tenant's, or no export."""
    if not folder.exists():
        return
    try:
        said = json.loads((folder / NAME).read_bytes())
        whose = said["tenant"] if said["export"] == "ledger" else None
    except (OSError, ValueError, LookupError, TypeError):
        whose = None
    if whose != tenant:
        what = "is no export" if whose is None else f"is an export of the tenant {whose}"
        raise ExportRefusedError(
            f"{folder} {what} and is not replaced; --folder names another place."
        )
