"""A rewards room to export from: the sample workbook, a CSV of hostile ids, and another tenant.

In: Settings of an empty deployment. Out: the same, landed by the real door and built.
"""

from __future__ import annotations

from pathlib import Path

from dbt_project.project import run_dbt
from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import ensure_schema, land_file
from tests.python.sample_month import SAMPLES

HOSTILE = """TRANS_ID,TCTYPE,CREATEDAT,EXPIREDAT,CUSTOMERID,ORDERID,AMOUNT,REASON
=1+1,earned,2026-08-01 10:00:00,2026-12-01 10:00:00,0017,,12.34,@SUM(A1)
9007199254740993,earned,2026-08-31 23:30:00,2026-12-01 10:00:00,0017,,5.00,Refund
8001,spent,2026-09-01 00:30:00,,0017,77,-14.00,
8002,reversed,2026-09-15 10:00:00,,0017,77,2.00,
8003,spent,2026-10-02 10:00:00,,0017,78,-5.34,
"""
OTHERS = """TRANS_ID,TCTYPE,CREATEDAT,EXPIREDAT,CUSTOMERID,ORDERID,AMOUNT,REASON
1,earned,2026-08-01 10:00:00,2026-12-01 10:00:00,0017,,70.00,Refund
2,spent,2026-09-01 00:30:00,,0017,77,-80.00,
"""


def deployed(settings: Settings, folder: Path) -> Settings:
    """The sample workbook and the hostile CSV, landed and built beside another tenant's rows."""
    file = folder / "tc_data_hostile.csv"
    file.write_text(HOSTILE, encoding="utf-8")
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        for path in (*sorted((SAMPLES / "thrive_cash").glob("*.xlsx")), file):
            landed = land_file(settings, warehouse, "thrive_cash", path)
            assert (landed.state, landed.quarantined_rows) == ("landed", 0)
        file.write_text(OTHERS, encoding="utf-8")
        landed = land_file(of_others(settings), warehouse, "thrive_cash", file)
        assert (landed.state, landed.landed_rows) == ("landed", 2)
    marts = ("reward_validations", "customer_current_balances", "customer_balance_history")
    words = ["build", "--exclude-resource-type", "unit_test", "--select", *(f"+{m}" for m in marts)]
    run = run_dbt(settings, words, {"as_of": "2026-11-01 04:00:00"})
    assert run.succeeded, run.output
    return settings


def of_others(settings: Settings) -> Settings:
    """Another tenant of the same warehouse."""
    return settings.model_copy(update={"tenant": "others"})
