"""Rede statements, written field after field: EEVC V2.01, EEVD V1.04, EEFI V3.01."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.python.ingestion.cards.fields import digits, dmy, text, whole

MERCHANT = "012345678"
BANK = digits(341, 3) + digits(1234, 5) + digits(56789, 11)
BANK_LONG = digits(341, 3) + digits(1234, 6) + digits(56789, 11)
CARD = "550209XXXXXX2742"


@dataclass(frozen=True)
class Sale:
    """A CV in cents; `parts` are the instalments' gross and discount."""

    nsu: int
    day: date
    gross: int
    discount: int
    parts: tuple[tuple[int, int], ...] = ()
    order: str = ""

    @property
    def net(self) -> int:
        """What is paid for it."""
        return self.gross - self.discount


@dataclass(frozen=True)
class Summary:
    """An RV: sales of a day that are paid together."""

    number: int
    day: date
    due: date
    sales: tuple[Sale, ...]

    def total(self, name: str) -> int:
        """Sum over the sales."""
        return sum(int(getattr(sale, name)) for sale in self.sales)


def money(*cents: int) -> str:
    """9(13)V99 one after the other."""
    return "".join(digits(one, 15) for one in cents)


def _summary(rv: Summary) -> str:
    code = "010" if rv.sales[0].parts else "006"
    words = [code, MERCHANT, digits(rv.number, 9), BANK, dmy(rv.day), digits(len(rv.sales), 5)]
    words.append(money(rv.total("gross"), 0, 0, rv.total("discount"), rv.total("net")))
    return "".join([*words, dmy(rv.due), "1"])


def _sale(rv: Summary, sale: Sale) -> str:
    many = bool(sale.parts)
    words = ["012" if many else "008", MERCHANT, digits(rv.number, 9), dmy(sale.day), "0" * 8]
    words += [money(sale.gross, 0), CARD, "000", digits(len(sale.parts), 2) if many else ""]
    words += [digits(sale.nsu, 12), text("REF" + str(sale.nsu), 13), money(sale.discount)]
    words += ["A12345", "142233", " " * 64, "3", money(sale.net)]
    nets = [gross - discount for gross, discount in sale.parts]
    words += [money(nets[0], nets[1])] if many else []
    return "".join([*words, text("TERM0001", 8), "BRA", "1"])


def _order(code: str, rv: Summary, sale: Sale) -> str:
    words = [code, MERCHANT, digits(rv.number, 9), dmy(sale.day), money(sale.gross), CARD]
    words += [digits(sale.nsu, 12), "A12345", digits(sale.nsu, 20), text(sale.order, 30)]
    return "".join(words)


def _parts(rv: Summary) -> list[str]:
    lines = []
    for number in range(len(rv.sales[0].parts)):
        gross = sum(sale.parts[number][0] for sale in rv.sales)
        discount = sum(sale.parts[number][1] for sale in rv.sales)
        words = ["014", MERCHANT, digits(rv.number, 9), dmy(rv.day), " " * 8]
        words += [digits(number + 1, 2), money(gross, discount, gross - discount)]
        due = date(rv.due.year + (rv.due.month + number > 12), (rv.due.month + number - 1) % 12 + 1,
                   rv.due.day)  # fmt: skip
        lines.append("".join([*words, dmy(due)]))
    return lines


def eevc(day: date, sequence: int, rvs: list[Summary], name: str = "REDECARD") -> bytes:
    """Credit sales with their totals."""
    lines = [
        "002" + dmy(day) + text(name, 8) + text("EXTRATO DE MOVIMENTO DE VENDAS", 30)
        + text("CAFÉ MARLOW", 22) + digits(sequence, 6) + MERCHANT + text("DIARIO", 15)
        + text("V2.01 - 09/06 - EEVC", 20),
        "004" + MERCHANT + text("CAFÉ MARLOW", 22),
    ]  # fmt: skip
    for rv in rvs:
        lines.append(_summary(rv))
        for sale in rv.sales:
            lines.append(_sale(rv, sale))
            lines += [_order("035" if sale.parts else "034", rv, sale)] if sale.order else []
        lines += _parts(rv)
    sums = [sum(rv.total(name) for rv in rvs) for name in ("gross", "discount", "net")]
    count = digits(sum(len(rv.sales) for rv in rvs), 6)
    tail = money(sums[0]) + "0" * 6 + money(0, 0, 0, 0, 0) + money(sums[1], sums[2], 0, 0) + count
    lines.append("026" + MERCHANT + tail)
    lines.append("028" + digits(1, 4) + digits(len(lines) + 1, 6) + MERCHANT + tail)
    return whole(lines)


