"""Totals a sender declares: a trailer line in the file, or `<file>.manifest.json` beside it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from ingestion.faults import FileFault, escaped, without_words
from ingestion.formats.parsed import Total

DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


def from_trailer(fields: tuple[str, ...]) -> list[Total]:
    """`TRAILER,rows[,amount]` or `TRAILER,rows,EUR=1.00,…`. Raises TRAILER_INVALID."""
    values = [field.strip() for field in fields[1:] if field.strip()]
    if not values or not values[0].isdecimal() or not values[0].isascii():
        raise FileFault("TRAILER_INVALID", "the trailer reads TRAILER,rows[,amount or CUR=amount]")
    totals = [Total("trailer", None, "rows", Decimal(values[0]))]
    for value in values[1:]:
        currency, _, amount = value.rpartition("=")
        totals.append(Total("trailer", currency.upper() or None, "amount", _decimal(amount)))
    return totals


def from_manifest(text: bytes) -> tuple[list[Total], int | None]:
    """Totals and the revision of `{"rows": 2, "amounts": {"EUR": "1.00"}, "revision": 2}`."""
    try:
        words: dict[str, Any] = json.loads(text, parse_float=str, parse_int=str)
        amounts = dict(words.get("amounts") or {})
        known = {"rows", "amounts", "revision"}
        if unknown := sorted(set(words) - known):
            raise ValueError(f"unknown words {unknown}")
        totals = [Total("manifest", None, "rows", Decimal(int(words["rows"])))] * ("rows" in words)
        totals += [
            Total("manifest", currency.upper(), "amount", _decimal(str(amount)))
            for currency, amount in sorted(amounts.items())
        ]
        revision = int(words["revision"]) if "revision" in words else None
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise FileFault(
            "MANIFEST_INVALID",
            f"the manifest beside the file cannot be read ({escaped(str(error))[:80]}); it reads"
            ' {"rows": 2, "amounts": {"EUR": "1.00"}, "revision": 1}',
        ) from error
    return totals, revision


def _decimal(text: str) -> Decimal:
    if not DECIMAL.fullmatch(text):
        raise FileFault(
            "TRAILER_INVALID", f'"{without_words(text)}" is not a plain decimal like 1234.56'
        )
    return Decimal(text)
