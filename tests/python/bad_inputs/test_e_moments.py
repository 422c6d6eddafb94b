"""Dates and times (E1–E12): declared forms, one instant on both engines, the text kept."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dbt_project.settings import ConfigurationError, Settings, Source
from dbt_project.warehouse import open_warehouse
from tests.python.bad_inputs.macros import sql_of
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import books

RAW = "internal_transactions"


def code_of(desk: Desk, text: str) -> str | None:
    """The code of a line of that moment; None when it lands as it was written."""
    result = desk.land("internal", books({"transaction_date": text}))
    found = desk.quarantine(result)
    if found:
        return found[0][3]
    assert [row["transaction_date"] for row in desk.raw(result, RAW)] == [text]
    return None


@pytest.mark.parametrize("text", ["03/04/2026", "3.4.2026", "03-04-2026", "2026/04/03"])
def test_e1_a_date_that_could_be_two(desk: Desk, text: str) -> None:
    assert code_of(desk, text) == "DATE_AMBIGUOUS"


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "0000-00-00", "2026-04-31"])
def test_e2_a_day_that_is_none(engine_desk: Desk, text: str) -> None:
    assert code_of(engine_desk, text) == "DATE_INVALID"


@pytest.mark.parametrize("text", ["2024-02-29", "2000-02-29 23:59:59", "2028-02-29T00:00:00Z"])
def test_e3_a_leap_day_is_a_day(desk: Desk, text: str) -> None:
    assert code_of(desk, text) is None


@pytest.mark.parametrize("time", ["24:00:00", "23:59:60", "23:60:00", "25:00:00", "23:59:59.Z"])
def test_e4_a_second_that_engines_read_differently_is_refused(desk: Desk, time: str) -> None:
    assert code_of(desk, f"2026-12-31 {time}") == "DATE_INVALID"


WORDS = ["now", "today", "infinity", "-infinity", "epoch", "yesterday", "allballs", "tomorrow"]


@pytest.mark.parametrize("text", WORDS)
def test_e5_words_that_are_moments_to_a_database(desk: Desk, text: str) -> None:
    assert code_of(desk, text) == "DATE_INVALID"


OFFSETS = {
    "2026-10-01 10:00:00+0530": "2026-10-01 04:30:00",
    "2026-10-01 10:00:00+05:30": "2026-10-01 04:30:00",
    "2026-10-01T10:00:00Z": "2026-10-01 10:00:00",
    "2026-10-01T10:00:00-02:00": "2026-10-01 12:00:00",
}


def instants(settings: Settings, texts: list[str], zone: str) -> list[str]:
    """What staging makes of texts in a zone, as UTC."""
    with open_warehouse(settings) as warehouse:
        moment = sql_of(warehouse.engine, "{{ utc_timestamp('v', 'z') }}")
        places = ", ".join(f"({n}, '{text}', '{zone}')" for n, text in enumerate(texts))
        rows = warehouse.rows(
            f"select {moment} as m from (values {places}) as t(n, v, z) order by n"
        )
    return [str(row["m"]) for row in rows]


def test_e6_an_offset_is_never_dropped(engine_settings: Settings, desk: Desk) -> None:
    assert instants(engine_settings, list(OFFSETS), "Asia/Tokyo") == list(OFFSETS.values())
    for text in ("2026-10-01 10:00:00 PST", "2026-10-01 10:00:00+99:00", "2026-10-01 10:00:00 CET"):
        assert code_of(desk, text) == "DATE_INVALID"


def test_e7_a_moment_without_zone_is_in_the_declared_one(
    engine_settings: Settings, fresh_desk: Desk
) -> None:
    found = instants(engine_settings, ["2026-07-01 10:00:00"], "Europe/Berlin")
    assert found == ["2026-07-01 08:00:00"]
    wrong = Source.model_construct(time_zone="Mars/Olympus")
    changed = fresh_desk.settings.model_copy(update={"sources": {"internal": wrong}})
    fresh_desk.settings = changed
    with pytest.raises(ConfigurationError, match="no IANA zone"):
        fresh_desk.land("internal", books({}))


NIGHTS = {
    "Europe/Berlin": ("2026-03-29 02:30:00", "2026-10-25 02:30:00"),
    "America/New_York": ("2026-03-08 02:30:00", "2026-11-01 01:30:00"),
    "Australia/Lord_Howe": ("2026-10-04 02:15:00", "2026-04-05 01:45:00"),
}


@pytest.mark.parametrize("zone", NIGHTS)
def test_e8_hours_the_clock_skips_or_shows_twice_are_one_instant_on_both_engines(
    engine_settings: Settings, zone: str
) -> None:
    """A skipped hour counts on with the offset before it; of a repeated one the second is meant."""
    gap, overlap = NIGHTS[zone]
    tz = ZoneInfo(zone)
    expected = [
        datetime.fromisoformat(gap).replace(tzinfo=tz, fold=0).astimezone(ZoneInfo("UTC")),
        datetime.fromisoformat(overlap).replace(tzinfo=tz, fold=1).astimezone(ZoneInfo("UTC")),
    ]
    found = instants(engine_settings, [gap, overlap], zone)
    assert found == [moment.strftime("%Y-%m-%d %H:%M:%S") for moment in expected]


@pytest.mark.parametrize("zone", NIGHTS)
def test_e8_a_time_the_clock_showed_twice_is_told(engine_desk: Desk, zone: str) -> None:
    sources = {**engine_desk.settings.sources, "internal": Source(time_zone=zone)}
    engine_desk.settings = engine_desk.settings.model_copy(update={"sources": sources})
    _, overlap = NIGHTS[zone]
    rows = [{}, {"transaction_date": overlap}, {"transaction_date": f"{overlap}Z"}]
    result = engine_desk.land("internal", books(*rows))
    assert (result.state, result.landed_rows, result.code) == ("landed", 3, "AMBIGUOUS_LOCAL_TIME")
    assert "line 3 (transaction_date)" in str(result.message)
    quiet = engine_desk.land("internal", books({}, {"transaction_date": f"{overlap}+01:00"}))
    assert quiet.code is None


EDGES = {
    "2026-09-30 23:59:59.999999": "2026-09-30",
    "2026-10-01 00:00:00": "2026-10-01",
    "2026-10-01 00:00:00.000001": "2026-10-01",
    "2026-09-30T22:00:00Z": "2026-10-01",
    "2026-09-30T21:59:59.999999999Z": "2026-09-30",
}


def test_e9_a_row_is_in_exactly_one_day(engine_settings: Settings) -> None:
    """The day runs from midnight, included, to midnight, not included, in the source's zone."""
    with open_warehouse(engine_settings) as warehouse:
        moment = sql_of(warehouse.engine, "{{ utc_timestamp('v', 'z') }}")
        day = sql_of(warehouse.engine, f"{{{{ local_date({moment!r}, 'z') }}}}")
        for text, expected in EDGES.items():
            table = f"(values ('{text}', 'Europe/Berlin')) as t(v, z)"
            (row,) = warehouse.rows(f"select {day} as d from {table}")
            assert str(row["d"]) == expected, text


def test_e10_nanoseconds_are_cut_and_not_rounded(engine_settings: Settings, desk: Desk) -> None:
    texts = ["2026-10-01 10:00:00.123456789", "2026-12-31 23:59:59.9999999Z"]
    assert [code_of(desk, text) for text in texts] == [None, None]
    expected = ["2026-10-01 10:00:00.123456", "2026-12-31 23:59:59.999999"]
    assert instants(engine_settings, texts, "UTC") == expected


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "1989-12-31", "2101-01-01"])
def test_e11_years_out_of_range(desk: Desk, text: str) -> None:
    assert code_of(desk, text) == "DATE_RANGE"


@pytest.mark.parametrize("text", ["45980", "1764547200", "1764547200000", "20261001"])
def test_e11_numbers_are_moments_only_where_declared(desk: Desk, text: str) -> None:
    assert code_of(desk, text) == "DATE_INVALID"
