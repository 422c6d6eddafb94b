"""Who decides about a file that waits for nobody is told why not, and what to type instead."""

from __future__ import annotations

import pytest

from ingestion.landing.again import reject, release
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import books


def test_what_waits_for_nobody_is_answered_with_what_to_do(engine_desk: Desk) -> None:
    words = (engine_desk.settings, engine_desk.warehouse)
    landed = engine_desk.land("internal", books({}))
    with pytest.raises(ValueError, match=r"is in already: landed at .* a corrected file"):
        reject(*words, landed.document_id, "Ada", "x")
    unreadable = engine_desk.land("internal", b"<html>", "page.csv")
    for decide in (
        lambda: release(*words, unreadable.document_id),
        lambda: reject(*words, unreadable.document_id, "Ada", "x"),
    ):
        with pytest.raises(ValueError, match=r"could not be read .* Have it sent again and right"):
            decide()
