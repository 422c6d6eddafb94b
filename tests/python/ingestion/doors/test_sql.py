"""The SQL door against a real PostgreSQL: exact values, watermarks, read only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import psycopg
import pytest

from dbt_project.settings_polls import SqlDoor
from ingestion.landing.fetch import DoorError
from ingestion.landing.land import LandingResult, land_door
from ingestion.sources import sql_source
from tests.python.conftest import new_database
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors.rest import cursors, ids

TABLE = """
create table payments (
    id text primary key, processor text default 'stripe', amount numeric(20, 4) not null,
    currency text default 'EUR', status text default 'completed', merchant text default 'M1',
    paid_at timestamptz not null, reference text, fee numeric(20, 4) default 0,
    changed_at timestamptz, version bigint, day date
)
"""
QUERY = """
select
    id as transaction_id, processor as processor_name, amount, currency, status,
    merchant as merchant_id, paid_at as transaction_date, reference as reference_number, fee,
    changed_at, version, day
from payments
where reference is null or reference not like '%x%'  -- ours
"""


@pytest.fixture
def ledger(postgres_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A database of the merchant's own, with a table of payments."""
    monkeypatch.setenv("TIEOUT_SECRET_LEDGER", "anything")
    database = new_database(postgres_server, "ledger")
    words = {"host": database.host, "user": "postgres", "dbname": "ledger"}
    with psycopg.connect(**words, autocommit=True) as connection:
        connection.execute(TABLE)
        yield connection


def sql_door(ledger: Any, **words: Any) -> SqlDoor:
    """The door."""
    values: dict[str, Any] = {
        "source": "internal",
        "host": ledger.info.host,
        "database": "ledger",
        "user": "postgres",
        "password_variable": "TIEOUT_SECRET_LEDGER",
        "sslmode": "disable",
        "query": QUERY,
        **words,
    }
    return SqlDoor(**values)


def by(column: str, kind: str, start: str, overlap: str) -> dict[str, str]:
    """A watermark."""
    return {"column": column, "type": kind, "start": start, "overlap": overlap}


def pay(ledger: Any, number: int, amount: str = "12.3000", **more: Any) -> None:
    """A payment of the books."""
    values = {"id": f"T{number}", "amount": amount, "reference": f"R{number}", **more}
    values = {"paid_at": "2026-10-20 12:00:00.123456+02", **values}
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    ledger.execute(f"insert into payments ({names}) values ({marks})", list(values.values()))


def landed(desk: Desk, door: SqlDoor) -> list[LandingResult]:
    """What came."""
    return list(land_door(desk.settings, desk.warehouse, door))


def test_values_keep_every_digit(fresh_desk: Desk, ledger: Any) -> None:
    pay(ledger, 1, "123456789012345.6700")
    (result,) = landed(fresh_desk, sql_door(ledger))
    assert result.state == "landed", result.message
    (row,) = fresh_desk.raw(result, "internal_transactions")
    assert (row["amount"], row["fee"]) == ("123456789012345.6700", "0.0000")
    assert row["transaction_date"] == "2026-10-20T10:00:00.123456+00:00"


def test_the_whole_answer_replaces_the_one_before(fresh_desk: Desk, ledger: Any) -> None:
    door = sql_door(ledger)
    for number in range(3):
        pay(ledger, number)
    (first,) = landed(fresh_desk, door)
    (same,) = landed(fresh_desk, door)
    ledger.execute("update payments set amount = 9 where id = 'T1'")
    (second,) = landed(fresh_desk, door)
    assert [first.state, same.state, second.state] == ["landed", "duplicate", "landed"]
    keys = {fresh_desk.document(result)["logical_key"] for result in (first, second)}
    assert keys == {"sql_internal/sql_internal.ndjson"}
    assert cursors(fresh_desk) == {}


WATERMARKS = {
    "timestamptz": ("changed_at", "2026-10-01", "2 hours", "2026-10-20 {:02}:00:00+00"),
    "bigint": ("version", "0", "2", "{}"),
    "date": ("day", "2026-10-01", "2 days", "2026-10-{:02}"),
}


