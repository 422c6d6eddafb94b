"""Fields as the acquirers write them: zeros to the left, blanks to the right, signs before."""

from __future__ import annotations

from datetime import date


def digits(value: int | str, width: int) -> str:
    """A number with zeros before it."""
    text = str(value).rjust(width, "0")
    assert len(text) == width, f"{value} is longer than {width}"
    return text


def text(value: str, width: int) -> str:
    """A text with blanks after it."""
    assert len(value) <= width, f"{value} is longer than {width}"
    return value.ljust(width)


def signed(cents: int, width: int = 13) -> str:
    """An amount in cents with its sign before it."""
    return ("-" if cents < 0 else "+") + digits(abs(cents), width)


def ymd(day: date | None) -> str:
    """20261005; no day is zeros."""
    return day.strftime("%Y%m%d") if day else "0" * 8


def dmy(day: date | None) -> str:
    """05102026."""
    return day.strftime("%d%m%Y") if day else "0" * 8


def short(day: date | None) -> str:
    """261005."""
    return day.strftime("%y%m%d") if day else "0" * 6


def whole(lines: list[str], width: int | None = None, end: str = "\r\n") -> bytes:
    """The lines as a file in cp1252."""
    if width:
        assert {len(line) for line in lines} == {width}
    return "".join(line + end for line in lines).encode("cp1252")
