"""Amounts as text: exact, with as many places as the currency has.

In: Decimal in major units and the currency's exponent. Out: text. Never a float, never rounded.
"""

from __future__ import annotations

from decimal import Context, Decimal, Inexact

_EXACT = Context(prec=60, traps=[Inexact])
_PLACES = tuple(Decimal(1).scaleb(-exponent) for exponent in range(10))


def exact(amount: Decimal, exponent: int) -> str:
    """1234.5000 with exponent 2 is 1234.50. Raises Inexact rather than rounding."""
    return f"{placed(amount, exponent):f}"


def placed(amount: Decimal, exponent: int) -> Decimal:
    """The same amount with as many places. Raises Inexact rather than rounding."""
    return amount.quantize(_PLACES[exponent], context=_EXACT)


def readable(amount: Decimal, exponent: int) -> str:
    """1234.5000 with exponent 2 is 1,234.50; below zero with a true minus sign."""
    text = f"{Decimal(exact(amount, exponent)):,f}"
    return text.replace("-", "\u2212")


def percent(part: int, whole: int) -> Decimal:
    """Share in per cent with two places; of nothing it is zero."""
    if not whole:
        return Decimal("0.00")
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"))


def rate(part: int, whole: int) -> Decimal:
    """Share with six places, as the requirement's discrepancy rate."""
    if not whole:
        return Decimal("0.000000")
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.000001"))
