"""However the sales of a month are spread over files, the card fact and the charges are the same.

Each round is a pair of tenants in one warehouse: one gets all lines in one file, the other the
same lines in several, each delivered as a day of its own. One build serves all rounds.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dbt_project.project import run_dbt
from dbt_project.warehouse import Warehouse, open_warehouse
from ingestion.landing.land import ensure_schema, land_file
from tests.python.conftest import make_settings
from tests.python.ingestion.cards import cielo, rede, unica
from tests.python.ingestion.conftest import WORDS

FIRST = date(2026, 10, 1)
ROUNDS = range(4)
ROOMS = ["+card_sales", "+transactions"]
FACT = """
    select acquirer, sale_id, instalment, stage, gross_minor, commission_minor, net_minor,
        sale_date, due_date, settlement_date, times_reported, has_conflict
    from marts.card_sales where tenant_id = $1 order by acquirer, sale_id, instalment, stage
"""
CHARGES = """
    select source, native_type, native_id, amount_minor, fee_minor, times_reported, has_conflict
    from marts.transactions where tenant_id = $1 and event_type not in ('payout')
    order by source, native_type, native_id
"""


def parts(gross: int, discount: int, count: int) -> list[tuple[int, int]]:
    """Gross and discount of each part; what is left over goes to the last."""
    cut = [(gross // count, discount // count) for _ in range(count)]
    cut[-1] = (gross - cut[0][0] * (count - 1), discount - cut[0][1] * (count - 1))
    return cut


def unica_lines(chance: random.Random) -> list[unica.Sale]:
    """Sales in up to three parts; some parts are settled or anticipated beside the forecast."""
    lines = []
    for nsu in range(1, chance.randint(4, 15)):
        gross = chance.randint(100, 99999)
        discount, count = gross // 40, chance.choice([1, 1, 2, 3])
        for number, (part, kept) in enumerate(parts(gross, discount, count), start=1):
            words: dict[str, Any] = {"nsu": nsu, "day": FIRST, "gross": gross}
            words |= {"discount": discount, "due": FIRST + timedelta(days=30 * number)}
            if count > 1:
                words["part"] = (number, count, part, kept, part - kept)
            lines.append(unica.Sale(stage=unica.FORECAST, **words))
            if chance.random() < 0.5:
                lines.append(unica.Sale(stage=chance.choice([1, 2]), **words))
    return lines


def cielo_units(chance: random.Random) -> list[cielo.Unit]:
    """Units of one sale each."""
    units = []
    for number in range(1, chance.randint(3, 10)):
        gross, count = chance.randint(100, 99999), chance.choice([1, 1, 3])
        cut = parts(gross, gross // 50, count)
        for place, (part, kept) in enumerate(cut, start=1):
            key, code = f"UR-{number}-{place}", f"{number:015d}"
            kind = "03" if count > 1 else "02"
            this = (place, count) if count > 1 else (0, 0)
            launch = cielo.Launch(key, kind, part, -kept, FIRST, code, this, gross)
            units.append(cielo.Unit(key, kind, FIRST + timedelta(days=30 * place), (launch,)))
    return units


def rede_summaries(chance: random.Random) -> list[rede.Summary]:
    """Summaries of some sales each."""
    found = []
    for number in range(1, chance.randint(2, 7)):
        nsus = range(number * 100, number * 100 + chance.randint(1, 5))
        sales = tuple(rede.Sale(nsu, FIRST, chance.randint(100, 9999), 7) for nsu in nsus)
        found.append(rede.Summary(number, FIRST, FIRST + timedelta(days=30), sales))
    return found


def spread(chance: random.Random, items: list[Any]) -> list[list[Any]]:
    """The items in their order, cut into up to four files."""
    cuts = sorted(chance.randint(0, len(items)) for _ in range(chance.randint(1, 3)))
    places = [0, *cuts, len(items)]
    return [items[a:b] for a, b in pairwise(places)]


def files(chance: random.Random, splits: bool) -> list[tuple[str, bytes]]:
    """The same lines for the same chance, in one file a source or in several."""
    lines, units, rvs = unica_lines(chance), cielo_units(chance), rede_summaries(chance)

    def cut(items: list[Any]) -> list[list[Any]]:
        return spread(chance, items) if splits else [items]

    found = []
    for day, some in enumerate(cut(lines)):
        found.append(("unica", unica.statement(FIRST + timedelta(days=day), 100 + day, some)))
    for kind, sequence in (("03", 10), ("04", 50)):
        for day, some in enumerate(cut(units)):
            moment = FIRST + timedelta(days=day)
            found.append(("cielo", cielo.statement(kind, moment, sequence + day, some)))
    for day, some in enumerate(cut(rvs)):
        found.append(("rede", rede.eevc(FIRST + timedelta(days=day), 70 + day, some)))
    return found


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Every round landed twice, whole and split, and built once."""
    folder: Path = tmp_path_factory.mktemp("split")
    settings = make_settings(folder, **WORDS)
    with open_warehouse(settings) as opened:
        ensure_schema(opened)
        for number in ROUNDS:
            for word in ("whole", "split"):
                tenant = settings.model_copy(update={"tenant": f"{word}_{number}"})
                content = files(random.Random(number), word == "split")
                for place, (source, data) in enumerate(content):
                    path = folder / f"{source}_{place}"
                    path.write_bytes(data)
                    result = land_file(tenant, opened, source, path)
                    assert result.state == "landed", result.message
    words = ["build", "--exclude-resource-type", "test", "unit_test", "--select", *ROOMS]
    built = run_dbt(settings, words)
    assert built.succeeded, built.output[-2000:]
    with open_warehouse(settings) as opened:
        yield opened


@pytest.mark.parametrize("number", ROUNDS)
@pytest.mark.parametrize("sql", [FACT, CHARGES], ids=["fact", "transactions"])
def test_how_sales_are_spread_over_files_makes_no_difference(
    warehouse: Warehouse, sql: str, number: int
) -> None:
    whole, split = (warehouse.rows(sql, [f"{word}_{number}"]) for word in ("whole", "split"))
    assert whole
    assert whole == split


def test_the_rounds_are_spread_at_all(warehouse: Warehouse) -> None:
    counted = warehouse.rows(
        "select tenant_id, count(*) as files from ops.documents group by tenant_id"
    )
    files_of = {row["tenant_id"]: row["files"] for row in counted}
    assert any(files_of[f"split_{n}"] > files_of[f"whole_{n}"] for n in ROUNDS)
