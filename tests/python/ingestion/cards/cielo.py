"""Cielo statements, layout 15, written field after field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.python.ingestion.cards.fields import digits, dmy, short, signed, text, whole, ymd

MERCHANT = "0001234567"
DOCUMENT = "08935303000108"
BANK = digits(341, 4) + digits(1234, 5) + text("56789", 20)
RESEND = 9_999_999


@dataclass(frozen=True)
class Launch:
    """A detail (E) in cents; `fee` is signed as Cielo writes it: negative is kept."""

    unit: str
    kind: str
    gross: int
    fee: int
    day: date
    code: str = ""
    part: tuple[int, int] = (0, 0)
    sale: int | None = None
    rate: str = "00215"
    adjustment: str = ""
    terminal: str = ""
    order: str = ""
    brand: str = "001"


@dataclass(frozen=True)
class Unit:
    """A receivable unit (D): the details of one key and launch type."""

    key: str
    kind: str
    pay: date
    launches: tuple[Launch, ...]


def header(kind: str, day: date, sequence: int, version: str = "015") -> str:
    """Record 0."""
    period = ymd(day)
    words = ["0", MERCHANT, period, period, period, digits(sequence, 7), "CIELO", kind, "I"]
    return text("".join(words) + " " * 20 + version + "03S", 250)


def unit(of: Unit) -> str:
    """Record D."""
    gross, fee = (sum(getattr(one, name) for one in of.launches) for name in ("gross", "fee"))
    words = ["D", MERCHANT, DOCUMENT * 3, "001", "002", MERCHANT, "01", signed(gross), signed(fee)]
    words += [signed(gross + fee), BANK, "0", digits(len(of.launches), 6), of.kind]
    words += [text(of.key, 100), " " * 16, dmy(of.pay), dmy(None), dmy(of.pay), MERCHANT]
    words += ["N", "N", "N", " " * 14, "N"]
    return text("".join(words), 400)


def detail(of: Launch) -> str:
    """Record E."""
    words = ["E", MERCHANT, of.brand, "002", digits(of.part[0], 2), digits(of.part[1], 2)]
    words += [digits("4321", 6), of.kind, text(of.unit, 100), " " * 22, text(of.adjustment, 4)]
    words += ["001", " " * 7, "550209", "2742", digits("777", 6), " " * 10, " " * 20]
    words += [text(of.order, 20), of.rate, "00000", of.rate]
    words += [signed(of.gross if of.sale is None else of.sale), signed(of.gross)]
    words += [signed(of.gross + of.fee), signed(of.fee), signed(0) * 12, "142233", "01", DOCUMENT]
    words += ["001", text(of.code, 15), " " * 15, " " * 15, "011", text(of.terminal, 8), "00"]
    words += ["001", " " * 4, "00000", dmy(of.day), dmy(of.day), dmy(of.day), "01011001"]
    return text("".join(words), 760)


def pix(code: str, day: date, gross: int, fee: int, kind: str = "01") -> str:
    """Record 8."""
    words = ["8", MERCHANT, kind, short(day), "101803", text(code, 36), digits("777", 6)]
    words += [short(day), signed(gross), signed(fee), signed(gross + fee), BANK, short(day)]
    words += ["00005", "0000", "01", text("T1", 8), " " * 70, text("tx" + code, 36)]
    return text("".join(words), 400)


def negotiation(
    number: str, day: date, units: list[tuple[int, int]], deposit: int | None = None
) -> list[str]:
    """Records A, B, C; units are gross and net."""
    gross, net = sum(one[0] for one in units), sum(one[1] for one in units)
    lines = ["A" + short(day) * 2 + DOCUMENT + digits(30, 3) + digits(803, 5) + signed(gross)
             + signed(net) + text(number, 20) + "003" + "00871"]  # fmt: skip
    for one, paid in units:
        words = ["B", short(day), short(date(2026, 11, 4)), DOCUMENT, "001", "002", signed(one)]
        words += [signed(paid), "00216", text("Cielo", 50), MERCHANT, signed(paid - one)]
        lines.append("".join(words))
    lines.append("C" + BANK + signed(net if deposit is None else deposit))
    return [text(line, 250) for line in lines]


def statement(
    kind: str,
    day: date,
    sequence: int,
    units: list[Unit],
    others: list[str] | None = None,
    amounts: tuple[int, int] = (0, 0),
) -> bytes:
    """A whole file: units with their details, other lines, trailer 9. `amounts`: of the others."""
    body = []
    for one in units:
        body += [unit(one), *(detail(launch) for launch in one.launches)]
    body += others or []
    launches = [launch for one in units for launch in one.launches]
    gross = sum(launch.gross for launch in launches) + amounts[0]
    net = sum(launch.gross + launch.fee for launch in launches) + amounts[1]
    words = ["9", digits(len(body), 11), signed(net, 17), digits(len(launches), 11)]
    words += [signed(gross, 17), signed(0, 17), signed(0, 17)]
    return whole([header(kind, day, sequence), *body, text("".join(words), 250)])
