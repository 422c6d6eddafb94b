"""The month by hand in docs/by-hand.md is the story's arithmetic, which the ledger is held against.

The numbers are samples/expected.json's, which test_samples.py compares with marts.ledger_entries.
Run `python -m tests.python.test_by_hand` to write them anew.
"""

from __future__ import annotations

import csv
import re
from decimal import Decimal

from dbt_project.settings import PROJECT_ROOT
from tests.python.test_readme import story

PAGE = PROJECT_ROOT / "docs" / "by-hand.md"
TOLD = {
    "internal": "the shop's books",
    "processor": "the processor",
    "bank": "the bank",
    "rewards": "the rewards workbook",
}
ORDER = tuple(TOLD)
EVENTS = "| event | told by | account | lines | debit | credit |"


def accounts() -> dict[str, str]:
    """Names by code."""
    with (PROJECT_ROOT / "seeds" / "chart_of_accounts.csv").open(encoding="utf-8") as file:
        return {row["account_code"]: row["account_name"] for row in csv.DictReader(file)}


def amount(text: str) -> str:
    """Nothing where there is nothing."""
    return text if Decimal(text) else ""


def event_tables() -> str:
    """A table a currency: every account that a kind of event moved."""
    rows, names = story()["postings"], accounts()
    parts = []
    for currency in sorted({row["currency"] for row in rows}, key=lambda c: (c != "EUR", c)):
        lines = [f"**{currency}**", "", EVENTS, "|---|---|---|---|---|---|"]
        own = [row for row in rows if row["currency"] == currency]
        own.sort(
            key=lambda r: (ORDER.index(r["told_by"]), r["event_type"], not Decimal(r["debits"]))
        )
        for row in own:
            event = row["event_type"].replace("_", " ")
            lines.append(
                f"| {event} | {TOLD[row['told_by']]} | {row['account_code']}"
                f" {names[row['account_code']]} | {row['lines']} | {amount(row['debits'])}"
                f" | {amount(row['credits'])} |"
            )
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def account_tables() -> str:
    """A T-account each of the euro accounts."""
    rows, names = story()["postings"], accounts()
    parts = []
    for code in sorted({row["account_code"] for row in rows if row["currency"] == "EUR"}):
        lines = [f"| {code} {names[code]} | debit | credit |", "|---|---|---|"]
        own = [r for r in rows if r["currency"] == "EUR" and r["account_code"] == code]
        sums = [Decimal(0), Decimal(0)]
        for row in sorted(own, key=lambda r: (ORDER.index(r["told_by"]), r["event_type"])):
            words = f"{row['event_type'].replace('_', ' ')}, {TOLD[row['told_by']]}"
            lines.append(f"| {words} | {amount(row['debits'])} | {amount(row['credits'])} |")
            sums = [sums[0] + Decimal(row["debits"]), sums[1] + Decimal(row["credits"])]
        off = sums[0] - sums[1]
        left, right = (f"{-off}" if off < 0 else ""), (f"{off}" if off > 0 else "")
        lines.append(f"| **balance** | {left} | {right} |")
        lines.append(f"| **both sides** | {max(sums)} | {max(sums)} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def page(text: str) -> str:
    """The page with today's tables."""
    text = re.sub(
        r"(?<=## What each event posts\n\n).*?(?=\n\n## The accounts)",
        lambda _: event_tables(),
        text,
        flags=re.S,
    )
    return re.sub(
        r"(?<=makes both sides equal\.\n\n).*?(?=\n\n## Reading them)",
        lambda _: account_tables(),
        text,
        flags=re.S,
    )


def test_the_page_is_the_storys_arithmetic() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(text), "python -m tests.python.test_by_hand writes it anew"
    assert text.count(EVENTS) == len({row["currency"] for row in story()["postings"]})


def test_the_t_accounts_close_with_the_books() -> None:
    """Read back from the page: the sides of each account against the story's closing balances."""
    closing = {
        row["account_code"]: Decimal(row["closing"])
        for row in story()["ledger"]
        if row["currency"] == "EUR"
    }
    found = {}
    text = PAGE.read_text(encoding="utf-8")
    for code, body in re.findall(
        r"^\| (\d{4}) .* \| debit \| credit \|\n((?:\|.*\n?)+)", text, re.M
    ):
        cells = [[c.strip() for c in line.split("|")[1:-1]] for line in body.splitlines()[1:]]
        *lines, balance, both = cells
        debit, credit = (sum(Decimal(line[n] or 0) for line in lines) for n in (1, 2))
        assert debit + Decimal(balance[1] or 0) == credit + Decimal(balance[2] or 0)
        assert Decimal(both[1]) == Decimal(both[2]) == max(debit, credit)
        found[code] = debit - credit
    assert found == closing


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
