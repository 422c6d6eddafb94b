"""What people write in an afternoon, on the same rows: a merge, and first fit."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from benchmarks.accuracy.build import Match
from benchmarks.accuracy.score import Scores, one_to_one, score
from benchmarks.accuracy.world import Row, World

DAYS = timedelta(days=5)


def naive_ways(world: World, splink: Path | None) -> dict[str, Scores | str]:
    """Each way's scores; splink's only where it is installed."""
    ways: dict[str, Scores | str] = {
        "pandas merge on id, else reference and amount": score(world, merged(world)),
        "greedy first fit by amount and date": score(world, first_fit(world)),
    }
    if splink:
        from benchmarks.accuracy.by_splink import linked  # noqa: PLC0415

        ways["splink"] = score(world, linked(world, splink))
    return ways


def merged(world: World) -> list[Match]:
    """Merge by the processor's id; of the rest, by reference, amount and currency. Payouts and
    bank lines by amount and currency."""
    books, told = pd.DataFrame(world.books), pd.DataFrame(world.told)
    by_id = books.merge(
        told, left_on="processor_transaction_id", right_on="transaction_id", suffixes=("", "_there")
    )
    pairs = list(zip(by_id["transaction_id"], by_id["transaction_id_there"], strict=True))
    books = books[~books["transaction_id"].isin(by_id["transaction_id"])]
    told = told[~told["transaction_id"].isin(by_id["transaction_id_there"])]
    keys = ["reference_number", "amount", "currency"]
    sides = [side[side["reference_number"] != ""] for side in (books, told)]
    by_reference = sides[0].merge(sides[1], on=keys, suffixes=("", "_there"))
    pairs += zip(by_reference["transaction_id"], by_reference["transaction_id_there"], strict=True)
    found = [one_to_one(f"internal {left}", f"generic {right}") for left, right in pairs]
    payouts = told[told["event_type"] == "payout"].assign(
        amount=lambda rows: rows["amount"].map(_flipped)
    )
    bank = pd.DataFrame(world.bank)
    bank = bank[["amount", "currency", "servicer_reference"]]
    paid = payouts.merge(bank, on=["amount", "currency"])
    names = zip(paid["transaction_id"], paid["servicer_reference"], strict=True)
    return found + [one_to_one(f"generic {left}", f"clearbank {right}") for left, right in names]


def first_fit(world: World) -> list[Match]:
    """In order of date, each row takes the first free one of its amount within five days."""
    told = [row for row in world.told if row["event_type"] != "payout"]
    payouts = [row for row in world.told if row["event_type"] == "payout"]
    flipped = [{**row, "amount": _flipped(row["amount"])} for row in payouts]
    bank = [
        {
            **row,
            "transaction_id": row["servicer_reference"],
            "transaction_date": row["booking_date"],
        }
        for row in world.bank
    ]
    return _taken(world.books, told, "internal", "generic") + _taken(
        flipped, bank, "generic", "clearbank"
    )


def _taken(lefts: list[Row], rights: list[Row], left_name: str, right_name: str) -> list[Match]:
    free: dict[tuple[str, str], deque[Row]] = defaultdict(deque)
    for row in sorted(rights, key=_moment):
        free[row["amount"], row["currency"]].append(row)
    found = []
    for row in sorted(lefts, key=_moment):
        rivals, moment = free[row["amount"], row["currency"]], _moment(row)
        while rivals and _moment(rivals[0]) < moment - DAYS:
            rivals.popleft()
        if rivals and _moment(rivals[0]) <= moment + DAYS:
            left, right = row["transaction_id"], rivals.popleft()["transaction_id"]
            found.append(one_to_one(f"{left_name} {left}", f"{right_name} {right}"))
    return found


def _moment(row: Row) -> datetime:
    return datetime.fromisoformat(row["transaction_date"])


def _flipped(amount: str) -> str:
    return amount[1:] if amount.startswith("-") else f"-{amount}"
