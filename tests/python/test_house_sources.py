"""The lists the controls loop over are complete: no raw table and no adapter is left out.

Run alone: pytest tests/python/test_house_sources.py
"""

from __future__ import annotations

import csv
import re

from dbt_project.settings import PROJECT_ROOT
from ingestion.catalogue import catalogue

MACROS = PROJECT_ROOT / "macros"
SEEDS = PROJECT_ROOT / "seeds"
ADAPTERS = PROJECT_ROOT / "models" / "intermediate" / "transactions"


def test_every_raw_table_is_counted_and_staged() -> None:
    """A table that landed_tables() lacks is watched by no control."""
    text = (MACROS / "controls" / "landed_tables.sql").read_text(encoding="utf-8")
    listed = re.findall(r"\('[a-z_0-9]+', '([a-z_0-9]+)', 'stg_", text)
    tables = [table for spec in catalogue().values() for table in spec.tables]
    assert sorted(listed) == sorted(tables)


def test_every_adapter_is_in_the_union() -> None:
    """A model of the shape of a transaction that the union does not read drops its money."""
    text = (MACROS / "transaction_adapters.sql").read_text(encoding="utf-8")
    listed = re.findall(r"'(int_transactions__[a-z_0-9]+)'", text)
    shaped = [
        file.stem
        for file in ADAPTERS.glob("*.sql")
        if re.search(r"\bas vocabulary,", file.read_text(encoding="utf-8"))
    ]
    assert sorted(listed) == sorted(shaped)


def test_every_money_reading_is_of_a_landed_table() -> None:
    """A reading of a table that nobody lands would compare nothing with nothing."""
    readings = (MACROS / "controls" / "money_readings.sql").read_text(encoding="utf-8")
    tables = {table for spec in catalogue().values() for table in spec.tables}
    read = set(re.findall(r"'table': \('[a-z_0-9]+', '([a-z_0-9]+)'\)", readings))
    assert read
    assert read <= tables


def test_every_exception_is_of_a_currency() -> None:
    """Not a dbt test: it would join a build of the currencies alone, without its own seed."""
    known, excepted = (
        {row["currency"] for row in csv.DictReader((SEEDS / name).open(encoding="utf-8"))}
        for name in ("currencies.csv", "currency_exceptions.csv")
    )
    assert excepted
    assert excepted <= known
