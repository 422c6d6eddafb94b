"""Published Adyen notifications: each lands as one row, or nothing says what it is.

Skipped where ../shared/samples is missing.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dbt_project.settings import PROJECT_ROOT
from ingestion.webhooks.signatures import adyen_items
from tests.python.ingestion.conftest import desk

__all__ = ["desk"]

SAMPLES = PROJECT_ROOT.parent / "shared" / "samples" / "adyen_webhooks"
FILES = sorted(SAMPLES.glob("*.json"))
pytestmark = pytest.mark.skipif(not FILES, reason=f"{SAMPLES} is not there")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_notification_lands_with_its_own_amount(desk, file: Path) -> None:  # type: ignore[no-untyped-def]
    content = file.read_bytes()
    root = json.loads(content)
    result = desk.land("adyen", content, file.name)
    if "notificationItems" not in root:  # an item without what Adyen sends around it
        assert (result.state, result.code) == ("rejected", "FILE_TYPE")
        return
    assert (result.state, result.quarantined_rows) == ("landed", 0)
    found = desk.raw(result, "adyen_notifications")
    items = [item["NotificationRequestItem"] for item in root["notificationItems"]]
    assert [(row["psp_reference"], row["event_code"]) for row in found] == [
        (item["pspReference"], item["eventCode"]) for item in items
    ]
    assert [row["amount"] for row in found] == [
        str(item["amount"]["value"]) if "amount" in item else None for item in items
    ]
    assert "additionalData" not in str(found)
    assert [item["pspReference"] for item in adyen_items(content)] == [
        item["pspReference"] for item in items
    ]


def test_there_are_as_many_as_listed() -> None:
    assert len(FILES) == 26
