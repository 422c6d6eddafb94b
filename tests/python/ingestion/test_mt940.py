"""MT940 and MT942: marks, dates, pages, envelopes, narratives, and what is refused or held."""

from __future__ import annotations

import pytest

from tests.python.ingestion.conftest import Desk

HEAD = ":20:S\n:25:DE02120300000000202051\n:28C:00007/001\n"
NARRATIVE = (
    "166?00GUTSCHRIFT?109310?20EREF+PAYOUT-1?21KREF+K-9?22SVWZ+Sales of Septem\nb"
    "er 2026?30COBADEFF?31DE89370400440532013000?32Example Payments?33 Ltd"
)


def statement(
    *lines: str, opening: str = "C261001EUR100,", closing: str, head: str = HEAD
) -> bytes:
    """A statement with these :61: and :86: fields."""
    body = "".join(f"{line}\n" for line in lines)
    return f"{head}:60F:{opening}\n{body}:62F:{closing}\n-\n".encode("latin-1")


def land(desk: Desk, content: bytes) -> tuple[str, str | None, list[tuple[str, str, str, str]]]:
    """State, code, and amount, direction, booking and value date of each entry."""
    result = desk.land("bank", content, "statement.sta")
    rows = desk.raw(result, "bank_entries")
    names = ("amount", "credit_debit", "booking_date", "value_date")
    return result.state, result.code, [tuple(row[n] for n in names) for row in rows]


@pytest.mark.parametrize(
    ("line", "closing", "entry"),
    [
        ("261002C5,NTRFX", "105,", ("5", "CRDT", "2026-10-02", "2026-10-02")),
        ("2610021003D5,25NTRFX", "94,75", ("5.25", "DBIT", "2026-10-03", "2026-10-02")),
        ("261002RC5,NRTIX", "95,", ("5", "DBIT", "2026-10-02", "2026-10-02")),
        ("261002RD5,NRTIX", "105,", ("5", "CRDT", "2026-10-02", "2026-10-02")),
        ("261002CR5,NTRFX", "105,", ("5", "CRDT", "2026-10-02", "2026-10-02")),
        ("2610021002RDR000000005,50NRTIX", "105,5", ("5.50", "CRDT", "2026-10-02", "2026-10-02")),
        ("2701011231C5,NTRFX", "105,", ("5", "CRDT", "2026-12-31", "2027-01-01")),
        ("2612310101C5,NTRFX", "105,", ("5", "CRDT", "2027-01-01", "2026-12-31")),
        ("260230C5,NTRFX", "105,", ("5", "CRDT", "2026-02-28", "2026-02-28")),
    ],
    ids=["credit", "debit", "RC", "RD", "CR", "RDR", "year ahead", "year behind", "30 February"],
)
def test_marks_and_dates(
    desk: Desk, line: str, closing: str, entry: tuple[str, str, str, str]
) -> None:
    content = statement(f":61:{line}", closing=f"C261003EUR{closing}")
    assert land(desk, content) == ("landed", None, [entry])


@pytest.mark.parametrize(
    "line",
    ["261002C1.234,56NTRFX", "261002C5,555NTRFX", "261002C123456789012345678,NTRFX"],
    ids=["separators", "tenths of a cent", "longer than any amount"],
)
def test_an_amount_the_library_would_bend_is_not_landed(desk: Desk, line: str) -> None:
    state, code, entries = land(desk, statement(f":61:{line}", closing="C261003EUR105,"))
    assert (state, entries) in [("held", []), ("rejected", [])]
    assert code in ("STATEMENT_UNBALANCED", "ROWS_REFUSED", "MT940_INVALID")


@pytest.mark.parametrize(
    ("content", "state", "code"),
    [
        (statement(":61:261002C5,NTRFX", closing="C261003EUR104,"), "held", "STATEMENT_UNBALANCED"),
        (HEAD.encode() + b":60F:C261001EUR9,\n:61:261002C5,NTRFX", "held", "STATEMENT_UNBALANCED"),
        (statement(":61:261002X5,NTRFX", closing="C261003EUR100,"), "rejected", "MT940_INVALID"),
        (statement(":61:261302C5,NTRFX", closing="C261003EUR105,"), "rejected", "MT940_INVALID"),
        (statement(closing="C261503EUR100,"), "rejected", "MT940_INVALID"),
        (statement(closing="261003EUR100,"), "rejected", "MT940_INVALID"),
        (statement(head=":20:S\n", closing="C261003EUR100,"), "rejected", "MT940_INVALID"),
        (b":60F:C261001EUR100,\n:62F:C261001EUR100,\n", "rejected", "MT940_INVALID"),
    ],
    ids=[
        "off", "no closing", "no mark", "month 13", "balance month 15", "balance without mark",
        "no account", "a piece",
    ],
)  # fmt: skip
def test_refused_and_held(desk: Desk, content: bytes, state: str, code: str) -> None:
    result = desk.land("bank", content, "statement.sta")
    assert (result.state, result.code) == (state, code)


