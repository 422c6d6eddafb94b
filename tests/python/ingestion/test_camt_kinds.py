"""camt.052 and camt.054 beside camt.053: kinds, versions, names of corrected messages."""

from __future__ import annotations

import pytest

from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import balance, camt, entry, statement, tied

KINDS = {
    "camt.052.001": ("BkToCstmrAcctRpt", "Rpt", "intraday"),
    "camt.053.001": ("BkToCstmrStmt", "Stmt", "statement"),
    "camt.054.001": ("BkToCstmrDbtCdtNtfctn", "Ntfctn", "notification"),
}


def message(version: str, *bodies: str) -> bytes:
    """A message of any of the three kinds."""
    root, element, _ = KINDS[version[:12]]
    text = camt(*bodies, version=version).decode()
    text = text.replace("BkToCstmrStmt", root)
    return text.replace("<Stmt>", f"<{element}>").replace("</Stmt>", f"</{element}>").encode()


@pytest.mark.parametrize("number", ["02", "04", "06", "08", "13"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_in_every_version(desk: Desk, kind: str, number: str) -> None:
    body = statement(entry(status="<Cd>BOOK</Cd>"), identity=f"{kind}{number}")
    result = desk.land("bank", message(f"{kind}.{number}", body), "message.xml")
    (row,) = desk.raw(result, "bank_statements")
    assert (row["statement_kind"], row["message_version"]) == (KINDS[kind][2], f"{kind}.{number}")
    assert desk.raw(result, "bank_entries")[0]["amount"] == "10.00"


def test_only_statements_must_tie(desk: Desk) -> None:
    """The control: the same body as a statement is held."""
    body = statement(balance("OPBD", "100.00"), balance("CLBD", "999.00"), entry())
    states = [desk.land("bank", message(f"{kind}.08", body), "m.xml").state for kind in KINDS]
    assert states == ["landed", "held", "landed"]


def test_announcements_are_not_counted_with_statements(desk: Desk) -> None:
    report = statement(entry(), identity="R5", number=5)
    first = desk.land("bank", message("camt.052.001.08", report, report), "m.xml")
    assert (first.state, first.code) == ("landed", None)
    ids = [row["statement_id"] for row in desk.raw(first, "bank_statements")]
    assert ids == ["R5", "R5#2"]


def test_several_messages_of_an_envelope_are_all_read(desk: Desk) -> None:
    texts = [
        message(version, statement(entry(), identity=version))
        for version in ("camt.053.001.08", "camt.054.001.08")
    ]
    result = desk.land("bank", b"<messages>" + b"".join(texts) + b"</messages>", "m.xml")
    kinds = [row["statement_kind"] for row in desk.raw(result, "bank_statements")]
    assert kinds == ["statement", "notification"]


def test_an_id_that_comes_again_next_year_replaces_nothing(desk: Desk) -> None:
    old = camt(tied(entry(), identity="1"))
    new = old.replace(b"2026-", b"2027-")
    first, second = (desk.land("bank", content, "m.xml") for content in (old, new))
    keys = [desk.document(result)["logical_key"] for result in (first, second)]
    assert keys == [f"camt DE02120300000000202051:1@{year}-10-05" for year in (2026, 2027)]


def test_a_numbered_statement_says_its_number_for_the_count_across_files(desk: Desk) -> None:
    one = desk.land("bank", camt(tied(entry("9", "CRDT"), closing="109", number=41)), "a.xml")
    document = desk.document(one)
    assert document["sequence_scope"] == "DE02120300000000202051 2026"
    assert document["sequence_number"] == 41
    two = [tied(entry(), identity=f"T{n}", number=n) for n in (42, 43)]
    assert desk.document(desk.land("bank", camt(*two), "b.xml"))["sequence_number"] is None
