"""ACH files: returns in every turn, control records, trimmed and joined lines."""

from __future__ import annotations

import pytest

from tests.python.ingestion.conftest import Desk

BANK, OTHER = "091000019", "021000021"


def header(day: str = "261005") -> str:
    """Record 1."""
    return f"101 {BANK:>9}{'1234567890':>10}{day}0530A094101{'BANK':<23}{'MERCHANT':<23}{'':<8}"


def batch(settled: str = "278", kind: str = "PPD") -> str:
    """Record 5."""
    start = f"5200{'Merchant':<16}{'':<20}1234567890{kind}{'ORDERS':<10}{'':<6}261002"
    return f"{start}{settled}109100001{1:07d}"


def entry(code: str, cents: int, trace: str = "021000020000901", has_more: int = 1) -> str:
    """Record 6."""
    start = f"6{code}{OTHER}{'44556677':<17}{cents:010d}{'C-1':<15}"
    return f"{start}{'Paul Example':<22}  {has_more}{trace}"


def returned(reason: str, original: str = "091000010000501", type_code: str = "99") -> str:
    """Record 7."""
    return f"7{type_code}{reason}{original}{'':<6}02100002{'':<44}021000020000901"


def ach(*entries: str, head: str = "", **words: str) -> list[str]:
    """The lines of a file with one batch and right control records."""
    sixes = [line for line in entries if line[0] == "6"]
    hashed = sum(int(line[3:11]) for line in sixes) % 10**10
    debits = sum(int(line[29:39]) for line in sixes if line[2] in "56789")
    credits = sum(int(line[29:39]) for line in sixes if line[2] in "01234")
    sums = f"{hashed:010d}{debits:012d}{credits:012d}"
    lines = [head or header(), batch(**words), *entries]
    lines.append(f"8200{len(entries):06d}{sums}1234567890{'':<25}09100001{1:07d}")
    blocks = -(-(len(lines) + 1) // 10)
    lines.append(f"9{1:06d}{blocks:06d}{len(entries):08d}{sums}{'':<39}")
    lines += ["9" * 94] * (blocks * 10 - len(lines))
    assert {len(line) for line in lines} == {94}
    return lines


RETURN = (entry("26", 12354), returned("R01"))


def land(desk: Desk, lines: list[str]) -> tuple[str, str | None, list[tuple[str, ...]]]:
    """State, code, and kind, direction, amount, original trace and settlement day."""
    result = desk.land("nacha", "\n".join(lines).encode() + b"\n", "returns.ach")
    names = ("entry_kind", "direction", "amount", "original_trace_number", "settled_on")
    rows = desk.raw(result, "nacha_entries")
    return result.state, result.code, [tuple(row[n] for n in names) for row in rows]


@pytest.mark.parametrize(
    ("code", "reason", "type_code", "kind", "direction"),
    [
        ("26", "R01", "99", "return", "debit"),
        ("36", "R10", "99", "return", "debit"),
        ("21", "R03", "99", "return", "credit"),
        ("31", "R97", "99", "return", "credit"),
        ("26", "R61", "99", "dishonored", "debit"),
        ("21", "R70", "99", "dishonored", "credit"),
        ("26", "R71", "99", "contested", "debit"),
        ("26", "R77", "99", "contested", "debit"),
        ("21", "C01", "98", "change", "credit"),
    ],
)
def test_what_an_addenda_makes_of_an_entry(
    desk: Desk, code: str, reason: str, type_code: str, kind: str, direction: str
) -> None:
    lines = ach(entry(code, 100), returned(reason, type_code=type_code))
    expected = (kind, direction, "100", "091000010000501", "2026-10-05")
    assert land(desk, lines) == ("landed", None, [expected])


def test_what_was_sent_has_no_return(desk: Desk) -> None:
    state, _, rows = land(desk, ach(entry("27", 100, has_more=0)))
    assert state == "landed"
    assert [list(row) for row in rows] == [["forward", "debit", "100", None, "2026-10-05"]]


@pytest.mark.parametrize(
    ("day", "settled", "found"),
    [("270102", "365", "2026-12-31"), ("261231", "002", "2027-01-02"), ("261005", "   ", None)],
)
def test_a_settlement_day_finds_its_year(
    desk: Desk, day: str, settled: str, found: str | None
) -> None:
    _, _, rows = land(desk, ach(*RETURN, head=header(day), settled=settled))
    assert [row[4] for row in rows] == [found]


@pytest.mark.parametrize(
    "form",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", ""),
        lambda text: "\n".join(line.rstrip() for line in text.split("\n")),
        lambda text: text.replace("9" * 94 + "\n", ""),
        lambda text: text.rstrip("\n") + "\x1a",
    ],
    ids=["CRLF", "one line", "trimmed", "no fillers", "Ctrl-Z"],
)
def test_every_form_of_lines(desk: Desk, form: object) -> None:
    assert callable(form)
    text: str = form("\n".join(ach(*RETURN)) + "\n")
    result = desk.land("nacha", text.encode(), "returns.ach")
    assert (result.state, len(desk.raw(result, "nacha_entries"))) == ("landed", 1)


