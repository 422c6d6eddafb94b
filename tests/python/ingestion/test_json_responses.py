"""JSON objects that are known by the name they stand under in a response, and both engines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.catalogue import SourceSpec, source_spec
from ingestion.formats.json_objects import parse_json_objects
from ingestion.formats.parsed import Work, scratch_database
from ingestion.landing.land import ensure_schema
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS, Desk
from tests.python.ingestion.test_json_objects import CHARGES, MOVED, charge, moved

RESPONSES = SourceSpec.model_validate(
    {
        "source": "shop", "title": "t", "formats": ["json"], "time_zone": "UTC",
        "parser_version": "1",
        "records": {"shop_payments": {
            "under": ["payments", "payment"], "native_key": ["id"],
            "columns": [
                {"name": "id", "kind": "key", "nullable": False},
                {"name": "cents", "kind": "amount", "unit": "minor", "path": "total.amount"},
                {"name": "first_item", "path": "items.0.sku"},
                {"name": "buyer", "kind": "personal", "path": "buyer.email"},
            ],
        }},
    }
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        '{"payments": [PAY], "cursor": "x"}',
        '{"payment": PAY}',
        '{"type": "payment.updated", "data": {"type": "payment", "object": {"payment": PAY}}}',
        '{"live": "false", "items": [{"payment": PAY}]}',
        '{"payments": [PAY]}\n',
    ],
)
def test_objects_are_known_by_the_name_they_stand_under(tmp_path: Path, text: str) -> None:
    pay = '{"id": "p1", "total": {"amount": 1200, "currency": "USD"}, "items": [{"sku": "mug"}],'
    pay += ' "buyer": {"email": "kay@kiln.example"}}'
    (tmp_path / "o").write_text(text.replace("PAY", pay))
    with scratch_database(tmp_path) as scratch:
        parsed = parse_json_objects(Work(tmp_path / "o", tmp_path), RESPONSES, scratch)
        (table,) = parsed.tables
        ((*cells, extra, _),) = scratch.all(f"select * from {table.table}")
    assert cells == ["p1", "1200", "mug", "kay@kiln.example"]
    assert json.loads(extra) == {"total": {"currency": "USD"}, "items": [{"sku": "mug"}]}


@pytest.fixture(params=["duckdb", "postgres"])
def engine_desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A desk on each engine."""
    base: Settings = request.getfixturevalue(f"{request.param}_settings")
    settings = make_settings(tmp_path, target=base.target, postgres=base.postgres, **WORDS)
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        yield Desk(settings, warehouse, tmp_path)


def test_both_engines_hold_the_same_objects(engine_desk: Desk) -> None:
    text = "\n".join(json.dumps(o) for o in (moved(), charge(description='a\t"b"\\n'))) + "\n"
    result = engine_desk.land("stripe", text.encode(), "o.ndjson")
    assert result.landed_rows == 2
    (row,) = engine_desk.raw(result, CHARGES)
    assert (row["description"], row["amount"]) == ('a\t"b"\\n', "1000")
    assert set(source_spec("stripe").tables) >= {MOVED, CHARGES}
