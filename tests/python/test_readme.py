"""What README promises is what the sample month gives.

The numbers are samples/expected.json's, which test_samples.py compares with the built marts.
Run `python -m tests.python.test_readme` to write them anew.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from decimal import Decimal
from typing import Any

from dbt_project.settings import PROJECT_ROOT

README = PROJECT_ROOT / "README.md"
Story = dict[str, Any]


def story() -> Story:
    """The numbers of the sample month, derived without the SQL."""
    text = (PROJECT_ROOT / "samples" / "expected.json").read_text(encoding="utf-8")
    found: Story = json.loads(text)
    return found


def break_rows(numbers: Story) -> list[str]:
    """One table row a kind: how many, and what is at risk by currency."""
    count: dict[str, int] = defaultdict(int)
    at_risk: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for item in numbers["discrepancies"]:
        count[item["kind"]] += 1
        at_risk[item["kind"], item["currency"]] += Decimal(item["amount_at_risk"])
    amounts = {
        kind: [f"{total} {c}" for (k, c), total in sorted(at_risk.items()) if k == kind]
        for kind in count
    }
    return [
        f"| {kind.replace('_', ' ')} | {count[kind]} | {', '.join(amounts[kind])} |"
        for kind in sorted(count)
    ]


def payout_rows(numbers: Story) -> list[str]:
    """One table row a payout."""
    return [
        f"| {p['payout_id']} | {p['amount']} {p['currency']} | {p['unexplained']}"
        f" | {p['state'].replace('_', ' ')} |"
        for p in numbers["payouts"]
    ]


def match_count(numbers: Story) -> int:
    """All matches of the month."""
    return sum(int(row["matches"]) for row in numbers["matches"])


def tables(text: str) -> dict[str, list[str]]:
    """The body rows of README's tables, by their header line."""
    found = re.findall(r"^(\| .*\|)\n\|[-|]+\|\n((?:\|.*\|\n)+)", text, flags=re.M)
    return {header: body.splitlines() for header, body in found}


def test_breaks_and_payouts_are_those_of_the_samples() -> None:
    """The two tables, row by row."""
    found = tables(README.read_text(encoding="utf-8"))
    assert found["| break | how many | at risk |"] == break_rows(story())
    assert found["| payout | amount | unexplained | state |"] == payout_rows(story())


def test_matches_are_those_of_the_samples() -> None:
    """The number of matches in the sentence below the tables."""
    assert f"with {match_count(story())} matches" in README.read_text(encoding="utf-8")


def write() -> None:
    """Puts today's numbers into README."""
    text = README.read_text(encoding="utf-8")
    for header, rows in (
        ("| break | how many | at risk |\n|---|---|---|\n", break_rows(story())),
        ("| payout | amount | unexplained | state |\n|---|---|---|---|\n", payout_rows(story())),
    ):
        before, _, after = text.partition(header)
        text = before + header + "\n".join(rows) + "\n" + after[after.index("\n\n") + 1 :]
    text = re.sub(r"with (\d+|@MATCHES@) matches", f"with {match_count(story())} matches", text)
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
