"""What a person wrote into a file stands in no message about the file: messages go into logs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingestion import faults
from ingestion.faults import masked, without_words
from ingestion.formats import header
from tests.python.ingestion.declared import PROCESSOR, Declared, declared_in

NAME, MAIL, ACCOUNT = "Jane Miller", "jane.miller@example.com", "DE02120300000000202051"
SHOP = PROCESSOR + "  customer_id: Customer\n  description: Note\nnever_land: [Mail]\n"
BANK = """title: Test Bank
target: bank
delimiter: ";"
numbers: {decimal: ","}
dates: [DD.MM.YYYY]
totals: [Total, Konto]
header_starts: Day
control: {line: Total, rows: 2, amount: 3}
statement: {account: {line: Konto, field: 2, pattern: "([A-Z0-9]{8,})"}}
columns:
  booking_date: Day
  amount: Amount
  currency: {value: EUR}
  counterparty_name: Party
  remittance: Text
"""
HEADER = "No;Day;Amount;Customer;Note;Mail"
ROW = f"T1;01.10.2026;1,00;{NAME};n;{MAIL}"
LINE = f"01.10.2026;1,00;{NAME};{MAIL}"
FILES = {
    "no header": (SHOP, f"{ROW}\n{ROW}\n"),
    "no header, a name twice": (SHOP, f"T1;01.10.2026;1,00;{NAME};{NAME};{MAIL}\n"),
    "a name as an amount": (SHOP, f"{HEADER}\nT1;01.10.2026;{NAME};c;n;x\n"),
    "an address as an amount": (SHOP, f"{HEADER}\nT1;01.10.2026;{MAIL};c;n;x\n"),
    "an account as an amount": (SHOP, f"{HEADER}\nT1;01.10.2026;{ACCOUNT};c;n;x\n"),
    "a name as a date": (SHOP, f"{HEADER}\nT1;{NAME};1,00;c;n;x\n"),
    "an address as a date": (SHOP, f"{HEADER}\nT1;{MAIL};1,00;c;n;x\n"),
    "a zero byte": (SHOP, f"{HEADER}\nT1;01.10.2026;1,00;{NAME}\0;n;x\n"),
    "a field too few": (SHOP, f"{HEADER}\n{NAME};{MAIL}\n"),
    "a stray quote": (SHOP, f'{HEADER}\nT1;01.10.2026;1,00;"{NAME};n;{MAIL}\n'),
    "another file": (SHOP, f"<html>{NAME} {MAIL}</html>"),
    "a total": (BANK, f"Konto;{ACCOUNT}\nDay;Amount;Party;Text\n{LINE}\nTotal;{NAME};1,00\n"),
    "a sum": (BANK, f"Konto;{ACCOUNT}\nDay;Amount;Party;Text\n{LINE}\nTotal;1;{MAIL}\n"),
    "an account": (BANK, f"Konto;{MAIL}\nDay;Amount;Party;Text\n{LINE}\nTotal;1;1,00\n"),
}
SHOWN_WITHOUT_THE_GUARD = ["no header", "a name as an amount", "an address as a date", "a total"]


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Declared]:
    with declared_in(tmp_path_factory.mktemp("declared")) as made:
        yield made


def said_of(declared: Declared, manifest: str, content: str) -> str:
    """Everything that a file's landing says, on the screen and in the register."""
    result = declared.land(manifest, content)
    noted = declared.desk.warehouse.rows(
        "select message, masked_value from ops.quarantine where document_id = $1",
        [result.document_id],
    )
    words = [str(result.message), *(fault.describe("file.csv") for fault in result.faults)]
    assert result.code or result.faults
    return "\n".join([*words, *(str(value) for row in noted for value in row.values())])


@pytest.mark.parametrize("case", FILES)
def test_no_name_address_or_account_stands_in_a_message(declared: Declared, case: str) -> None:
    said = said_of(declared, *FILES[case])
    assert not [word for word in ("Jane", "Miller", "example.com", ACCOUNT) if word in said], said


@pytest.mark.parametrize("case", SHOWN_WITHOUT_THE_GUARD)
def test_the_control_without_the_masks_they_would(
    declared: Declared, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    monkeypatch.setattr(faults, "without_words", str)
    monkeypatch.setattr(faults, "masked", str)
    monkeypatch.setattr("ingestion.formats.asides.without_words", str)
    monkeypatch.setattr(header, "looks_like_a_row", lambda _: False)
    manifest, content = FILES[case]
    said = said_of(declared, manifest, content + "\n")
    assert [word for word in ("Jane", "example.com") if word in said], said


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Jane Miller", "J*** M***"),
        ("1_000", "1_000"),
        ("EUR 12.00 CR", "EUR 12.00 CR"),
        ("03/04/2026", "03/04/2026"),
        ("1 Oct 2026", "1 Oct 2026"),
        ("Müller", "M***"),
        ("me@x.example", "***@***"),
        (ACCOUNT, "DE******2051"),
    ],
)
def test_a_value_that_is_no_number_is_shown_without_its_words(value: str, shown: str) -> None:
    assert without_words(value) == shown


def test_an_address_is_shown_in_no_value() -> None:
    assert masked("to me@x.example, please") == "to ***@***, please"
