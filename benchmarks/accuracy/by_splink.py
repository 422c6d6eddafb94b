"""splink on the same rows, trained on them as its documentation says, best links one to one.

Only where it was installed to a folder of its own; the project does not need it:
    pip install --target /tmp/splink splink
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.accuracy.build import Match
from benchmarks.accuracy.score import one_to_one
from benchmarks.accuracy.world import Row, World

LEAST = 0.95
ROW_ID = "row_id"


def linked(world: World, folder: Path) -> list[Match]:
    """Books and processors, linked by likelihood; payouts have nothing to compare but money."""
    sys.path.append(str(folder))
    told = [row for row in world.told if row["event_type"] != "payout"]
    sides = {"books": _table(world.books, "processor_transaction_id"), "told": _table(told)}
    linker = _linker(sides)
    found = linker.clustering.cluster_using_single_best_links(
        linker.inference.predict(threshold_match_probability=LEAST),
        duplicate_free_datasets=list(sides),
        threshold_match_probability=LEAST,
        ties_method="drop",
    ).as_pandas_dataframe()
    clusters = found.groupby("cluster_id")[ROW_ID].apply(list)
    return [one_to_one(*sorted(names)[::-1]) for names in clusters if len(names) == 2]


def _table(rows: list[Row], id_column: str = "transaction_id") -> pd.DataFrame:
    party = "internal" if id_column != "transaction_id" else "generic"
    return pd.DataFrame(
        {
            ROW_ID: f"{party} {row['transaction_id']}",
            "psp_id": row.get(id_column) or None,
            "reference": row["reference_number"].upper().replace("-", "") or None,
            "order_id": (row.get("order_id") or "").upper() or None,
            "authorisation": row.get("authorization_code") or None,
            "money": f"{row['amount']} {row['currency']} {row['event_type']}",
            "customer": row["customer_id"] or None,
            "merchant": row["merchant_id"],
            "day": row["transaction_date"][:10],
        }
        for row in rows
    )


def _linker(sides: dict[str, pd.DataFrame]) -> Any:
    splink, alike = import_module("splink"), import_module("splink.comparison_library")
    block_on = splink.block_on

    settings = splink.SettingsCreator(
        link_type="link_only",
        unique_id_column_name=ROW_ID,
        comparisons=[
            alike.ExactMatch("psp_id"),
            alike.DamerauLevenshteinAtThresholds("reference", [1, 2]),
            alike.ExactMatch("order_id"),
            alike.ExactMatch("authorisation"),
            alike.ExactMatch("money"),
            alike.ExactMatch("customer"),
            alike.AbsoluteDateDifferenceAtThresholds(
                "day", input_is_string=True, metrics=["day"] * 3, thresholds=[1, 5, 14]
            ),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("psp_id"),
            block_on("reference"),
            block_on("order_id"),
            block_on("authorisation"),
            block_on("money"),
        ],
    )
    api = splink.DuckDBAPI()
    tables = [api.register(table, dataset_display_name=name) for name, table in sides.items()]
    linker = splink.Linker(tables, settings, log_level="ERROR")
    sure = [block_on("psp_id"), block_on("reference", "money")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for column in ("money", "reference"):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(column))
    return linker