def eevd(day: date, sequence: int, rvs: list[Summary], name: str = "Redecard") -> bytes:
    """Debit sales between commas."""
    lines = [f"00,{MERCHANT},{dmy(day)},{dmy(day)},Movimentacao diaria - Cartoes de Debito,{name},"
             f"CAFÉ MARLOW,{digits(sequence, 6)},DIARIO,V1.04 - 07/10 - EEVD"]  # fmt: skip
    for rv in rvs:
        sums = ",".join(money(rv.total(name)) for name in ("gross", "discount", "net"))
        lines.append(
            f"01,{MERCHANT},{dmy(rv.due)},{dmy(rv.day)},{digits(rv.number, 9)},"
            f"{digits(len(rv.sales), 6)},{sums},D,341,01234,00000056789,1"
        )
        for sale in rv.sales:
            amounts = ",".join(money(cents) for cents in (sale.gross, sale.discount, sale.net))
            lines.append(
                f"05,{MERCHANT},{digits(rv.number, 9)},{dmy(sale.day)},{amounts},{CARD},D,"
                f"{digits(sale.nsu, 12)},{dmy(rv.due)},00,142233,TERM0001,3,,{money(sale.gross)},"
                f"{money(0)},1"
            )
            if sale.order:
                lines.append(
                    f"13,{MERCHANT},{digits(rv.number, 9)},{dmy(sale.day)},{money(sale.gross)},"
                    f"{CARD},{digits(sale.nsu, 12)},TID,{sale.order}"
                )
    sums = ",".join(money(sum(rv.total(n) for rv in rvs)) for n in ("gross", "discount", "net"))
    counts = f"{digits(len(rvs), 6)},{digits(sum(len(rv.sales) for rv in rvs), 6)}"
    total = f"{MERCHANT},{counts},{sums},{money(0)},{money(0)},{money(0)}"
    lines += [f"02,{total}", f"03,{total}"]
    lines.append(f"04,{total},{digits(len(lines) + 1, 6)}")
    return whole(lines)


def credit(rv: Summary, document: int, day: date, cents: int, part: str = "00/00") -> str:
    """Record 034."""
    words = ["034", MERCHANT, digits(document, 11), dmy(day), money(cents), "C", BANK_LONG]
    words += [dmy(day), digits(rv.number, 9), dmy(rv.day), "1", "1"]
    words += [money(rv.total("gross"), rv.total("discount")), part, "00", MERCHANT]
    return "".join(words)


def anticipation(
    rv: Summary, document: int, day: date, cents: int, original: int, part: str
) -> str:
    """Record 036."""
    words = ["036", MERCHANT, digits(document, 11), dmy(day), money(cents), "C", BANK_LONG]
    words += [digits(rv.number, 9), dmy(rv.day), money(original), dmy(rv.due), part]
    words += [money(rv.total("gross"), rv.total("discount")), MERCHANT, "1"]
    return "".join(words)


def adjustment(rv: Summary, sale: Sale, day: date, cents: int, reason: str, kind: str) -> str:
    """Record 035; kind N (taken off a payment) or D (taken off instalments to come)."""
    words = ["035", MERCHANT, digits(rv.number, 9), dmy(day), money(cents), "D", "18"]
    words += [text(reason, 28), CARD, dmy(sale.day), digits(rv.number, 9), " " * 15, dmy(day)]
    words += ["202610", MERCHANT, dmy(rv.day), money(sale.gross), kind, dmy(day)]
    words += [money(0, 0, rv.total("gross"), cents), digits(sale.nsu, 12), "A12345", "T"]
    words += [digits(5, 11), money(cents, 0), "1", "1"]
    return "".join(words)


def by_bank(document: int, day: date, cents: int, reason: str) -> str:
    """Record 038: a debit collected from the bank account."""
    words = ["038", MERCHANT, digits(document, 11), dmy(day), money(cents), "D", BANK_LONG]
    words += ["0" * 9, "0" * 8, money(0), "28", text(reason, 28), " " * 16, " " * 15, "202610"]
    words += [dmy(day), money(0), "0" * 15, MERCHANT, "0" * 8, "0" * 12, "0" * 9, dmy(day)]
    words += [money(0), " " * 6, "T", money(cents, 0), "1"]
    return "".join(words)


def in_favour(document: int, day: date, cents: int, reason: str) -> str:
    """Record 043: a credit paid to the bank account."""
    words = ["043", MERCHANT, "0" * 9, digits(document, 11), dmy(day), dmy(day), money(cents), "C"]
    return "".join([*words, BANK_LONG, "01", text(reason, 28), "1"])


def eefi(day: date, sequence: int, records: list[str]) -> bytes:
    """Payments with their totals, read back from the records by their own widths."""
    lines = [
        "030" + dmy(day) + "Redecard" + text("Extrato de Movimentacao Financeira", 34)
        + text("CAFÉ MARLOW", 22) + digits(sequence, 6) + MERCHANT + text("DIARIO", 15)
        + text("V3.01 - 09/06 - EEFI", 20),
        "032" + MERCHANT + text("CAFÉ MARLOW", 22),
        *records,
    ]  # fmt: skip
    start = {"034": 31, "036": 31, "035": 29, "038": 31, "043": 48}
    sums = dict.fromkeys(start, 0)
    for record in records:
        if (code := record[:3]) in start:
            sums[code] += int(record[start[code] : start[code] + 15])
    count = {code: sum(record[:3] == code for record in records) for code in start}
    debits = sums["035"] + sums["038"]
    tail = digits(count["036"], 6) + money(sums["036"]) + digits(count["043"], 4)
    tail += money(sums["043"])
    lines.append("050" + MERCHANT + digits(count["034"], 6) + money(sums["034"]) + tail
                 + digits(count["035"] + count["038"], 6) + money(debits))  # fmt: skip
    lines.append("052" + digits(1, 4) + digits(len(lines) + 1, 6) + MERCHANT
                 + digits(count["034"], 4) + money(sums["034"]) + tail
                 + digits(count["035"] + count["038"], 4) + money(debits))  # fmt: skip
    return whole(lines)
