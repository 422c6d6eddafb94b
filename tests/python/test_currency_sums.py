"""The finder of sums across currencies finds them where they are, and only there.

The models themselves are asked in test_same_rows.py, where they are compiled anyway.
Run alone: pytest tests/python/test_currency_sums.py
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.python.currency_sums import crossed, sums

APART = (
    "select currency, sum(amount_minor) as x from t group by currency",
    "select sum(fee_minor) over (partition by tenant_id, currency order by day) as x from t",
    "select sum(net) over w as x from t window w as (partition by currency order by day)",
    "select sum(net) over (w rows unbounded preceding) as x from t"
    " window w as (partition by currency)",
    "select match_id, sum(debit_minor - credit_minor) as x from t group by match_id",
    "select sum(amount) as x from t where currency = 'EUR'",
    "select sum(functional_minor) as x from t group by functional_currency",
    "select count(*) as n, sum(row_count) as rows from t",
    "with a as (select currency as told_in, net from t)"
    " select sum(net) as x from a group by told_in",
    "with a as (select t.*, currency as kept from t), b as (select * from a)"
    " select b.kept, sum(b.amount_minor) as x from b group by b.kept",
)
CROSSED = (
    "select sum(amount_minor) as x from t",
    "select tenant_id, sum(amount_minor) as x from t group by tenant_id",
    "select sum(case when fee_minor > 0 then fee_minor else 0 end) as x from t group by source",
    "select sum(fee_minor) over (partition by tenant_id order by day) as x, currency from t",
    "select sum(net) over w as x from t window w as (partition by tenant_id order by currency)",
    "select avg(gross) as x from t where currency != 'EUR'",
    "with a as (select tenant_id, sum(debit) as d from t group by tenant_id) select d from a",
    "select sum(net) as x from t group by currency_count",
    "select sum(net) as x from t group by has_currency, source",
    "select sum(amount_minor) as x from t group by functional_currency",
    "with a as (select amount_minor as x from t) select sum(x) as y from a",
    "select sum(a.x) as y from (select t.net as x, t.source from t) as a group by a.source",
    "with a as (select source as currency, net from t), b as (select * from a)"
    " select sum(net) as x from b group by currency",
    "with a as (select chargeback_id, net from t)"
    " select sum(net) as x from a group by chargeback_id",
    "select currency, sum(s) as x from (select sum(balance) as s from t) as u group by currency",
)


@pytest.mark.parametrize("sql", APART)
def test_sums_within_a_currency_are_left_alone(sql: str) -> None:
    assert all(each.is_of_one_currency() for each in sums(sql))


@pytest.mark.parametrize("sql", CROSSED)
def test_sums_across_currencies_are_found(sql: str) -> None:
    assert any(not each.is_of_one_currency() for each in sums(sql))


def test_a_model_that_adds_euro_to_yen_is_named(tmp_path: Path) -> None:
    (tmp_path / "totals.sql").write_text(CROSSED[1], encoding="utf-8")
    (tmp_path / "good.sql").write_text(APART[0], encoding="utf-8")
    assert crossed(tmp_path) == ["totals: SUM(amount_minor) by tenant_id"]