def test_an_entry_the_library_drops_is_noticed(desk: Desk) -> None:
    """Without a transaction type the library writes the second entry over the first."""
    lines = (":61:261002C5,", ":61:261002C5,")
    result = desk.land("bank", statement(*lines, closing="C261003EUR110,"), "statement.sta")
    assert (result.state, result.code) == ("rejected", "MT940_INVALID")
    assert "2 lines :61:, but 1 entries" in str(result.message)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text.replace(b"\n", b"\r"),
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: b"{1:F01BANKDEFF}{2:I940X}{4:\n" + text.replace(b"\n-\n", b"\n-}{5:}\n"),
        lambda text: b"{1:F01BANKDEFF}{4:" + text,
        lambda text: b"ABNANL2A\n940\n" + text,
        lambda text: text.removesuffix(b"\n-\n"),
        lambda text: text + b"\x1a",
        lambda text: text.replace(b"Sales", b"S\xe4les").replace(b"Ltd", b"\x00L\xfctd"),
    ],
    ids=["CRLF", "CR", "mark", "envelope", "one line", "banner", "no end", "Ctrl-Z", "bytes"],
)
def test_envelopes_ends_and_bytes(desk: Desk, wrap: object) -> None:
    content = statement(
        ":61:2610021002C5,NTRFNONREF//B1", f":86:{NARRATIVE}", closing="C261003EUR105,"
    )
    assert callable(wrap)
    state, _, entries = land(desk, wrap(content))
    assert (state, entries) == ("landed", [("5", "CRDT", "2026-10-02", "2026-10-02")])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            NARRATIVE,
            {
                "end_to_end_id": "PAYOUT-1", "transaction_reference": "K-9",
                "remittance": "Sales of September 2026",
                "counterparty_name": "Example Payments Ltd",
                "counterparty_account": "DE89370400440532013000",
                "additional_information": "166 GUTSCHRIFT",
            },
        ),
        (
            "/EREF/E-1/MARF/M-1/CSID/C/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/Jo de\nVries"
            "/REMI/USTD//Invoice 7/8/",
            {
                "end_to_end_id": "E-1", "mandate_id": "M-1", "counterparty_name": "Jo deVries",
                "counterparty_account": "NL91ABNA0417164300", "remittance": "Invoice 7/8",
                "transaction_reference": "CUST",
            },
        ),
        (
            "free words\nover two lines",
            {"remittance": "free words over two lines", "transaction_reference": "CUST"},
        ),
    ],
    ids=["German", "slashes", "free"],
)  # fmt: skip
def test_narratives(desk: Desk, text: str, found: dict[str, str]) -> None:
    content = statement(":61:2610021002C5,NTRFCUST//B1", f":86:{text}", closing="C261003EUR105,")
    result = desk.land("bank", content, "statement.sta")
    (row,) = desk.raw(result, "bank_entries")
    assert {name: row[name] for name in found} == found
    assert (row["servicer_reference"], row["proprietary_code"]) == ("B1", "NTRF")


def test_statement_information_stays_out_of_the_last_entry(desk: Desk) -> None:
    content = statement(":61:261002C5,NTRFX", ":86:mine", closing="C261003EUR105,\n:86:of all")
    (row,) = desk.raw(desk.land("bank", content, "s.sta"), "bank_entries")
    assert row["remittance"] == "mine"


def test_pages_numbers_and_several_statements(desk: Desk) -> None:
    one = (
        ":20:S\n:25:A\n:28C:7/1\n:60F:C261001EUR100,\n:61:261002C5,NTRFX\n:62M:C261002EUR105,\n-\n"
    )
    two = (
        ":20:S\n:25:A\n:28C:7/2\n:60M:C261002EUR105,\n:61:261002C5,NTRFX\n:62F:C261002EUR110,\n-\n"
    )
    gap = ":20:S\n:25:A\n:28C:9/1\n:60F:C261002EUR110,\n:62F:C261003EUR110,\n-\n"
    result = desk.land("bank", (one + two).encode(), "pages.sta")
    pages = [(r["statement_id"], r["page_number"]) for r in desk.raw(result, "bank_statements")]
    kinds = [r["balance_type"] for r in desk.raw(result, "bank_balances")]
    assert (result.state, pages) == ("landed", [("7", "1"), ("7", "2")])
    assert kinds == ["OPBD", "ITBD", "ITBD", "CLBD"]
    held = desk.land("bank", (one + two + gap).encode(), "gap.sta")
    assert (held.state, held.code) == ("held", "SEQUENCE_GAP")


def test_mt942_is_intraday_and_its_sums_are_checked(desk: Desk) -> None:
    def report(credits: str) -> bytes:
        return (
            ":20:S\n:25:A\n:28C:7/1\n:34F:EUR0,\n:13D:2610021200+0200\n:61:2610021002C5,NTRFX\n"
            f":90D:0EUR0,\n:90C:{credits}\n-\n"
        ).encode()

    good = desk.land("bank", report("1EUR5,"), "a.sta")
    assert (good.state, desk.raw(good, "bank_statements")[0]["statement_kind"]) == (
        "landed",
        "intraday",
    )
    assert desk.raw(good, "bank_entries")[0]["currency"] == "EUR"
    for wrong in ("2EUR5,", "1EUR6,"):
        held = desk.land("bank", report(wrong), "b.sta")
        assert (held.state, held.code) == ("held", "CONTROL_TOTAL_MISMATCH")
