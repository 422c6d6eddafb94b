"""Random journals in several currencies, with rates that are late, missing, inverse or crossed.

In: a seed. Out: rows of what the room fx reads: published rates, journal lines, exchanges of
currencies, whose books are kept in which currency. Amounts that end on half a unit, currencies of
no and of three decimals, matches that leave something over, entries booked a month late, and
entries that were wrong first: in another currency or of another day, taken back, and right then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

Row = dict[str, Any]
FIRST, LAST = date(2026, 8, 24), date(2026, 11, 12)
BOOKS = {"t_eur": ("EUR", 7), "t_usd": ("USD", 7), "t_jpy": ("JPY", 4), "t_kwd": ("KWD", 0)}
EURO = {"USD": 1.0876, "JPY": 163.9, "KWD": 0.3341, "BRL": 6.1234, "GBP": 0.84335}
DIGITS = {"USD": 4, "JPY": 2, "KWD": 6, "BRL": 4, "GBP": 5}
CURRENCIES = ("EUR", *EURO)
AMOUNTS = (1, 5, 49, 50, 99, 100, 12345, 999_999, 50_000_000_005)
OPEN_PAIRS = (("1000", "2900"), ("1110", "5000"), ("2100", "5300"), ("1130", "1110"))


@dataclass
class Journal:
    """What is planted."""

    books: list[Row] = field(default_factory=list)
    rates: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    conversions: list[Row] = field(default_factory=list)
    references: list[Row] = field(default_factory=list)


def journal(seed: int, entries: int = 60) -> Journal:
    """Each tenant with so many entries of each kind."""
    luck, made = Random(seed), Journal()
    for tenant, (currency, days) in BOOKS.items():
        made.books.append(
            {"tenant_id": tenant, "functional_currency": currency, "max_age_days": days}
        )
        _rates(luck, made, tenant)
        for number in range(entries):
            _open_entry(luck, made, tenant, f"{tenant}_o{number}")
            _match(luck, made, tenant, f"{tenant}_m{number}")
            if number % 4 == 0:
                _conversion(luck, made, tenant, f"{tenant}_c{number}")
    return made


def _rates(luck: Random, made: Journal, tenant: str) -> None:
    day = FIRST
    while day <= LAST:
        if day.weekday() < 5 and luck.random() < 0.93:
            for currency, about in EURO.items():
                if luck.random() < 0.97:
                    rate = f"{about * luck.uniform(0.97, 1.03):.{DIGITS[currency]}f}"
                    _told(made, tenant, "ecb", day, ("EUR", currency), rate)
                    if luck.random() < 0.1:  # told again in a later file: the later one is right
                        _told(made, tenant, "ecb", day, ("EUR", currency), f"{rate}1", 1)
        if luck.random() < 0.3:
            base, quote = luck.sample(("USD", "GBP", "BRL", "KWD"), 2)
            _told(made, tenant, "house", day, (base, quote), f"{luck.uniform(0.2, 5):.12f}")
            _told(made, tenant, "nobody", day, (base, quote), "99.5")
        day += timedelta(days=1)


def _told(
    made: Journal,
    tenant: str,
    source: str,
    day: date,
    pair: tuple[str, str],
    rate: str,
    nth: int = 0,
) -> None:
    made.rates.append(
        {
            "tenant_id": tenant, "rate_source": source, "rate_date": day, "base_currency": pair[0],
            "quote_currency": pair[1], "rate": rate, "_document_id": f"doc_{nth}",
            "_received_at": datetime(2026, 11, 13) + timedelta(hours=nth), "_source_file": "f",
            "_source_line": len(made.rates) + 2,
        }
    )  # fmt: skip


def _day(luck: Random) -> date:
    return date(2026, 9, 1) + timedelta(days=luck.randrange(70))


def _entry(
    luck: Random, made: Journal, tenant: str, name: str, legs: list[tuple[str, int]],
    currency: str, day: date, match: str | None = None,
) -> None:  # fmt: skip
    """An entry; one in eight was wrong before."""
    if luck.random() < 0.125:
        wrong, other = day + timedelta(days=luck.choice((-9, 0, 9))), luck.choice(CURRENCIES)
        back = [(account, -amount) for account, amount in legs]
        _write(luck, made, tenant, name, legs, other, wrong, match, 1)
        _write(luck, made, tenant, name, back, other, wrong, match, 2)
        _write(luck, made, tenant, name, legs, currency, day, match, 3)
        return
    _write(luck, made, tenant, name, legs, currency, day, match, 1)


def _write(
    luck: Random, made: Journal, tenant: str, name: str, legs: list[tuple[str, int]],
    currency: str, day: date, match: str | None, sequence: int,
) -> None:  # fmt: skip
    month = day.replace(day=1)
    if luck.random() < 0.15:  # it came after the close
        month = (month + timedelta(days=32)).replace(day=1)
    for leg, (account, amount) in enumerate(legs, start=1):
        made.lines.append(
            {
                "ledger_line_id": f"{name}/{leg}/{sequence}", "tenant_id": tenant,
                "entry_id": f"ent_{name}_{sequence}", "sequence": sequence,
                "entry_kind": ("original", "reversal", "correction")[sequence - 1],
                "reverses_entry_id": f"ent_{name}_1" if sequence == 2 else None,
                "posted_on": day, "account_code": account, "debit_minor": max(amount, 0),
                "credit_minor": max(-amount, 0), "amount_minor": amount, "currency": currency,
                "transaction_id": name, "match_id": match, "leg": leg, "posting_period": month,
            }
        )  # fmt: skip


def _open_entry(luck: Random, made: Journal, tenant: str, name: str) -> None:
    amount = luck.choice(AMOUNTS) * luck.choice((1, -1))
    debit, credit = luck.choice(OPEN_PAIRS)
    part = luck.randrange(abs(amount) + 1)
    legs = [(debit, amount), (credit, part - amount), (credit, -part)]
    legs = [leg for leg in legs if leg[1]]
    _entry(luck, made, tenant, name, legs, luck.choice(CURRENCIES), _day(luck))


def _match(luck: Random, made: Journal, tenant: str, name: str) -> None:
    """Two parties of one event on a clearing account, now and then with a difference."""
    account, currency = luck.choice(("1100", "1120", "1130")), luck.choice(CURRENCIES)
    amount, day = luck.choice(AMOUNTS) * luck.choice((1, -1)), _day(luck)
    off = luck.choice((0, 0, 0, 1, -7))
    match = f"mat_{name}" if luck.random() < 0.8 else None
    _entry(
        luck,
        made,
        tenant,
        f"{name}_a",
        [(account, amount), ("4000", -amount)],
        currency,
        day,
        match,
    )
    later = day + timedelta(days=luck.randrange(12))
    other = -amount + off
    if other:
        legs = [(account, other), ("1110", -other)]
        _entry(luck, made, tenant, f"{name}_b", legs, currency, later, match)


def _conversion(luck: Random, made: Journal, tenant: str, name: str) -> None:
    """Money leaves one currency and comes back in another; now and then a side is missing."""
    day, sides = _day(luck), luck.sample(CURRENCIES, 2)
    source = luck.choice(("paypal", "generic"))
    for number, currency in enumerate(sides if luck.random() < 0.9 else sides[:1]):
        amount = luck.choice(AMOUNTS) * (-1, 1)[number]
        side = f"{name}_{number}"
        _entry(luck, made, tenant, side, [("1110", amount), ("1160", -amount)], currency, day)
        made.conversions.append(
            {
                "transaction_id": side, "tenant_id": tenant, "source": source, "native_id": side,
                "source_account": "a", "event_type": "conversion",
                "reference": name if source == "generic" else None,
            }
        )  # fmt: skip
        if source == "paypal":
            made.references.append(
                {
                    "tenant_id": tenant,
                    "source": source,
                    "transaction_id": side,
                    "reference_id": name,
                }
            )
