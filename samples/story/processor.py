"""The processor's side: every balance movement of October and the payouts made of them.

In: ORDERS. Out: ACTIVITY (rows of the balance change file), PAYOUTS, and both files as text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from samples.story.orders import ORDERS, Order, card_fee, major, utc, utc_text

ACTIVITY_FILE = "Itemised_balance_change_from_activity_2026-10-01_to_2026-10-31_UTC.csv"
PAYOUTS_FILE = "Itemised_payouts_2026-10-01_to_2026-10-31_UTC.csv"
SUMMARY_FILE = "Summary_balance_change_from_activity_2026-10-01_to_2026-10-31_UTC.csv"
NEVER_CHARGED = (5021,)  # in the shop's books only
AFTER_THE_REPORT = (5058,)  # paid on 31 October after the report was drawn at 20:00 UTC
REPLACED = (5046,)  # became two charges, see below
DISPUTE_FEE = 2000
WITHHELD = 1820  # what the payout of 12 October is short of its rows, without a word


@dataclass(frozen=True)
class Movement:
    """One row of the balance change file. net = gross - fee."""

    native_id: str
    created: datetime
    currency: str
    gross: int
    fee: int
    category: str
    source_id: str
    order: Order | None
    description: str
    payout_id: str = ""

    @property
    def net(self) -> int:
        """What the balance moved by."""
        return self.gross - self.fee


@dataclass(frozen=True)
class Payout:
    """Money sent to the bank (amount > 0) or taken from it (amount < 0)."""

    payout_id: str
    sent_on: date
    arrives_on: date
    currency: str
    amount: int
    status: str
    trace_id: str


def _charge(order: Order, suffix: str = "", amount: int | None = None) -> Movement:
    gross = order.amount if amount is None else amount
    fee = card_fee(gross, order.currency)
    return Movement(
        f"txn_kw{order.number}{suffix}",
        order.paid_at,
        order.currency,
        gross,
        fee,
        "charge",
        order.charge_id + suffix,
        order,
        order.description,
    )


def _other(
    native_id: str, created: datetime, gross: int, fee: int, kind: str, source: str, number: int
) -> Movement:
    order = ORDERS[number] if number else None
    text = f"{kind} of {order.reference}" if order else kind.replace("_", " ")
    return Movement(native_id, created, "EUR", gross, fee, kind, source, order, text)


def _movements() -> list[Movement]:
    absent = {*NEVER_CHARGED, *AFTER_THE_REPORT, *REPLACED}
    rows = [_charge(order) for number, order in ORDERS.items() if number not in absent]
    rows += [_charge(ORDERS[5046], "a", 3050), _charge(ORDERS[5046], "b", 3150)]
    rows += [
        _other("txn_kwr5005", utc(6, 10), -1200, 0, "refund", "re_kw5005", 5005),
        _other("txn_kwr5031", utc(19, 15), -41200, 0, "refund", "re_kw5031", 5031),
        _other("txn_kwd5012", utc(13, 7), -12900, DISPUTE_FEE, "dispute", "dp_kw5012", 5012),
        _other("txn_kww5012", utc(23, 7), 12900, 0, "dispute_reversal", "dp_kw5012", 5012),
        _other("txn_kwd5010", utc(20, 7), -8900, DISPUTE_FEE, "dispute", "dp_kw5010", 5010),
        _other("txn_kwf1031", utc(21, 6), -900, 0, "fee", "fee_kw202610", 0),
        _other("txn_kwx1022", utc(22, 6), -400, 0, "terminal_rental", "trm_kw1", 0),
    ]
    return sorted(rows, key=lambda row: (row.created, row.native_id))


def _payout_day(row: Movement) -> date | None:
    """Payouts leave on Mondays (what Tuesday to Friday brought) and Thursdays (Saturday to Monday).

    Dollars leave once a month; yen and dinars stay in the balance.
    """
    day = row.created.date()
    if row.currency == "USD":
        return date(2026, 10, 19)
    if row.currency != "EUR" or day > date(2026, 10, 26):
        return None
    ahead = {5: 5, 6: 4, 0: 3, 1: 6, 2: 5, 3: 4, 4: 3}[day.weekday()]
    return day + timedelta(days=ahead)


def _payout_id(day: date, currency: str) -> str:
    return f"po_kw{day:%m%d}{currency.lower()}"


def _assigned(rows: Iterable[Movement]) -> tuple[Movement, ...]:
    days = [(row, _payout_day(row)) for row in rows]
    return tuple(
        replace(row, payout_id=_payout_id(day, row.currency)) if day else row for row, day in days
    )


ACTIVITY: tuple[Movement, ...] = _assigned(_movements())


def _payouts() -> list[Payout]:
    members: dict[tuple[date, str], int] = {}
    for row in ACTIVITY:
        if day := _payout_day(row):
            members[day, row.currency] = members.get((day, row.currency), 0) + row.net
    members[date(2026, 10, 12), "EUR"] -= WITHHELD
    return [
        Payout(
            _payout_id(day, currency),
            day,
            day + timedelta(days=2 if day.weekday() == 0 else 4),
            currency,
            amount,
            "in_transit" if day == date(2026, 10, 29) else "paid",
            f"STRIPE-{day:%m%d}-{currency}",
        )
        for (day, currency), amount in sorted(members.items())
    ]


PAYOUTS: tuple[Payout, ...] = tuple(_payouts())


def csv_text(rows: Sequence[Mapping[str, str]]) -> str:
    """Rows with the same columns as a CSV file with Unix line ends."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _activity_row(row: Movement) -> dict[str, str]:
    paid_out = {payout.payout_id: payout for payout in PAYOUTS}.get(row.payout_id)
    number = row.order.number if row.order else 0
    return {
        "balance_transaction_id": row.native_id,
        "created_utc": utc_text(row.created),
        "available_on_utc": f"{row.created.date() + timedelta(days=3)} 00:00:00",
        "currency": row.currency.lower(),
        "gross": major(row.gross, row.currency),
        "fee": major(row.fee, row.currency),
        "net": major(row.net, row.currency),
        "reporting_category": row.category,
        "source_id": row.source_id,
        "description": row.description,
        "customer_facing_amount": major(row.gross, row.currency) if row.order else "",
        "customer_facing_currency": row.currency.lower() if row.order else "",
        "automatic_payout_id": row.payout_id,
        "automatic_payout_effective_at_utc": f"{paid_out.sent_on} 00:00:00" if paid_out else "",
        "charge_id": row.order.charge_id if row.order else "",
        "payment_method_type": "card" if row.order else "",
        "card_brand": ("visa", "mastercard", "amex")[number % 3] if row.order else "",
        "card_country": ("NL", "DE", "BE")[number % 3] if row.order else "",
        "payment_metadata[order_id]": row.order.reference if row.order else "",
    }


