"""Writes samples/inbox and samples/expected.json from the story in samples/story.

Re-running gives the same bytes. Run: python -m samples.make_samples [folder]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from samples.story import binary, books, expected, expected_books
from samples.story.bank import STATEMENTS, statement_xml
from samples.story.processor import (
    ACTIVITY_FILE,
    PAYOUTS_FILE,
    SUMMARY_FILE,
    activity_csv,
    payouts_csv,
    summary_csv,
)
from samples.story.rewards import REWARDS_FILE

HERE = Path(__file__).resolve().parent
DELIVERED_TWICE = ACTIVITY_FILE.replace(".csv", "_again.csv")


def files() -> dict[str, bytes]:
    """Every sample file by its path under samples/inbox."""
    own = {
        books.PARTS["web_1"]: books.with_trailer("web_1"),
        books.PARTS["web_2"]: books.part_csv("web_2"),
        books.SUPERSEDED_FILE: books.superseded_csv(),
        books.PARTS["web_3"]: books.part_csv("web_3"),
        books.PARTS["subscription"]: books.subscriptions_ndjson(),
        books.REJECTED_FILE: books.REJECTED_TEXT,
        books.PARTS["gift_card"] + ".manifest.json": books.manifest("gift_card"),
    }
    text = {f"internal/{name}": content for name, content in own.items()}
    text[f"stripe/{ACTIVITY_FILE}"] = activity_csv()
    text[f"stripe/{DELIVERED_TWICE}"] = activity_csv()
    text[f"stripe/{PAYOUTS_FILE}"] = payouts_csv()
    text[f"stripe/{SUMMARY_FILE}"] = summary_csv()
    text |= {f"bank/{statement.file}": statement_xml(statement) for statement in STATEMENTS}
    return {name: content.encode() for name, content in text.items()} | {
        f"internal/{books.PARTS['phone']}": binary.phone_orders_xlsx(),
        f"internal/{books.PARTS['gift_card']}": binary.gift_cards_parquet(),
        f"thrive_cash/{REWARDS_FILE}": binary.rewards_xlsx(),
    }


def answers() -> dict[str, Any]:
    """What everything comes to, worked out from the story by hand and never from the SQL."""
    expected.check()
    return {
        "as_of": "2026-11-01 04:00:00",
        "files": {"landed": 16, "superseded": 1, "duplicate": 1, "rejected": 1, "held": 0},
        "quarantined_lines": 1,
        "transactions": expected.transactions(),
        "matches": expected.matches(),
        "open_items": expected.open_items(),
        "discrepancies": expected.breaks(),
        "payouts": expected.payouts(),
        "rewards": expected_books.rewards(),
        "ledger": expected_books.ledger(),
        "postings": expected_books.postings(),
    }


def answers_text() -> str:
    """The answers as JSON, one row a line."""

    def told(value: Any, indent: str) -> str:
        if isinstance(value, list):
            lines = ",\n".join(f"{indent}  {json.dumps(row)}" for row in value)
            return f"[\n{lines}\n{indent}]"
        if isinstance(value, dict):
            parts = [f'{indent}  "{name}": {told(v, indent + "  ")}' for name, v in value.items()]
            return "{\n" + ",\n".join(parts) + "\n" + indent + "}"
        return json.dumps(value)

    return told(answers(), "") + "\n"


def write(folder: Path) -> None:
    """Writes all files below `folder`."""
    for name, content in files().items():
        file = folder / "inbox" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (folder / "expected.json").write_text(answers_text(), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
