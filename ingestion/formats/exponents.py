"""Whole numbers of a currency's smallest unit as decimal text in its major unit."""

from __future__ import annotations

import csv
from functools import lru_cache

from dbt_project.settings import PROJECT_ROOT

CURRENCIES = PROJECT_ROOT / "seeds" / "currencies.csv"
USUAL = 2


@lru_cache(maxsize=1)
def exponents() -> dict[str, int]:
    """Decimals of each currency, as the seed says."""
    with CURRENCIES.open(encoding="utf-8", newline="") as file:
        return {row["currency"]: int(row["exponent"]) for row in csv.DictReader(file)}


def major(digits: str, currency: str) -> str:
    """`1234` as 12.34 in EUR, 1234 in JPY; landing refuses a currency the seed does not know."""
    decimals = exponents().get(currency.upper(), USUAL)
    if not decimals:
        return digits.lstrip("0") or "0"
    padded = digits.rjust(decimals + 1, "0")
    return f"{padded[:-decimals].lstrip('0') or '0'}.{padded[-decimals:]}"
