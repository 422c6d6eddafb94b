"""A service that keeps books, in every way of counting pages; words for its tests."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from dbt_project.settings_polls import RestDoor
from ingestion.landing.land import land_door
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors.web_server import Answer, Asked, said
from tests.python.ingestion.test_doors import states

PAGES: dict[str, dict[str, Any]] = {
    "cursor": {"kind": "cursor", "next": "meta.next"},
    "more": {"kind": "cursor", "next": "meta.next", "more": "meta.more"},
    "link": {"kind": "link", "next": "meta.url"},
    "header": {"kind": "link"},
    "pages": {"kind": "page", "total_pages": "meta.pages"},
    "total": {"kind": "page", "total_items": "meta.total"},
    "empty": {"kind": "page", "first": 0},
    "offset": {"kind": "offset", "limit": 2, "total_items": "meta.total"},
    "offset_empty": {"kind": "offset", "limit": 2},
}


def item(number: int, amount: str = "12.30", created: str = "2026-10-20T10:00:00Z") -> str:
    """A transaction of the books as the service writes it: its amount is a number with a nought."""
    return (
        f'{{"transaction_id": "T{number}", "processor_name": "stripe", "amount": {amount},'
        f' "currency": "EUR", "status": "completed", "merchant_id": "M1",\n'
        f' "transaction_date": "{created}", "reference_number": "R{number}", "fee": 0.30}}'
    )


@dataclass
class Books:
    """The service: items, two a page, and what is wrong with it at the moment."""

    items: list[str] = field(default_factory=lambda: [item(number) for number in range(5)])
    wrong: dict[int, list[Answer]] = field(default_factory=dict)
    note: str = "first"

    def __call__(self, asked: Asked) -> Answer:
        """A page of the books, or the trouble that is planned for it."""
        start = self._start(asked)
        if planned := self.wrong.get(start // 2):
            return planned.pop(0) if len(planned) > 1 else planned[0]
        part, end = self.items[start : start + 2], start + 2
        is_more = end < len(self.items)
        meta = {
            "next": str(end) if is_more else None,
            "more": is_more,
            "url": f"{asked.path}?cursor={end}" if is_more else None,
            "pages": -(-len(self.items) // 2),
            "total": len(self.items),
            "note": self.note,
        }
        body = f'{{"meta": {json.dumps(meta)}, "data": [{", ".join(part)}]}}'.encode()
        link = {"link": f'<{meta["url"]}>; rel="next"'} if is_more else {}
        return Answer(body, headers=link)

    def _start(self, asked: Asked) -> int:
        words = asked.words
        if "page" in words:
            first = 0 if self.note == "from nought" else 1
            return (int(words["page"]) - first) * 2
        return int(words.get("cursor") or words.get("offset") or 0)


def rest_door(address: str, pages: str = "cursor", **words: Any) -> RestDoor:
    """The door of the books."""
    values: dict[str, Any] = {
        "source": "internal",
        "url": f"{address}/books?from={{since}}&to={{until}}",
        "items": "data",
        "pages": PAGES[pages],
        "lands": "items",
        "start": "2026-10-15",
        "timeout_seconds": 0.5,
        "attempts": 3,
        **words,
    }
    return RestDoor(**values)


def land(desk: Desk, door: Any) -> list[str]:
    """The states of what came."""
    return list(states(land_door(desk.settings, desk.warehouse, door)).values())


def ids(desk: Desk) -> list[str]:
    """The ids that are in the raw table, each as often as it is there."""
    rows = desk.warehouse.rows(
        "select transaction_id as id from raw.internal_transactions order by 1"
    )
    return [row["id"] for row in rows]


def cursors(desk: Desk) -> dict[str, str]:
    """How far the doors have come."""
    rows = desk.warehouse.rows("select door, cursor from ops.cursors order by 1")
    return {row["door"]: row["cursor"] for row in rows}


__all__ = ["PAGES", "Books", "cursors", "ids", "item", "land", "rest_door", "said"]
