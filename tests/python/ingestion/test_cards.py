"""Card acquirers' files: what lands, and what is held or refused with which code.

Every guard has its control: the same file without the fault lands.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingestion.catalogue import source_spec
from ingestion.formats.parse import parse
from ingestion.formats.parsed import Parsed, Work, scratch_database
from ingestion.landing.land import release
from tests.python.ingestion.cards import cielo, month, rede, unica
from tests.python.ingestion.conftest import Desk

DAY = date(2026, 10, 5)
MONTH = {source: files() for source, files in month.FILES.items()}
ALL = [(source, name) for source, files in MONTH.items() for name in files]


def sale(number: int = 1, **changes: object) -> unica.Sale:
    """A forecast of 100.00."""
    words = {"nsu": number, "day": DAY, "stage": 0, "due": DAY, "gross": 10000, "discount": 150}
    return unica.Sale(**(words | changes))  # type: ignore[arg-type]


def capture(sequence: int = 7, fee: int = -430) -> bytes:
    """A Cielo file 03 with one sale."""
    launch = cielo.Launch("UR-1", "02", 20000, fee, DAY, "100000000000009")
    return cielo.statement("03", DAY, sequence, [cielo.Unit("UR-1", "02", DAY, (launch,))])


def one_rv(nsu: int = 1) -> rede.Summary:
    """A Rede summary with one sale."""
    return rede.Summary(1, DAY, DAY, (rede.Sale(nsu, DAY, 5000, 100),))


def parsed(source: str, content: bytes, folder: Path) -> Parsed:
    """What the parser says of a file."""
    path = folder / "file"
    path.write_bytes(content)
    with scratch_database(folder) as scratch:
        return parse(Work(path, folder), "file", source_spec(source), scratch)


@pytest.mark.parametrize(("source", "name"), ALL, ids=[name for _, name in ALL])
def test_every_file_of_the_samples_is_what_the_writer_writes_and_lands(
    desk: Desk, source: str, name: str
) -> None:
    content = MONTH[source][name]
    assert (month.SOURCES / source / name).read_bytes() == content
    assert desk.land(source, content, name).state == "landed"


def test_a_sale_reads_as_it_was_written(fresh_desk: Desk) -> None:
    part = (2, 3, 3333, 72, 3261)
    line = sale(77, part=part, early=3200, stage=2, order="ORDER-77")
    result = fresh_desk.land("unica", unica.statement(DAY, 1, [line]), "EXTRATO")
    (row,) = fresh_desk.raw(result, "unica_sales")
    found = [row[name] for name in ("nsu", "sale_date", "launch_type", "gross_amount",
             "discount_amount", "net_amount", "instalment", "instalments",
             "instalment_gross_amount", "instalment_net_amount", "anticipated_net_amount",
             "order_id", "brand_code", "sale_time", "card_number")]  # fmt: skip
    assert found == ["000000000077", "2026-10-05", "2", "10000", "150", "9850", "2", "3", "3333",
                     "3261", "3200", "ORDER-77", "001", "00:00:00", "550209******2742"]  # fmt: skip


def test_signs_rates_and_null_dates_of_cielo(fresh_desk: Desk) -> None:
    result = fresh_desk.land("cielo", capture(), "CIELO03D.TXT")
    (row,) = fresh_desk.raw(result, "cielo_details")
    assert (row["commission_amount"], row["net_amount"]) == ("-430", "19570")
    assert (row["sale_rate"], row["original_launch_date"]) == ("2.15", None)
    assert row["launch_date"] == "2026-10-05"


def test_accents_are_read_in_the_code_page_of_the_layout(fresh_desk: Desk) -> None:
    result = fresh_desk.land("rede", rede.eevc(DAY, 1, [one_rv()]), "EEVC.txt")
    assert fresh_desk.raw(result, "rede_files")[0]["merchant_name"] == "CAFÉ MARLOW"
    wrong = rede.eevc(DAY, 2, [one_rv()]).replace(b"CAF\xc9", b"CAF\x81")
    assert fresh_desk.land("rede", wrong, "EEVC2.txt").code == "ENCODING_INVALID"


def marked(content: bytes, code: bytes, place: int, mark: bytes) -> bytes:
    """The content with one character of its first line of that code written over."""
    at = content.index(b"\n" + code) + place
    return content[:at] + mark + content[at + 1 :]


GOOD = unica.statement(DAY, 11, [sale(1), sale(2), sale(3)])
CUT = GOOD.replace(b"000550209******2742", b"000550209******274", 1)
REDE = rede.eevc(DAY, 3, [one_rv(5)])
PAYMENTS = rede.eefi(DAY, 4, [rede.credit(one_rv(), 9, DAY, 4900)])
DEBIT = rede.eevd(DAY, 5, [one_rv(6)])
CIELO = capture(8)
HELD = [
    ("unica", CUT, "ROWS_REFUSED", "a line one character short"),
    ("unica", GOOD.replace(b"L9000003", b"L9000004"), "CONTROL_TOTAL_MISMATCH", "lot rows"),
    ("unica", GOOD.replace(b"00000000030000", b"00000000030001"), "CONTROL_TOTAL_MISMATCH", "lot"),
    ("unica", b"".join(GOOD.splitlines(True)[:3] + GOOD.splitlines(True)[4:]), "LINE_NUMBERING",
     "a line lost"),
    ("unica", GOOD + GOOD, "REPEATED_HEADER", "two files joined"),
    ("unica", GOOD.rpartition(b"A9")[0], "ENVELOPE_INCOMPLETE", "no trailer"),
    ("unica", GOOD.partition(b"\n")[2], "ENVELOPE_INCOMPLETE", "no header"),
    ("unica", GOOD.replace(b"L0", b"X0", 1), "RECORD_UNKNOWN", "a line of no record"),
    ("unica", GOOD.replace(b"000000020261005C", b"256199020261005C", 1), "ROWS_REFUSED", "a time"),
    ("unica", GOOD.replace(b"20261005000000", b"20261399000000", 1), "ROWS_REFUSED", "a date"),
    ("unica", GOOD.replace(b"00000010000", b"0000001000X", 1), "CONTROL_TOTAL_MISMATCH", "a digit"),
    ("unica", GOOD.replace(b"00000000150", b"00000000151", 1), "ROWS_REFUSED", "net"),
    ("unica", marked(GOOD, b"CV", 44, b"3"), "ROWS_REFUSED", "a stage nobody knows"),
    ("unica", marked(GOOD, b"CV", 346, b"N"), "ROWS_REFUSED", "a debit flag that may mean no"),
    ("rede", marked(PAYMENTS, b"034", 47, b"X"), "ROWS_REFUSED", "neither credit nor debit"),
    ("cielo", CIELO.replace(b"900000000002+", b"900000000003+"), "CONTROL_TOTAL_MISMATCH",
     "rows"),
    ("cielo", CIELO.replace(b"+00000000000019570", b"+00000000000019571"),
     "CONTROL_TOTAL_MISMATCH", "net"),
    ("cielo", CIELO.replace(b"-0000000000430", b"*0000000000430"), "ROWS_REFUSED", "a sign"),
    ("cielo", CIELO[:-252], "ENVELOPE_INCOMPLETE", "no trailer"),
    ("rede", REDE.replace(b"0280001", b"0290001"), "ENVELOPE_INCOMPLETE", "no trailer"),
    ("rede", REDE.replace(b"000000000005000", b"000000000005001", 1), "CONTROL_TOTAL_MISMATCH",
     "a summary"),
    ("rede", PAYMENTS.replace(b"000000000004900C", b"000000000004901C"), "CONTROL_TOTAL_MISMATCH",
     "a credit"),
    ("rede", DEBIT.replace(b",000006\r\n", b",000007\r\n"), "CONTROL_TOTAL_MISMATCH", "all lines"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "content", "code"), [h[:3] for h in HELD], ids=[f"{h[0]} {h[3]}" for h in HELD]
)
def test_a_file_that_does_not_add_up_is_held(
    desk: Desk, source: str, content: bytes, code: str
) -> None:
    assert content not in (GOOD, CIELO, REDE, PAYMENTS, DEBIT)
    result = desk.land(source, content, "file")
    assert (result.state, result.code) == ("held", code)
    assert desk.raw(result, f"{source}_files") == []


@pytest.mark.parametrize(
    ("source", "content"),
    [("unica", GOOD), ("cielo", CIELO), ("rede", REDE), ("rede", PAYMENTS), ("rede", DEBIT)],
)
def test_the_same_file_without_the_fault_lands(desk: Desk, source: str, content: bytes) -> None:
    assert desk.land(source, content, "file").state == "landed"


def test_lines_nobody_knows_are_searched_for_cards_and_kept_when_released(desk: Desk) -> None:
    odd = unica.statement(DAY, 12, [sale(1), sale(2)]).replace(b"L0", b"X0", 1)
    held = desk.land("unica", odd, "odd")
    landed = release(desk.settings, desk.warehouse, held.document_id)
    assert (held.code, landed.state) == ("RECORD_UNKNOWN", "landed")
    (kept,) = desk.raw(landed, "unica_other_records")
    assert (kept["record_type"], kept["line"]) == ("unknown", "X020261005RE000002")
    card = odd.replace(b"X020261005RE", b"X0 4111111111111111 ", 1)
    assert desk.land("unica", card, "card").code == "PAN_FOUND"


def test_a_line_of_another_length_is_named(fresh_desk: Desk) -> None:
    result = fresh_desk.land("unica", CUT, "EXTRATO")
    assert fresh_desk.quarantine(result) == [(3, None, None, "LINE_LENGTH")]


REJECTED = [
    ("unica", unica.statement(DAY, 1, [sale()], version="003.0a"), "LAYOUT_VERSION"),
    ("unica", GOOD.replace(b"N000001", b"N00001", 1), "LINE_LENGTH"),
    ("unica", b"nothing of the kind\n", "FILE_TYPE"),
    ("unica", b"<html>not found</html>", "FILE_TYPE"),
    ("unica", GOOD.replace(b"BRA", b"B\x00A", 1), "NUL_BYTE"),
    ("unica", GOOD.replace(b"000550209******2742", b"0004111111111111111", 1), "PAN_FOUND"),
    ("cielo", CIELO.replace(b"01503S", b"01403S"), "LAYOUT_VERSION"),
    ("cielo", CIELO.replace(b"CIELO03", b"CIELO06"), "FILE_TYPE"),
    ("rede", rede.eevc(DAY, 1, [one_rv()]).replace(b"V2.01", b"V9.01"), "LAYOUT_VERSION"),
    ("rede", rede.eevc(DAY, 1, [one_rv()], name="OUTRA"), "FILE_TYPE"),
    ("rede", REDE.replace(b"550209XXXXXX2742", b"4111111111111111"), "PAN_FOUND"),
    (
        "rede",
        REDE.replace(b"004012345678CAF\xc9 MARLOW", b"004012345678 4111111111111111"),
        "PAN_FOUND",
    ),
]


@pytest.mark.parametrize(("source", "content", "code"), REJECTED)
def test_a_file_that_cannot_be_read_is_rejected(
    desk: Desk, source: str, content: bytes, code: str
) -> None:
    result = desk.land(source, content, "file")
    assert (result.state, result.code) == ("rejected", code)


@pytest.mark.parametrize("name", ["REDECARD", "Redecard", "Rede", "rede"])
def test_rede_writes_its_name_as_it_likes(desk: Desk, name: str) -> None:
    for content in (rede.eevc(DAY, 9, [one_rv()], name), rede.eevd(DAY, 9, [one_rv()], name)):
        assert desk.land("rede", content, "file").state == "landed"


def test_line_ends_blank_lines_and_the_end_mark_do_not_matter(desk: Desk) -> None:
    plain = rede.eevc(DAY, 21, [one_rv(3)])
    for number, content in enumerate(
        [plain.replace(b"\r\n", b"\n"), plain.replace(b"\r\n", b"\r\n\r\n"), plain + b"\x1a"]
    ):
        result = desk.land("rede", content, f"file{number}")
        assert (result.state, result.landed_rows) == ("landed", 4), content


def test_trailing_filler_of_rede_may_be_there_or_not(desk: Desk) -> None:
    plain = rede.eefi(DAY, 31, [rede.credit(one_rv(), 8, DAY, 4900)])
    filled = b"".join(line.ljust(1022) + b"\r\n" for line in plain.split(b"\r\n")[:-1])
    results = [desk.land("rede", content, "file") for content in (plain, filled)]
    assert [result.state for result in results] == ["landed", "landed"]
    assert len(desk.raw(results[0], "rede_credits")) == 1


def test_a_line_that_ends_inside_an_amount_is_no_shorter_amount(desk: Desk) -> None:
    plain = rede.eefi(DAY, 32, [rede.credit(one_rv(), 8, DAY, 4900)])
    cut = plain.removesuffix(b"0000\r\n") + b"\r\n"
    assert (desk.land("rede", plain, "file").state, cut != plain) == ("landed", True)
    result = desk.land("rede", cut, "file")
    assert (result.state, result.code) == ("rejected", "LINE_LENGTH")


def test_a_count_of_files_is_known_and_a_file_sent_again_is_outside_it(tmp_path: Path) -> None:
    first = parsed("cielo", capture(7), tmp_path)
    again = parsed("cielo", capture(cielo.RESEND), tmp_path)
    assert (first.sequence_scope, first.sequence_number) == ("cielo 03 0001234567", 7)
    assert (again.sequence_scope, again.sequence_number) == (None, None)
    assert first.logical_key == again.logical_key
    sales = parsed("rede", REDE, tmp_path)
    assert (sales.sequence_scope, sales.sequence_number) == ("rede eevc 012345678", 3)
    assert parsed("unica", GOOD, tmp_path).sequence_number is None


def test_a_file_sent_again_replaces_the_first(fresh_desk: Desk) -> None:
    first = fresh_desk.land("cielo", capture(7), "CIELO03D_7.TXT")
    again = fresh_desk.land("cielo", capture(cielo.RESEND, fee=-440), "CIELO03D_9999999.TXT")
    keys = {fresh_desk.document(result)["logical_key"] for result in (first, again)}
    assert (first.state, again.state, len(keys)) == ("landed", "landed", 1)
