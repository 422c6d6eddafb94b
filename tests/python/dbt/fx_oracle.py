"""Books in one currency worked out line by line with whole numbers and fractions, apart from SQL.

In: a Journal (tests/python/dbt/random_fx.py), the chart's roles, the day it is seen on. Out: the
lines of the functional journal, the balances of each month end, and the rates that are missing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.python.dbt.random_fx import BOOKS, Journal

Row = dict[str, Any]
Line = tuple[str, str, date, date, str, int, str | None]  # as in `Books.lines`
UNITS = {"JPY": 1, "KWD": 1000}
SETTLED, KEPT = {"1100", "1120", "1130"}, {"2100", "4000", "5000", "5300"}
REALISED, OPEN, ROUNDING, EXCHANGE = "4500", "4510", "4590", "1160"
PLACES = 10**12
Gains = dict[tuple[str, str, str, date], int]


@dataclass
class Books:
    """`lines`: tenant, kind, day, month, account, amount, foreign currency."""

    lines: Counter[Line]
    balances: dict[tuple[str, str, str, date], tuple[int, int, int | None]]
    missing: set[tuple[str, str, date]]


def half_up(value: Fraction) -> int:
    """To the nearest whole number, a half away from zero."""
    whole = (abs(value) * 2 + 1) // 2
    return int(whole) if value >= 0 else -int(whole)


def units(currency: str) -> int:
    """Minor units in a major unit."""
    return UNITS.get(currency, 100)


class Rates:
    """Looks back from a day to the last rate of each publisher."""

    def __init__(self, journal: Journal) -> None:
        self._told: dict[tuple[str, str, date], dict[tuple[str, str], Fraction]] = defaultdict(dict)
        for row in sorted(journal.rates, key=lambda r: r["_received_at"]):
            key = (row["tenant_id"], row["rate_source"], row["rate_date"])
            self._told[key][row["base_currency"], row["quote_currency"]] = Fraction(row["rate"])
        self.asked: dict[tuple[str, str, date], Fraction | None] = {}

    def of(self, tenant: str, currency: str, day: date) -> Fraction | None:
        """What one unit is worth in the tenant's own currency, with twelve decimals."""
        own, oldest = BOOKS[tenant]
        if currency == own:
            return Fraction(1)
        key = (tenant, currency, day)
        if key not in self.asked:
            self.asked[key] = self._search(tenant, currency, own, day, oldest)
        return self.asked[key]

    def _search(
        self, tenant: str, currency: str, own: str, day: date, oldest: int
    ) -> Fraction | None:
        for source in ("ecb", "house"):
            for age in range(oldest + 1):
                told = self._told.get((tenant, source, day - timedelta(days=age)), {})
                rate = self._between(told, currency, own)
                if rate is not None:
                    return rate
        return None

    @staticmethod
    def _between(told: dict[tuple[str, str], Fraction], one: str, other: str) -> Fraction | None:
        if (one, other) in told:
            exact = told[one, other]
        elif (other, one) in told:
            exact = 1 / told[other, one]
        else:
            pivots = sorted({base for base, _ in told})
            through = [p for p in pivots if (p, one) in told and (p, other) in told]
            if not through:
                return None
            exact = told[through[0], other] / told[through[0], one]
        return Fraction(half_up(exact * PLACES), PLACES)


def convert(amount: int, currency: str, own: str, rate: Fraction) -> int:
    """Minor units into minor units."""
    return half_up(Fraction(amount, units(currency)) * rate * units(own))


def month_end(month: date) -> date:
    """The last day of a month."""
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def books(journal: Journal, seen_on: date) -> Books:
    """Every tenant's."""
    rates, result = Rates(journal), Books(Counter(), {}, set())
    worth: dict[str, int | None] = {}
    for line in journal.lines:
        own = BOOKS[line["tenant_id"]][0]
        rate = rates.of(line["tenant_id"], line["currency"], line["posted_on"])
        worth[line["ledger_line_id"]] = value = (
            None if rate is None else convert(line["amount_minor"], line["currency"], own, rate)
        )
        if value is None:
            result.missing.add((line["tenant_id"], line["currency"], line["posted_on"]))
        elif value:
            _put(result, line, "booked", line["account_code"], value, line["currency"])
    _round(result, journal, worth)
    gains, met = _settle(result, journal, worth, rates)
    _revalue(result, journal, worth, (gains, met), rates, seen_on)
    return result


def _put(
    result: Books, line: Row, kind: str, account: str, amount: int, currency: str | None
) -> None:
    place = (line["tenant_id"], kind, line["posted_on"], line["posting_period"], account)
    result.lines[(*place, amount, currency)] += 1


