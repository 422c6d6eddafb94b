"""One message that cannot be read must not stand before all that can."""

from __future__ import annotations

from typing import Any

import pytest
from imap_tools import MailBox

from ingestion.landing.fetch import DoorError
from ingestion.landing.land import land_door
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors import test_imap
from tests.python.ingestion.doors.test_imap import Post, land
from tests.python.ingestion.make import books

post = test_imap.post


def test_a_damaged_message_and_one_that_goes_away_do_not_stop_the_others(
    fresh_desk: Desk, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.csv", "b.csv", "c.csv"):
        post.send((name, books({"reference_number": name})))
    real = MailBox.fetch
    asked: list[str] = []

    def harmed(self: MailBox, *words: Any, **named: Any) -> Any:
        found = list(real(self, *words, **named))
        if "uid_list" in named:
            asked.append(named["uid_list"])
            if len(asked) == 1:
                found[0].obj.defects.append(ValueError("no end"))
            if len(asked) == 2:
                return iter([])
        return iter(found)

    with monkeypatch.context() as patch:
        patch.setattr(MailBox, "fetch", harmed)
        landing = land_door(fresh_desk.settings, fresh_desk.warehouse, post.door)
        assert next(landing).name == "c.csv"
        with pytest.raises(DoorError, match=f"/{asked[0]}: the message is damaged"):
            next(landing)
    assert land(fresh_desk, post.door) == {"a.csv": "landed", "b.csv": "landed"}
