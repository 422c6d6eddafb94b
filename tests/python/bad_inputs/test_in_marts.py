"""What becomes of bad inputs further on: one world of files, landed and built on both engines.

Keys and content (F5–F11), overlaps (A12), currencies and nets (D15, D16), money spent before it was
earned (E12), references in odd dress (B9, B10), and hours that came twice (E8).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import ensure_schema, land_file
from ingestion.webhooks.drain import drain
from ingestion.webhooks.events import event_of
from ingestion.webhooks.spool import spool_of
from tests.python.bad_inputs.world import EVENTS, FILES, STRIPE_CALLS, WORDS
from tests.python.conftest import make_settings, new_database

Row = dict[str, Any]
AS_OF = {"as_of": "2026-11-01 04:00:00"}


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def marts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Row]]:
    """The marts of the world, by name."""
    folder: Path = tmp_path_factory.mktemp(f"world_{request.param}")
    words = dict(WORDS)
    if request.param == "postgres":
        server = new_database(request.getfixturevalue("postgres_server"))
        words |= {"target": "postgres", "postgres": server}
    settings: Settings = make_settings(folder, **words)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        for number, (source, name, content) in enumerate(FILES):
            path = folder / str(number) / name
            path.parent.mkdir()
            path.write_bytes(content)
            assert land_file(settings, warehouse, source, path).state == "landed", name
        with spool_of(settings).opened() as db:
            spool_of(settings).put(db, [event_of(STRIPE_CALLS, body) for body in EVENTS])
        (arrived,) = drain(settings, warehouse, STRIPE_CALLS)
        assert (arrived.state, arrived.landed_rows) == ("landed", 2)
    ran = run_dbt(settings, ["build", "--exclude-resource-type", "test", "unit_test", "snapshot"],
                  AS_OF)  # fmt: skip
    assert ran.succeeded, ran.output[-3_000:]
    columns = "expectation_id, tenant_id, source, name_pattern, weekdays, days_after, due_time"
    with open_warehouse(settings) as warehouse:
        warehouse.execute(
            f"insert into seeds.file_expectations ({columns}, time_zone, grace_minutes, valid_from)"
            " values ('daily', 'default', 'internal', 'daily_{yyyy-mm-dd}.csv', 'thu fri', 0,"
            " '12:00', 'UTC', 60, cast('2026-10-29' as date))"
        )
    words_of_dbt = ["build", "--select", "int_controls__expected_days+"]
    ran = run_dbt(settings, [*words_of_dbt, "--exclude-resource-type", "test", "unit_test"], AS_OF)
    assert ran.succeeded, ran.output[-3_000:]
    names = "transactions match_members discrepancies reward_transactions files payouts quarantine"
    with open_warehouse(settings) as warehouse:
        asked = [*names.split(), "expected_files", "reconciliation_summary"]
        return {name: warehouse.rows(f"select * from marts.{name}") for name in asked}


def of(marts: dict[str, list[Row]], *native_ids: str) -> list[Row]:
    """The transactions of some ids, by source, id and amount."""
    found = [row for row in marts["transactions"] if row["native_id"] in native_ids]
    return sorted(found, key=lambda r: (r["source"], r["native_id"], r["amount_minor"]))


def breaks(marts: dict[str, list[Row]], native_id: str) -> set[str]:
    """The kinds of break a transaction of that id is in."""
    ids = {row["transaction_id"] for row in of(marts, native_id)}
    return {row["kind"] for row in marts["discrepancies"] if row["transaction_id"] in ids}


def is_pair(marts: dict[str, list[Row]], left: str, right: str) -> bool:
    """Whether two ids are in one match."""
    matches = [
        {
            m["match_id"]
            for m in marts["match_members"]
            if m["transaction_id"] == row["transaction_id"]
        }
        for row in of(marts, left, right)
    ]
    return len(matches) == 2 and bool(matches[0] & matches[1])


def test_a10_a11_a_late_file_counts_and_is_called_late_and_a_missing_one_missing(
    marts: dict[str, list[Row]],
) -> None:
    states = {str(r["business_date"]): r["state"] for r in marts["expected_files"]}
    assert states == {"2026-10-29": "late", "2026-10-30": "missing"}
    incomplete = [r for r in marts["reconciliation_summary"] if not r["is_complete"]]
    own = {str(r["business_date"]) for r in incomplete if r["source"] == "internal"}
    assert own == {"2026-10-30"}
    why = "internal daily_2026-10-30.csv is missing, due 2026-10-30 12:00 UTC"
    assert {r["incomplete_because"] for r in incomplete} == {why}
    assert any(r["total_count"] == 0 for r in incomplete)
    (row,) = of(marts, "a10")
    assert str(row["business_date"]) == "2026-10-29"


def test_a12_rows_of_two_files_that_overlap_count_once(marts: dict[str, list[Row]]) -> None:
    found = of(marts, "a12_1", "a12_2", "a12_3")
    assert [(r["amount_minor"], r["times_reported"]) for r in found] == [
        (100, 1),
        (200, 2),
        (300, 1),
    ]


def test_f5_the_same_row_twice_is_one_and_counted(marts: dict[str, list[Row]]) -> None:
    (row,) = of(marts, "f5")
    assert (row["times_reported"], row["has_conflict"]) == (2, False)


def test_f6_one_id_with_two_amounts_is_a_break_and_neither_wins(
    marts: dict[str, list[Row]],
) -> None:
    found = of(marts, "f6")
    assert [(r["amount_minor"], r["has_conflict"]) for r in found] == [(1000, True), (1100, True)]
    assert "key_conflict" in breaks(marts, "f6")


def test_f7_an_id_belongs_to_its_source(marts: dict[str, list[Row]]) -> None:
    found = of(marts, "f7")
    assert [(r["source"], r["amount_minor"]) for r in found] == [("internal", 700), ("stripe", 500)]
    assert len({r["transaction_id"] for r in found}) == 2


def test_f8_case_tells_ids_apart_and_blanks_around_do_not(marts: dict[str, list[Row]]) -> None:
    assert [r["native_id"] for r in of(marts, "F8", "f8")] == ["F8", "f8"]
    assert [r["amount_minor"] for r in of(marts, "f8x")] == [300, 1000]
    assert "key_conflict" in breaks(marts, "f8x")


def test_f9_many_charges_are_one_payout_and_the_rest_is_named(
    marts: dict[str, list[Row]],
) -> None:
    found = {r["payout_id"]: (r["amount_minor"], r["unexplained_minor"]) for r in marts["payouts"]}
    assert found == {"po_9": (3000, 0), "po_9b": (3100, 100)}
    kinds = [r["kind"] for r in marts["discrepancies"] if r["kind"] == "payout_does_not_tie"]
    assert len(kinds) == 1


def test_f11_a_state_that_goes_back_is_the_one_that_came_late(marts: dict[str, list[Row]]) -> None:
    """The later event came first, by webhook; the earlier one after it changes nothing."""
    (row,) = of(marts, "f11")
    assert "failed" in row["description"]
    assert "pending" not in row["description"]


def test_d13_a_senders_units_are_read_by_currency_and_sender(marts: dict[str, list[Row]]) -> None:
    names = ("d13_eur", "d13_jpy", "d13_isk", "d13_mga", "d13_bad")
    found = {r["native_id"]: (r["amount_minor"], str(r["amount"])[:6]) for r in of(marts, *names)}
    assert {name: minor for name, (minor, _) in found.items()} == {
        "d13_eur": 1050, "d13_jpy": 1050, "d13_isk": 1050, "d13_mga": 1500,
    }  # fmt: skip
    refused = [r["code"] for r in marts["quarantine"]]
    assert refused == ["MINOR_UNIT"]


def test_f10_a_return_without_its_sale_is_an_open_break(marts: dict[str, list[Row]]) -> None:
    assert breaks(marts, "f10") == {"missing_internally", "orphan_refund"}


def test_f10_a_return_before_its_sale_is_none_once_the_sale_came(
    marts: dict[str, list[Row]],
) -> None:
    assert breaks(marts, "f10_back") == {"missing_internally"}


def test_f12_a_long_reference_is_whole(marts: dict[str, list[Row]]) -> None:
    (row,) = of(marts, "f12")
    assert row["reference"] == "😀" * 300


def test_d15_two_currencies_under_one_id_never_match(marts: dict[str, list[Row]]) -> None:
    assert not is_pair(marts, "d15", "p_d15")
    assert "currency_differs" in breaks(marts, "d15") | breaks(marts, "p_d15")


def test_d9_d10_zero_and_below_are_there(marts: dict[str, list[Row]]) -> None:
    assert [r["amount_minor"] for r in of(marts, "d10", "d9")] == [-300, 0]


def test_b9_b10_references_in_odd_dress_match_and_look_alikes_do_not(
    marts: dict[str, list[Row]],
) -> None:
    assert is_pair(marts, "b9", "p_b9")
    assert is_pair(marts, "b10", "p_b10")
    assert not is_pair(marts, "look", "p_look")
    (row,) = of(marts, "b9")
    assert row["reference"] == "ＯＲＤ-\u200b９"


def test_e8_e9_every_moment_is_one_instant_and_one_day(marts: dict[str, list[Row]]) -> None:
    names = ("e8_gap", "e8_twice", "e9_first", "e9_last", "e9_utc")
    found = {
        r["native_id"]: (str(r["occurred_at"]), str(r["business_date"])) for r in of(marts, *names)
    }
    assert found == {
        "e8_gap": ("2026-03-29 01:30:00", "2026-03-29"),
        "e8_twice": ("2026-10-25 01:30:00", "2026-10-25"),
        "e9_first": ("2026-10-01 22:00:00", "2026-10-02"),
        "e9_last": ("2026-10-01 21:59:59.999999", "2026-10-01"),
        "e9_utc": ("2026-10-01 22:00:00", "2026-10-02"),
    }
    (file,) = [row for row in marts["files"] if row["name"] == "summer.csv"]
    assert file["state"] == "landed"


def test_e12_nothing_is_spent_of_what_comes_later(marts: dict[str, list[Row]]) -> None:
    """The first redemption has no lot; the one of the same second takes the older lot first."""
    unfunded = {
        str(r["trans_id"]): r["unfunded_amount"]
        for r in marts["reward_transactions"]
        if r["type"] == "spent" and r["customer_id"] == "7"
    }
    assert {key: str(value)[:4] for key, value in unfunded.items()} == {"1": "5.00", "4": "0.00"}


def test_rewards_that_contradict_themselves_are_breaks(marts: dict[str, list[Row]]) -> None:
    """An unknown word, a wrong sign, a reversal of nothing, an overdue lot: none dropped."""
    told = {
        r["native_id"]: r["kind"] for r in marts["discrepancies"] if r["source"] == "thrive_cash"
    }
    assert told == {
        "1": "unfunded_redemption",
        "11": "reward_expiry_overdue",
        "12": "reward_unknown_type",
        "13": "reward_wrong_sign",
        "14": "reward_reversal_unmatched",
    }
    problems = {r["trans_id"]: r["problem"] for r in marts["reward_transactions"] if r["problem"]}
    assert problems == {"12": "unknown_type", "13": "wrong_sign"}