def _round(result: Books, journal: Journal, worth: dict[str, int | None]) -> None:
    entries: dict[str, list[Row]] = defaultdict(list)
    for line in journal.lines:
        entries[line["entry_id"]].append(line)
    for lines in entries.values():
        left = sum(worth[line["ledger_line_id"]] or 0 for line in lines)
        if left:
            _put(result, lines[0], "rounding", ROUNDING, -left, None)


def standing(journal: Journal) -> list[Row]:
    """The lines of entries that were not taken back."""
    gone = {line["reverses_entry_id"] for line in journal.lines if line.get("reverses_entry_id")}
    return [
        line
        for line in journal.lines
        if line["entry_id"] not in gone and not line.get("reverses_entry_id")
    ]


def _meeting(journal: Journal) -> dict[tuple[str, str, str], list[Row]]:
    """Lines that are to meet, by tenant, account, and match or exchange."""
    exchanged = {
        row["transaction_id"]: row["transaction_id"].rsplit("_", 1)[0]
        for row in journal.conversions
    }
    groups = defaultdict[tuple[str, str, str], list[Row]](list)
    for line in standing(journal):
        tenant, account = line["tenant_id"], line["account_code"]
        if account == EXCHANGE:
            groups[tenant, account, exchanged[line["transaction_id"]]].append(line)
        elif account in SETTLED and line["match_id"] and line["currency"] != BOOKS[tenant][0]:
            groups[tenant, account, line["match_id"]].append(line)
    return groups


def _settle(
    result: Books, journal: Journal, worth: dict[str, int | None], rates: Rates
) -> tuple[Gains, dict[str, date]]:
    """Realised differences by account and month; the month in which an exchange had both sides."""
    gains: Gains = defaultdict(int)
    met: dict[str, date] = {}
    for (tenant, account, _), lines in _meeting(journal).items():
        values = [worth[line["ledger_line_id"]] for line in lines]
        sides = "currency" if account == EXCHANGE else "transaction_id"
        if len({line[sides] for line in lines}) < 2 or None in values:
            continue
        last = max(lines, key=lambda line: line["posted_on"])
        period = max(line["posting_period"] for line in lines)
        currency, left = last["currency"], 0
        if account != EXCHANGE:
            rate = rates.of(tenant, currency, last["posted_on"])
            assert rate is not None
            over = sum(line["amount_minor"] for line in lines)
            left = convert(over, currency, BOOKS[tenant][0], rate)
        gain = left - sum(value or 0 for value in values)
        shown = None if account == EXCHANGE else currency
        if gain:
            at = {**last, "posting_period": period}
            _put(result, at, "realised", account, gain, shown)
            _put(result, at, "realised", REALISED, -gain, shown)
        if account != EXCHANGE:
            gains[tenant, account, currency, period] += gain
        else:
            met.update({line["ledger_line_id"]: period for line in lines})
    return gains, met


def _revalue(
    result: Books, journal: Journal, worth: dict[str, int | None],
    settled: tuple[Gains, dict[str, date]], rates: Rates, seen_on: date,
) -> None:  # fmt: skip
    gains, met = settled
    accounts: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for line in journal.lines:
        key = (line["tenant_id"], line["account_code"], line["currency"])
        if key[1] not in KEPT and key[2] != BOOKS[key[0]][0]:
            accounts[key].append(line)
    for (tenant, account, currency), lines in accounts.items():
        month = min(line["posting_period"] for line in lines)
        while month_end(month) < seen_on:
            so_far = [line for line in lines if line["posting_period"] <= month]
            so_far = [n for n in so_far if met.get(n["ledger_line_id"], seen_on) > month]
            balance = sum(line["amount_minor"] for line in so_far)
            values = [worth[line["ledger_line_id"]] for line in so_far]
            carried = sum(value or 0 for value in values) + sum(
                gain
                for (*place, period), gain in gains.items()
                if tuple(place) == (tenant, account, currency) and period <= month
            )
            rate = rates.of(tenant, currency, month_end(month)) if balance else Fraction(0)
            if rate is None:
                result.missing.add((tenant, currency, month_end(month)))
            gain = None
            if rate is not None and None not in values:
                gain = convert(balance, currency, BOOKS[tenant][0], rate) - carried
            if balance or carried or None in values:
                result.balances[tenant, account, currency, month] = (balance, carried, gain)
            if gain:
                end, after = month_end(month), month_end(month) + timedelta(days=1)
                for kind, day, period, amount in (
                    ("revaluation", end, month, gain),
                    ("revaluation_reversal", after, after, -gain),
                ):
                    at = {"tenant_id": tenant, "posted_on": day, "posting_period": period}
                    _put(result, at, kind, account, amount, currency)
                    _put(result, at, kind, OPEN, -amount, currency)
            month = month_end(month) + timedelta(days=1)