@pytest.mark.parametrize(
    ("line", "first", "text", "code"),
    [
        (4, 5, "000009", "CONTROL_TOTAL_MISMATCH"),
        (4, 11, "0002100003", "CONTROL_TOTAL_MISMATCH"),
        (4, 21, "000000012355", "CONTROL_TOTAL_MISMATCH"),
        (4, 33, "000000000001", "CONTROL_TOTAL_MISMATCH"),
        (5, 2, "000002", "CONTROL_TOTAL_MISMATCH"),
        (5, 8, "000002", "CONTROL_TOTAL_MISMATCH"),
        (5, 14, "00000003", "CONTROL_TOTAL_MISMATCH"),
        (5, 32, "000000012355", "CONTROL_TOTAL_MISMATCH"),
        (2, 30, "0000012355", "CONTROL_TOTAL_MISMATCH"),
        (2, 30, "00000x2354", "NACHA_INVALID"),
        (0, 24, "261399", "NACHA_INVALID"),
        (1, 51, "ADV", "NACHA_INVALID"),
        (3, 1, "2", "NACHA_INVALID"),
    ],
)
def test_one_place_wrong(desk: Desk, line: int, first: int, text: str, code: str) -> None:
    lines = ach(*RETURN)
    assert land(desk, lines)[0] in ("landed", "duplicate")
    lines[line] = lines[line][: first - 1] + text + lines[line][first - 1 + len(text) :]
    state, found, rows = land(desk, lines)
    assert (found, rows) == (code, [])
    assert state == ("rejected" if code == "NACHA_INVALID" else "held")


@pytest.mark.parametrize(
    ("lines", "state", "code"),
    [
        (ach(*RETURN)[:5], "held", "FILE_TRUNCATED_SUSPECT"),
        (ach(*RETURN)[1:], "rejected", "NACHA_INVALID"),
        ([ach(*RETURN)[0], *ach(*RETURN)[2:]], "rejected", "NACHA_INVALID"),
        ([*ach(*RETURN)[:6], *ach(*RETURN)[1:6]], "rejected", "NACHA_INVALID"),
        ([ach(*RETURN)[0], "5" + "x" * 100, *ach(*RETURN)[2:]], "rejected", "NACHA_INVALID"),
        ([*ach(*RETURN)[:2], returned("R01"), *ach(*RETURN)[2:]], "rejected", "NACHA_INVALID"),
    ],
    ids=["no control", "no header", "no batch header", "two files", "too long", "addenda of none"],
)
def test_records_out_of_place(desk: Desk, lines: list[str], state: str, code: str) -> None:
    assert land(desk, lines)[:2] == (state, code)


def test_the_name_is_not_kept_without_a_key(desk: Desk) -> None:
    result = desk.land("nacha", "\n".join(ach(*RETURN, settled="279")).encode(), "returns.ach")
    assert desk.raw(result, "nacha_entries")[0]["individual_name"] is None
