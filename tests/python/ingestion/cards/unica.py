"""ÚNICA statements, layout 002.0a, written field after field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.python.ingestion.cards.fields import digits, text, whole, ymd

DOCUMENT = "008935303000108"
FORECAST, SETTLED, ANTICIPATED = 0, 1, 2
Part = tuple[int, int, int, int, int]


@dataclass(frozen=True)
class Sale:
    """One CV line; amounts in cents. `part` is number, of, gross, discount, net."""

    nsu: int
    day: date
    stage: int
    due: date
    gross: int
    discount: int
    part: Part | None = None
    product: str = "C"
    product_code: str = "002"
    brand: str = "001"
    early: int = 0
    debit: str = " "
    order: str = ""

    @property
    def net(self) -> int:
        """What is paid for the whole sale."""
        return self.gross - self.discount


def line(sale: Sale, number: int) -> str:
    """The CV line; the whole sale stands in its first amounts."""
    return _who(sale) + _amounts(sale) + _where(sale) + digits(number, 6)


def _who(sale: Sale) -> str:
    return "".join(
        [
            "CV",
            DOCUMENT,
            digits(sale.nsu, 12),
            ymd(sale.day),
            "000000",
            str(sale.stage),
            ymd(sale.due),
            sale.product,
            "3",
        ]
    )


def _amounts(sale: Sale) -> str:
    this, of, gross, discount, net = sale.part or (0, 0, 0, 0, 0)
    return "".join(
        [
            *(digits(cents, 11) for cents in (sale.gross, sale.discount, sale.net)),
            text("000550209******2742", 19),
            digits(this, 2),
            digits(of, 2),
            text(digits(sale.nsu, 9), 12) if sale.part else "0" * 12,
            *(digits(cents, 11) for cents in (gross, discount, net)),
        ]
    )


def _where(sale: Sale) -> str:
    return "".join(
        [
            "634",
            "000001",
            text("152811", 11),
            digits(f"A{sale.nsu}", 12),
            sale.brand,
            sale.product_code,
            "0" * 11 * 6,
            digits(sale.early, 11),
            "00",
            text(sale.order, 30),
            "BRA",
            "000070412" * 2,
            DOCUMENT[1:],
            ymd(sale.due),
            sale.debit,
            " ",
            text("000031", 9),
            " " * 20,
            "00 " + "0" * 11,
        ]
    )


def statement(day: date, movement: int, sales: list[Sale], version: str = "002.0a") -> bytes:
    """A whole file with its totals."""
    lines = [
        "A0" + text(version, 6) + ymd(day) + "080057" + digits(movement, 6) + text("TRIPAG", 30)
        + "0000" + "000070412" + "N" + digits(1, 6),
        "L0" + ymd(day) + "RE" + digits(2, 6),
    ]  # fmt: skip
    lines += [line(sale, number) for number, sale in enumerate(sales, start=3)]
    total = sum(sale.gross for sale in sales)
    lines.append("L9" + digits(len(sales), 6) + digits(total, 14) + digits(len(lines) + 1, 6))
    lines.append("A9" + digits(len(lines) + 1, 6) + digits(len(lines) + 1, 6))
    return whole(lines, end="\n")
