"""The card files in samples/sources: a shop in São Paulo, two or three days of October 2026.

Run alone to write them: python -m tests.python.ingestion.cards.month
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dbt_project.settings import PROJECT_ROOT
from tests.python.ingestion.cards import cielo, rede, unica

SOURCES = PROJECT_ROOT / "samples" / "sources"
FIFTH, SIXTH, SEVENTH = (date(2026, 10, day) for day in (5, 6, 7))
NOVEMBER = date(2026, 11, 4)


def unica_files() -> dict[str, bytes]:
    """A debit sale forecast and settled in one file, a sale in two parts, one part paid early."""
    debit = {"product": "D", "product_code": "004"}
    two = (1, 2, 26500, 310, 26190), (2, 2, 26500, 309, 26191)
    fifth = [
        unica.Sale(1001, FIFTH, unica.FORECAST, SIXTH, 10000, 120, **debit),  # type: ignore[arg-type]
        unica.Sale(1001, FIFTH, unica.SETTLED, SIXTH, 10000, 120, **debit),  # type: ignore[arg-type]
        unica.Sale(1002, FIFTH, unica.FORECAST, NOVEMBER, 25000, 625, order="BR-1002"),
        unica.Sale(1003, FIFTH, unica.FORECAST, NOVEMBER, 53000, 619, two[0]),
        unica.Sale(1003, FIFTH, unica.FORECAST, date(2026, 12, 4), 53000, 619, two[1]),
        unica.Sale(990, date(2026, 9, 4), unica.SETTLED, FIFTH, 30000, 750),
    ]
    sixth = [
        unica.Sale(
            1003, FIFTH, unica.ANTICIPATED, SIXTH, 53000, 619, two[0],
            early=25800,
        ),
        unica.Sale(1005, SIXTH, unica.FORECAST, NOVEMBER, 4500, 225, product="V", brand="007"),
    ]  # fmt: skip
    return {
        "EXTRATO_UNICA_70412_20261005_00101": unica.statement(FIFTH, 101, fifth),
        "EXTRATO_UNICA_70412_20261006_00102": unica.statement(SIXTH, 102, sixth),
        "EXTRATO_UNICA_70412_20261007_00103": unica.statement(SEVENTH, 103, []),
        # Sent again as another movement.
        "EXTRATO_UNICA_70412_20261006_00104": unica.statement(SIXTH, 104, sixth),
    }


def _paid(debit: cielo.Launch) -> list[cielo.Unit]:
    """Paid on the 6th: the debit sale, a sale less a cancellation and a rent, half of another."""
    old, september = "UR-CREDIT-1006", date(2026, 9, 4)
    sale = cielo.Launch(old, "02", 13211, -328, september, "090000000000001", rate="00248")
    back = cielo.Launch(old, "06", -2000, 43, SIXTH, "090000000000001")
    rent = cielo.Launch(old, "10", -8900, 0, SIXTH, adjustment="0029", terminal="T0000001")
    half = cielo.Launch("UR-HALF-1", "03", 8113, -174, september, "090000000000002", (1, 2), 16225)
    undone = [
        cielo.Launch(half.unit, kind, cents, 0, SIXTH, "090000000000002")
        for kind, cents in (("27", -500), ("28", 500))
    ]
    return [
        cielo.Unit(debit.unit, "01", SIXTH, (debit,)),
        cielo.Unit(old, "02", SIXTH, (sale,)),
        cielo.Unit(old, "06", SIXTH, (back,)),
        cielo.Unit(old, "10", SIXTH, (rent,)),
        cielo.Unit(half.unit, "03", SIXTH, (half,)),
        *(cielo.Unit(one.unit, one.kind, SIXTH, (one,)) for one in undone),
    ]


def _in_two(day: date, code: str) -> cielo.Unit:
    """One of two equal sales of a unit that two days pay in part."""
    sale = cielo.Launch("UR-TWICE", "02", 5000, -100, date(2026, 9, 7), code)
    return cielo.Unit(sale.unit, "02", day, (sale,))


def cielo_files() -> dict[str, bytes]:
    """Captures, payments with a cancellation and a rent, open balance, a negotiation, Pix."""
    credit = cielo.Launch("UR-CREDIT-1104", "02", 20000, -430, FIFTH, "100000000000001")
    parts = [
        cielo.Launch(f"UR-PARTS-{number}", "03", gross, fee, FIFTH, "100000000000002",
                     (number, 3), 10000)
        for number, (gross, fee) in enumerate([(3334, -72), (3333, -72), (3333, -71)], start=1)
    ]  # fmt: skip
    debit = cielo.Launch("UR-DEBIT-1006", "01", 8000, -112, FIFTH, "100000000000003", rate="00140")
    coming = [
        cielo.Unit(credit.unit, "02", NOVEMBER, (credit,)),
        *(
            cielo.Unit(part.unit, "03", date(2026, 10 + number, 4), (part,))
            for number, part in enumerate(parts[:2], start=1)
        ),
        cielo.Unit(parts[2].unit, "03", date(2027, 1, 4), (parts[2],)),
        cielo.Unit(debit.unit, "01", SIXTH, (debit,)),
    ]
    paid = [*_paid(debit), _in_two(SIXTH, "090000000000003")]
    rest = [_in_two(SEVENTH, "090000000000004")]
    instant = [
        cielo.pix("E0001", SIXTH, 5000, -10),
        cielo.pix("E0002", SIXTH, 12000, -10),
        cielo.pix("E0003", SIXTH, -1500, 0, "02"),
    ]
    given = cielo.negotiation("77952119003", SEVENTH, [(20000, 19750)])
    return {
        "CIELO03D_1234567_20261005_0000100.TXT": cielo.statement("03", FIFTH, 100, coming),
        "CIELO04D_1234567_20261006_0000200.TXT": cielo.statement("04", SIXTH, 200, paid),
        "CIELO04D_1234567_20261007_0000201.TXT": cielo.statement("04", SEVENTH, 201, rest),
        "CIELO04D_1234567_20261007_9999999.TXT": cielo.statement("04", SEVENTH, cielo.RESEND, rest),
        "CIELO09D_1234567_20261006_0000050.TXT": cielo.statement("09", SIXTH, 50, coming[:1]),
        "CIELO15D_1234567_20261007_0000070.TXT": cielo.statement("15", SEVENTH, 70, [], given),
        "CIELO16D_1234567_20261006_0000030.TXT": cielo.statement(
            "16", SIXTH, 30, [], instant, (15500, 15480)
        ),
    }


def rede_files() -> dict[str, bytes]:
    """Credit and debit sales of the 5th, and the payments of the 6th."""
    cancelled = rede.Sale(5001, FIFTH, 15000, 375)
    at_once = rede.Summary(
        101, FIFTH, NOVEMBER, (cancelled, rede.Sale(5002, FIFTH, 9000, 225, order="WEB-5002"))
    )
    thirds = ((10001, 301), (9999, 300), (9999, 300))
    in_parts = rede.Summary(102, FIFTH, NOVEMBER, (rede.Sale(5003, FIFTH, 29999, 901, thirds),))
    debit = rede.Summary(
        201,
        FIFTH,
        SIXTH,
        (rede.Sale(5001, FIFTH, 4200, 50), rede.Sale(6002, FIFTH, 1999, 24, order="WEB-6002")),
    )
    halves = [rede.credit(at_once, document, SIXTH, 11200) for document in (9001, 9007)]
    payments = [
        *halves,
        rede.adjustment(at_once, cancelled, SIXTH, 1000, "CANCEL.DE VENDAS", "N"),
        rede.credit(in_parts, 9002, SIXTH, 9700, "01/03"),
        rede.anticipation(in_parts, 9003, SIXTH, 9550, 9699, "02/03"),
        rede.credit(debit, 9004, SIXTH, 6125),
        rede.by_bank(9005, SIXTH, 7990, "ALUGUEL DE TERMINAL"),
        rede.in_favour(9006, SIXTH, 1500, "CREDITO DE CAMPANHA"),
    ]
    return {
        "EEVC_012345678_05102026_000010.txt": rede.eevc(FIFTH, 10, [at_once, in_parts]),
        "EEVD_012345678_05102026_000010.txt": rede.eevd(FIFTH, 10, [debit]),
        "EEFI_012345678_06102026_000020.txt": rede.eefi(SIXTH, 20, payments),
        # Told once more the next day.
        "EEFI_012345678_07102026_000021.txt": rede.eefi(SEVENTH, 21, halves),
    }


FILES = {"unica": unica_files, "cielo": cielo_files, "rede": rede_files}


def write(folder: Path = SOURCES) -> None:
    """Writes every file into its source's folder."""
    for source, files in FILES.items():
        (folder / source).mkdir(parents=True, exist_ok=True)
        for name, content in files().items():
            (folder / source / name).write_bytes(content)


if __name__ == "__main__":
    write()
