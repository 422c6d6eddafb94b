"""Bank statements (H1–H7): what is forbidden, what ties, what is read across versions."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import DETAIL, balance, camt, entry, statement, tied

EXTERNAL = '<!DOCTYPE Document [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(camt(tied(entry()), prolog=EXTERNAL), "XML_FORBIDDEN", id="H1 external"),
        pytest.param(camt(tied(entry()), prolog=LAUGHS), "XML_FORBIDDEN", id="H1 laughs"),
        pytest.param(
            camt(tied(entry()), prolog='<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d>')
            .decode()
            .encode("utf-16"),
            "XML_FORBIDDEN",
            id="H1 hidden in UTF-16",
        ),
        pytest.param(
            camt(tied(), prolog='<?xml version="1.0" encoding="UTF-7"?>'),
            "ENCODING_MISMATCH",
            id="H1 odd encoding",
        ),
        pytest.param(
            b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">'
            b"<CstmrCdtTrfInitn/></Document>",
            "XML_VERSION",
            id="H2 payment order",
        ),
        pytest.param(
            b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08">'
            b"<BkToCstmrDbtCdtNtfctn/></Document>",
            "XML_NO_STATEMENT",
            id="H2 empty notification",
        ),
        pytest.param(b"<html><body/></html>", "XML_VERSION", id="H2 page"),
        pytest.param(camt(), "XML_NO_STATEMENT", id="H2 no statement"),
        pytest.param(b"<a>" * 200_000 + b"</a>" * 200_000, "XML_DEPTH", id="H3 deep"),
        pytest.param(b"<a>" * 240 + b"</a>" * 240, "XML_DEPTH", id="H3 deeper than we go"),
        pytest.param(camt(tied(entry()))[:-20], "XML_INVALID", id="H11 cut off"),
        pytest.param(b"not xml", "XML_INVALID", id="A3 text"),
    ],
)
def test_refused(desk: Desk, content: bytes, code: str) -> None:
    result = desk.land("bank", content, "statement.xml")
    assert (result.state, result.code) == ("rejected", code)


def test_h1_the_guard_is_needed(tmp_path: Path) -> None:
    """The control: with entities resolved, the same parser reads a file of this machine."""
    secret = tmp_path / "secret"
    secret.write_text("of this machine")
    text = f'<!DOCTYPE d [<!ENTITY e SYSTEM "file://{secret}">]><d>&e;</d>'
    parser = etree.XMLParser(resolve_entities=True, no_network=False)
    assert etree.fromstring(text.encode(), parser).text == "of this machine"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(camt(tied(entry()), version=version), id=version or "no namespace")
        for version in ("camt.053.001.02", "camt.053.001.04", "camt.053.001.14", "")
    ]
    + [
        pytest.param(
            b"<message><AppHdr/>" + camt(tied(entry(status="<Cd>BOOK</Cd>"))) + b"</message>",
            id="enveloped, wrapped status",
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="ISO-8859-1"?>' + camt(tied(entry(), identity="S9")),
            id="latin-1 by its own word",
        ),
    ],
)
def test_h2_every_version_is_read(desk: Desk, content: bytes) -> None:
    result = desk.land("bank", content, "statement.xml")
    assert (result.state, result.landed_rows) == ("landed", 4)
    (row,) = desk.raw(result, "bank_entries")
    assert (row["amount"], row["credit_debit"], row["status"]) == ("10.00", "CRDT", "BOOK")


def test_h4_a_statement_that_does_not_tie_is_held_with_the_difference(desk: Desk) -> None:
    result = desk.land("bank", camt(tied(entry("9.00"))), "statement.xml")
    assert (result.state, result.code) == ("held", "STATEMENT_UNBALANCED")
    assert "off by 1.00" in str(result.message)
    totals = desk.warehouse.rows(
        "select * from ops.control_totals where document_id = $1", [result.document_id]
    )
    assert [(str(t["declared"]), str(t["found"])) for t in totals] == [
        ("110.000000000", "109.000000000")
    ]


TIES = [
    pytest.param(tied(entry(), entry("3.00", status="PDNG")), id="pending does not count"),
    pytest.param(tied(entry("20.00"), entry("10.00", "DBIT")), id="debits"),
    pytest.param(
        tied(entry("10.00", "DBIT", extra="<RvslInd>true</RvslInd>"), closing="90.00"),
        id="H6 a reversal keeps its own direction",
    ),
    pytest.param(
        statement(balance("PRCD", "5", "DBIT"), balance("CLBD", "5"), entry()), id="from overdraft"
    ),
    pytest.param(
        statement(balance("OPBD", "100"), balance("ITBD", "110"), entry()), id="first page"
    ),
    pytest.param(
        statement(balance("ITBD", "110"), balance("ITBD", "120"), entry()), id="middle page"
    ),
    pytest.param(
        statement(balance("ITBD", "120"), balance("CLBD", "130"), entry()), id="last page"
    ),
    pytest.param(statement(balance("OPBD", "7"), balance("CLBD", "7")), id="no entries"),
    pytest.param(statement(entry()), id="no balances"),
]


@pytest.mark.parametrize("body", TIES)
def test_h4_statements_that_tie(desk: Desk, body: str) -> None:
    result = desk.land("bank", camt(body), "statement.xml")
    assert (result.state, result.code) == ("landed", None)


def test_h5_sequence_numbers_inside_a_file(desk: Desk) -> None:
    def day(identity: str, number: int) -> str:
        return tied(entry(), identity=identity, number=number)

    good = desk.land("bank", camt(day("S1", 1), day("S2", 2)), "statement.xml")
    gap = desk.land("bank", camt(day("S1", 1), day("S3", 3)), "statement.xml")
    twice = desk.land("bank", camt(day("S1", 1), day("S2", 1)), "statement.xml")
    assert good.state == "landed"
    assert (gap.state, gap.code) == (twice.state, twice.code) == ("held", "SEQUENCE_GAP")
    assert "3 follows 1" in str(gap.message)


def test_h6_an_entry_without_direction_holds_the_statement(desk: Desk) -> None:
    detail = DETAIL.format(amount="", party="")
    content = camt(tied(entry("10.00", None, details=detail), closing="100.00"))
    result = desk.land("bank", content, "statement.xml")
    assert (result.state, result.code, result.landed_rows) == ("held", "ROWS_REFUSED", 0)
    assert [(name, code) for _, _, name, code in desk.quarantine(result)] == [
        ("credit_debit", "DIRECTION_MISSING"),
        (None, "PARENT_REFUSED"),
    ]


def test_h7_details_that_do_not_add_up_are_noted_and_the_entry_counts(desk: Desk) -> None:
    details = "".join(
        DETAIL.format(amount=f'<Amt Ccy="EUR">{amount}</Amt>', party="") for amount in ("4", "5")
    )
    result = desk.land("bank", camt(tied(entry(details=details))), "statement.xml")
    assert (result.state, result.code) == ("landed", "DETAIL_MISMATCH")
    (row,) = desk.raw(result, "bank_entries")
    assert (row["details_count"], row["remittance"], row["end_to_end_id"]) == ("2", None, None)
    assert sorted(d["amount"] for d in desk.raw(result, "bank_entry_details")) == ["4", "5"]
    (total,) = desk.warehouse.rows(
        "select declared, found from ops.control_totals where document_id = $1 and not is_enforced",
        [result.document_id],
    )
    assert (total["declared"], total["found"]) == (10, 9)


@pytest.mark.parametrize(
    ("direction", "reversal", "name"),
    [
        ("CRDT", "", "Debtor"),
        ("DBIT", "", "Creditor"),
        ("DBIT", "<RvslInd>true</RvslInd>", "Debtor"),
        ("CRDT", "<RvslInd>1</RvslInd>", "Creditor"),
    ],
)
def test_a_single_detail_fills_the_entry(
    desk: Desk, direction: str, reversal: str, name: str
) -> None:
    party = (
        "<Dbtr><Nm>Debtor</Nm></Dbtr><DbtrAcct><Id><IBAN>D1</IBAN></Id></DbtrAcct>"
        "<Cdtr><Pty><Nm>Creditor</Nm></Pty></Cdtr>"
    )
    detail = DETAIL.format(amount='<Amt Ccy="EUR">10.00</Amt>', party=party)
    body = entry("10.00", direction, extra=reversal, details=detail)
    closing = "110.00" if direction == "CRDT" else "90.00"
    result = desk.land("bank", camt(tied(body, closing=closing)), "statement.xml")
    (row,) = desk.raw(result, "bank_entries")
    assert row["counterparty_name"] == name
    assert row["remittance"] == "po_123 thanks RF18"
    assert [row[c] for c in ("end_to_end_id", "transaction_reference", "mandate_id")] == [
        "E2E-1", "TX-1", "MD-1",
    ]  # fmt: skip


def test_lines_entries_and_identity(desk: Desk) -> None:
    pretty = camt(tied(entry(), entry("1.00", "DBIT"), closing="109.00")).replace(b"><", b">\n<")
    result = desk.land("bank", pretty, "statement.xml")
    rows = desk.raw(result, "bank_entries")
    lines = pretty.decode().splitlines()
    assert [lines[row["_source_line"] - 1][:5] for row in rows] == ["<Ntry", "<Ntry"]
    document = desk.document(result)
    assert [row["entry_index"] for row in rows] == ["1", "2"]
    assert document["logical_key"] == "camt DE02120300000000202051:S1@2026-10-05"
    assert document["revision"] == 1_791_259_200_000_000


def test_far_lines_are_still_named(desk: Desk) -> None:
    content = camt(tied(*[entry("1.00")] * 7_000, closing="7100.00")).replace(b"><", b">\n<")
    result = desk.land("bank", content, "statement.xml")
    assert desk.raw(result, "bank_entries")[-1]["_source_line"] > 65_535


def test_later_message_of_the_same_statement_is_its_correction(desk: Desk) -> None:
    first = desk.land("bank", camt(tied(entry(), identity="C1")), "a.xml")
    again = camt(tied(entry(), identity="C1"), created="2026-10-07T04:00:00.5+02:00")
    second = desk.land("bank", again, "b.xml")
    page = "<StmtPgntn><PgNb>2</PgNb><LastPgInd>true</LastPgInd></StmtPgntn>"
    third = desk.land("bank", camt(tied(entry(), identity="C1", page=page)), "c.xml")
    keys = [desk.document(result)["logical_key"] for result in (first, second, third)]
    revisions = [desk.document(result)["revision"] for result in (first, second)]
    assert keys[0] == keys[1] != keys[2]
    assert revisions[1] - revisions[0] == (22 * 3600) * 1_000_000 + 500_000


def zipped(**members: bytes) -> bytes:
    """A zip of some files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a14_zip_of_one_statement(desk: Desk) -> None:
    content = camt(tied(entry(), identity="Z1"))
    good = zipped(statement=content)
    landed = desk.land("bank", good, "statement.zip")
    assert (landed.state, landed.landed_rows) == ("landed", 4)
    two = desk.land("bank", zipped(a=content, b=content), "statement.zip")
    cut = desk.land("bank", good[:60] + b"\0\0\0\0" + good[64:], "statement.zip")
    assert two.code == cut.code == "FILE_ARCHIVE_UNSAFE"
    assert desk.land("bank", zipped(a=b""), "statement.zip").code == "FILE_EMPTY"