def activity_csv() -> str:
    """Balance change from activity, itemised."""
    return csv_text([_activity_row(row) for row in ACTIVITY])


def summary_csv() -> str:
    """Balance change from activity, by category: what the itemised rows add up to."""
    groups: dict[tuple[str, str], list[Movement]] = {}
    for row in ACTIVITY:
        groups.setdefault((row.category, row.currency), []).append(row)
    return csv_text(
        [
            {
                "reporting_category": category,
                "currency": currency.lower(),
                "count": str(len(rows)),
                "gross": major(sum(row.gross for row in rows), currency),
                "fee": major(sum(row.fee for row in rows), currency),
                "net": major(sum(row.net for row in rows), currency),
            }
            for (category, currency), rows in sorted(groups.items())
        ]
    )


def _payout_row(payout: Payout) -> dict[str, str]:
    left_the_balance = major(-payout.amount, payout.currency)
    return {
        "payout_id": payout.payout_id,
        "effective_at_utc": f"{payout.sent_on} 00:00:00",
        "balance_transaction_id": payout.payout_id.replace("po_", "txn_po_"),
        "currency": payout.currency.lower(),
        "gross": left_the_balance,
        "fee": major(0, payout.currency),
        "net": left_the_balance,
        "reporting_category": "payout",
        "description": "STRIPE PAYOUT",
        "payout_expected_arrival_date": str(payout.arrives_on),
        "payout_status": payout.status,
        "payout_type": "bank_account",
        "payout_destination_id": f"ba_kw_{payout.currency.lower()}",
        "trace_id": payout.trace_id,
        "trace_id_status": "supported",
    }


def payouts_csv() -> str:
    """Payouts, itemised: the row's amount leaves the balance, so money to the bank is negative."""
    return csv_text([_payout_row(payout) for payout in PAYOUTS])