@pytest.mark.parametrize("kind", WATERMARKS)
def test_only_what_is_new_is_read_and_a_little_before_it(
    fresh_desk: Desk, ledger: Any, kind: str
) -> None:
    column, start, overlap, value = WATERMARKS[kind]
    door = sql_door(ledger, watermark=by(column, kind, start, overlap))
    for number in (1, 2, 5):
        pay(ledger, number, **{column: value.format(number)})
    assert [r.landed_rows for r in landed(fresh_desk, door)] == [3]
    assert list(cursors(fresh_desk)) == ["sql_internal"]
    pay(ledger, 4, **{column: value.format(4)})  # late: below the cursor, inside the overlap
    pay(ledger, 6, **{column: value.format(6)})
    (result,) = landed(fresh_desk, door)
    rows = fresh_desk.raw(result, "internal_transactions")
    assert [row["transaction_id"] for row in rows] == ["T4", "T5", "T6"]
    assert set(ids(fresh_desk)) == {"T1", "T2", "T4", "T5", "T6"}


def test_control_without_overlap_a_late_row_is_lost(fresh_desk: Desk, ledger: Any) -> None:
    door = sql_door(ledger, watermark=by("version", "bigint", "0", "0"))
    pay(ledger, 5, version=5)
    landed(fresh_desk, door)
    pay(ledger, 4, version=4)
    landed(fresh_desk, door)
    assert set(ids(fresh_desk)) == {"T5"}


def test_nothing_new_lands_nothing(fresh_desk: Desk, ledger: Any) -> None:
    door = sql_door(ledger, watermark=by("version", "bigint", "0", "0"))
    assert landed(fresh_desk, door) == []
    assert cursors(fresh_desk) == {}


def test_a_row_without_watermark_is_a_failure_and_not_left_out(
    fresh_desk: Desk, ledger: Any
) -> None:
    door = sql_door(ledger, watermark=by("version", "bigint", "0", "0"))
    pay(ledger, 1, version=1)
    pay(ledger, 2)
    with pytest.raises(DoorError, match="WATERMARK_NULL 1 rows have no version"):
        landed(fresh_desk, door)
    assert fresh_desk.count("ops.documents") == 0


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("delete from payments returning *", "ReadOnlySqlTransaction|FeatureNotSupported|Syntax"),
        ("select setval(pg_get_serial_sequence('s', 'id'), 1)", "UndefinedTable|ReadOnly"),
        ("select pg_sleep(30)", "QueryCanceled"),
        ("select 1 as a; drop table payments", "SyntaxError"),
        ("select amount / 0 from payments", "DivisionByZero"),
    ],
)
def test_the_database_is_only_read_and_not_for_ever(
    fresh_desk: Desk, ledger: Any, query: str, words: str
) -> None:
    pay(ledger, 1)
    with pytest.raises(DoorError, match=words):
        landed(fresh_desk, sql_door(ledger, query=query, timeout_seconds=0.3))
    assert ledger.execute("select count(*) from payments").fetchone() == (1,)
    assert fresh_desk.count("ops.documents") == 0


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_query_cannot_write(
    fresh_desk: Desk, ledger: Any, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """With the guard off a function that the query calls changes the books."""
    ledger.execute(
        "create function spoil() returns bigint language sql as"
        " $$ insert into payments (id, amount, paid_at) values ('X', 1, now()); select 1::bigint $$"
    )
    if not is_guarded:
        real = psycopg.connect

        def writing(**words: Any) -> Any:
            words["options"] = words["options"].replace("read_only=on", "read_only=off")
            return real(**words)

        monkeypatch.setattr(sql_source.psycopg, "connect", writing)
        monkeypatch.setattr(
            psycopg.Connection, "read_only", property(lambda _: None, lambda *_: None)
        )
    with pytest.raises(DoorError) if is_guarded else nullcontext():
        landed(fresh_desk, sql_door(ledger, query="select spoil() as transaction_id"))
    expected = 0 if is_guarded else 1
    assert ledger.execute("select count(*) from payments").fetchone() == (expected,)


def test_a_database_that_does_not_answer_is_a_failure(fresh_desk: Desk, ledger: Any) -> None:
    with pytest.raises(DoorError, match="the sql door of internal"):
        landed(fresh_desk, sql_door(ledger, port=1))
    assert "answers the query" in sql_source.try_sql(fresh_desk.settings, sql_door(ledger))


def test_many_thousand_rows_come_through(fresh_desk: Desk, ledger: Any) -> None:
    ledger.execute(
        "insert into payments (id, amount, paid_at, reference, version)"
        " select 'T' || n, n + 0.01, '2026-10-20', 'R' || n, n from generate_series(1, 12000) as n"
    )
    door = sql_door(ledger, watermark=by("version", "bigint", "0", "0"))
    (result,) = landed(fresh_desk, door)
    assert (result.state, result.landed_rows) == ("landed", 12000)
    assert cursors(fresh_desk) == {"sql_internal": "12000"}
