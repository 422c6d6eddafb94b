"""BAI2: continuations, funds types, several records on a line, control totals on every level."""

from __future__ import annotations

import pytest

from tests.python.ingestion.conftest import Desk

FILE = "01,BANK,ME,261003,0500,1,,,2/"
GROUP = "02,ME,BANK,1,261002,2400,USD,2/"


def report(*account: str, total: int, group: str = GROUP, before: str = FILE) -> bytes:
    """A file with one account and right control records; `total` is the sum of its amounts."""
    count = len(account)
    return "\n".join(
        [
            before, group, *account,
            f"49,{total},{count + 1}/", f"98,{total},1,{count + 3}/", f"99,{total},1,{count + 5}/",
        ]
    ).encode()  # fmt: skip


def entries(desk: Desk, content: bytes, state: str = "landed") -> list[dict[str, str]]:
    """The landed entries of a file that must end in `state`."""
    result = desk.land("bank", content, "report.bai")
    assert result.state == state, result.message
    return desk.raw(result, "bank_entries")


def test_a_continuation_splits_a_pair(desk: Desk) -> None:
    account = ("03,1,,010,100,,,015/", "88,600,,,040/", "88,-50,,/", "16,165,500,Z,B1,C1,TEXT/")
    result = desk.land("bank", report(*account, total=100 + 600 - 50 + 500), "report.bai")
    assert result.state == "landed", result.message
    found = [
        (r["balance_type"], r["amount"], r["credit_debit"])
        for r in desk.raw(result, "bank_balances")
    ]
    assert found == [("OPBD", "1.00", "CRDT"), ("CLBD", "6.00", "CRDT"), ("OPAV", "0.50", "DBIT")]


@pytest.mark.parametrize(
    ("funds", "value_date"),
    [
        ("Z", "2026-10-02"), ("0", "2026-10-02"), ("1", "2026-10-02"), ("2", "2026-10-02"),
        ("", "2026-10-02"), ("V,261007,", "2026-10-07"), ("V,261007,1300", "2026-10-07"),
        ("S,100,200,200", "2026-10-02"), ("D,2,0,300,1,200", "2026-10-02"),
    ],
)  # fmt: skip
def test_funds_types(desk: Desk, funds: str, value_date: str) -> None:
    content = report("03,1,,,,,/", f"16,475,500,{funds},B1,C1,TEXT, MORE 1/2", total=500)
    (row,) = entries(desk, content)
    names = (
        "amount", "credit_debit", "value_date", "servicer_reference", "transaction_reference",
        "remittance",
    )  # fmt: skip
    assert [row[n] for n in names] == ["5.00", "DBIT", value_date, "B1", "C1", "TEXT, MORE 1/2"]


def test_text_goes_on_and_holds_anything(desk: Desk) -> None:
    content = report(
        "03,1,,,,,/", "16,165,500,Z,,,A, B", "88,C 22/03/66, 49,1", "88,/D/", total=500
    )
    (row,) = entries(desk, content)
    assert row["remittance"] == "A, B C 22/03/66, 49,1 /D"


def test_several_records_on_one_line(desk: Desk) -> None:
    content = report("03,1,,010,100,,/", "16,165,500,Z,,,PAID 5/16 YES/", total=600)
    (row,) = entries(desk, content.replace(b"/\n", b"/"))
    assert (row["amount"], row["remittance"]) == ("5.00", "PAID 5/16 YES")


@pytest.mark.parametrize(
    ("currency", "amount"), [("JPY", "1234"), ("USD", "12.34"), ("KWD", "1.234")]
)
def test_the_currency_says_where_the_point_is(desk: Desk, currency: str, amount: str) -> None:
    (row,) = entries(desk, report(f"03,1,{currency},,,,/", "16,165,1234,Z,,,/", total=1234))
    assert (row["amount"], row["currency"]) == (amount, currency)


