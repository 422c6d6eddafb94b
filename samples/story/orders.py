"""What truly happened: one shop, October 2026, 58 orders, before anybody wrote anything down.

In: nothing (no clock, no chance: every choice is arithmetic on the order number). Out: ORDERS.
Amounts are whole minor units (cents; yen; fils). Times are UTC; the shop lives in Amsterdam.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SHOP_ZONE = ZoneInfo("Europe/Amsterdam")
EXPONENTS = {"EUR": 2, "USD": 2, "JPY": 0, "KWD": 3}
CATALOGUE = (
    ("House blend, 1 kg", 2490),
    ("Guji single origin, 250 g", 1350),
    ("Earl Grey, tin", 980),
    ("Cups & saucers <pair>", 3200),
    ("Hand grinder", 8900),
    ("Pour-over kettle", 6450),
    ("Filter papers, 3 packs", 1140),
    ("Tasting box", 4190),
    ("Decaf, 500 g", 1720),
    ("Sencha, 100 g", 1260),
    ("Teapot, 1.2 l", 5400),
)
# Order numbers that did not come in through the web shop.
SUBSCRIPTIONS = (5003, 5011, 5020, 5029, 5037, 5049)
PHONE = (5008, 5016, 5024, 5042, 5050)
GIFT_CARDS = (5006, 5017, 5034, 5048, 5055)


@dataclass(frozen=True)
class Order:
    """One sale as the customer saw it."""

    number: int
    paid_at: datetime
    amount: int
    currency: str
    description: str
    channel: str

    @property
    def reference(self) -> str:
        """The order number as the shop prints it."""
        return f"KW-{self.number}"

    @property
    def charge_id(self) -> str:
        """The processor's name for this sale."""
        return f"ch_kw{self.number}"


def _channel(number: int) -> str:
    if number in SUBSCRIPTIONS:
        return "subscription"
    if number in PHONE:
        return "phone"
    return "gift_card" if number in GIFT_CARDS else "web"


def _paid_at(number: int, day: int, is_first: bool) -> datetime:
    hour = 8 + number * 5 % 6 if is_first else 14 + number * 7 % 7
    local = datetime(2026, 10, day, hour, number * 17 % 60, number * 29 % 60, tzinfo=SHOP_ZONE)
    return local.astimezone(UTC)


def _ordinary() -> list[Order]:
    """Two orders a day; stocktaking from Saturday 17 to Monday 19 leaves two in three days."""
    orders, number = [], 5001
    for day in range(1, 32):
        for is_first in {17: (), 18: (True,), 19: (True,)}.get(day, (True, False)):
            item, price = CATALOGUE[number * 7 % len(CATALOGUE)]
            pieces = 1 + (number % 4 == 0)
            text = item if pieces == 1 else f"{pieces} x {item}"
            paid_at = _paid_at(number, day, is_first)
            orders.append(Order(number, paid_at, price * pieces, "EUR", text, _channel(number)))
            number += 1
    return orders


# The orders the story needs to be just so.
_CHOSEN: dict[int, dict[str, object]] = {
    5006: {"amount": 5000, "description": "Gift card"},
    5017: {"amount": 2500, "description": "Gift card"},
    5034: {"amount": 2500, "description": "Gift card"},
    5048: {"amount": 10000, "description": "Gift card"},
    5055: {"amount": 5000, "description": "Gift card"},
    5010: {"amount": 8900, "description": "Hand grinder"},
    5012: {"amount": 12900, "description": "Grinder set"},
    5013: {"amount": 12000, "currency": "USD", "description": "Tasting year, United States"},
    5014: {"amount": 1548, "description": "-10% autumn voucher: decaf, 500 g"},
    5018: {"amount": 4800, "currency": "JPY", "description": "Sencha gift box, Japan"},
    5019: {"amount": 4690, "description": "Sampler of six"},
    5026: {"amount": 4500, "currency": "USD", "description": "Cups, United States"},
    5027: {"amount": 8400, "description": "Teapot and tray"},
    5028: {"amount": 12500, "currency": "KWD", "description": "House blend, Kuwait"},
    5031: {"amount": 41200, "description": "Espresso machine, refurbished"},
    5040: {"amount": 5500, "description": "Kettle, dented"},
    5044: {"amount": 4190, "description": "Tasting box"},
    5058: {"paid_at": datetime(2026, 10, 31, 20, 42, 6, tzinfo=UTC)},
}

ORDERS: dict[int, Order] = {
    order.number: replace(order, **_CHOSEN.get(order.number, {}))  # type: ignore[arg-type]
    for order in _ordinary()
}


def utc(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of October 2026."""
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC)


def local_text(moment: datetime) -> str:
    """The shop's wall clock, as its systems print it."""
    return moment.astimezone(SHOP_ZONE).strftime("%Y-%m-%d %H:%M:%S")


def utc_text(moment: datetime) -> str:
    """UTC without an offset, as the processor prints it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def later(moment: datetime, days: int) -> datetime:
    """The same time of day, days later."""
    return moment + timedelta(days=days)


def major(amount: int, currency: str) -> str:
    """Minor units as the decimal text of a report: 1250 EUR is 12.50, JPY has no point."""
    places = EXPONENTS[currency]
    digits = str(abs(amount)).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if amount < 0 else text


def card_fee(amount: int, currency: str) -> int:
    """What the processor's price list says: 1.5 % + 0.25 in euro, 3.25 % + a fixed part else.

    Half a unit is rounded up; dinar fees are whole tens of fils, as the processor demands.
    """
    if currency == "EUR":
        return (amount * 15 + 500) // 1000 + 25
    percent = (amount * 325 + 5000) // 10000
    if currency == "KWD":
        return (percent + 5) // 10 * 10 + 90
    return percent + 30