@pytest.mark.parametrize(
    ("code", "amount", "direction"),
    [("399", "5", "CRDT"), ("400", "5", "DBIT"), ("165", "-5", "DBIT"), ("475", "-5", "CRDT"),
     ("925", "5", "CRDT"), ("965", "5", "DBIT")],
)  # fmt: skip
def test_the_type_gives_the_direction(desk: Desk, code: str, amount: str, direction: str) -> None:
    (row,) = entries(desk, report("03,1,,,,,/", f"16,{code},{amount},Z,,,/", total=int(amount)))
    assert (row["amount"], row["credit_debit"]) == ("0.05", direction)


def test_a_type_that_says_no_direction_holds_the_file(desk: Desk) -> None:
    result = desk.land("bank", report("03,1,,,,,/", "16,721,5,Z,,,/", total=5), "report.bai")
    assert (result.state, result.code) == ("held", "ROWS_REFUSED")


@pytest.mark.parametrize(
    ("modifier", "kind"),
    [
        ("", "statement"),
        ("2", "statement"),
        ("1", "intraday"),
        ("3", "intraday"),
        ("4", "intraday"),
    ],
)
def test_the_as_of_modifier_gives_the_kind(desk: Desk, modifier: str, kind: str) -> None:
    group = GROUP.replace(",USD,2/", f",USD,{modifier}/")
    content = report("03,1,,,,,/", "16,165,500,Z,,,/", total=500, group=group)
    result = desk.land("bank", content, "report.bai")
    assert [row["statement_kind"] for row in desk.raw(result, "bank_statements")] == [kind]


GOOD = report("03,1,,010,100,,,015,600,,/", "16,165,500,Z,B1,,/", total=1200)


@pytest.mark.parametrize(
    ("old", "new", "state", "code"),
    [
        (b"49,1200,3/", b"49,1201,3/", "held", "CONTROL_TOTAL_MISMATCH"),
        (b"49,1200,3/", b"49,1200,4/", "held", "CONTROL_TOTAL_MISMATCH"),
        (b"98,1200,1,5/", b"98,1200,2,5/", "held", "CONTROL_TOTAL_MISMATCH"),
        (b"99,1200,1,7/", b"99,1200,1,8/", "held", "CONTROL_TOTAL_MISMATCH"),
        (b"99,1200,1,7/", b"99,1199,1,7/", "held", "CONTROL_TOTAL_MISMATCH"),
        (b"49,1200,3/", b"49,,3/", "landed", None),
        (b"\n99,1200,1,7/", b"", "held", "FILE_TRUNCATED_SUSPECT"),
        (b",015,600,", b",015,601,", "held", "STATEMENT_UNBALANCED"),
        (b"02,ME,BANK,1,", b"02,ME,BANK,2,", "held", "BAI2_GROUP_STATUS"),
        (b"02,ME,BANK,1,", b"02,ME,BANK,4,", "held", "BAI2_GROUP_STATUS"),
        (b"16,165,500,Z", b"16,165,500,Q", "rejected", "BAI2_INVALID"),
        (b"16,165,500,Z", b"16,165,5.00,Z", "rejected", "BAI2_INVALID"),
        (b"16,165,500,Z", b"17,165,500,Z", "rejected", "BAI2_INVALID"),
        (b"02,ME,BANK,1,261002,2400,USD,2/\n", b"", "rejected", "BAI2_INVALID"),
        (b"261002,2400", b"26102,2400", "rejected", "BAI2_INVALID"),
        (b"03,1,,010,100,,,015,600,,/\n", b"", "rejected", "BAI2_INVALID"),
    ],
)
def test_one_thing_wrong(desk: Desk, old: bytes, new: bytes, state: str, code: str | None) -> None:
    assert old in GOOD
    result = desk.land("bank", GOOD.replace(old, new), "report.bai")
    assert (result.state, result.code) == (state, code)


def test_the_good_file_lands(desk: Desk) -> None:
    assert len(entries(desk, GOOD)) == 1
