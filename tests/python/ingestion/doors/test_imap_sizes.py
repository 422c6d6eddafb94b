"""Names, sizes and links that a sender chooses: of attachments, messages and manifests."""

from __future__ import annotations

import pytest

from dbt_project.settings_doors import ImapDoor
from ingestion.landing import stores
from ingestion.landing.land import land_file
from ingestion.sources.imap import split_name
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.doors import test_imap
from tests.python.ingestion.doors.test_imap import Post
from tests.python.ingestion.doors.test_sizes import land
from tests.python.ingestion.make import books

post = test_imap.post


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a.csv", ("", "a.csv")),
        ("../../etc/a.csv", ("etc", "a.csv")),
        ("C:\\reports\\a.csv", ("C:/reports", "a.csv")),
        ("reports/..", ("reports", "attachment")),
        ("/", ("", "attachment")),
    ],
)
def test_imap_a_path_is_a_folder_and_a_name(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


def test_imap_attachments_with_paths_land_once_under_their_names(
    fresh_desk: Desk, post: Post
) -> None:
    """Called like a parcel's member they were fetched anew each time; two folders are two files."""
    post.send(("../../one/a.csv", books({})), ("two/a.csv", books({}, {})), (".hidden/..", b"x"))
    assert land(fresh_desk, post.door.model_copy(update={"files": "*.csv"})) == {"a.csv": "landed"}
    rows = fresh_desk.warehouse.rows("select name from ops.deliveries")
    assert [row["name"] for row in rows] == ["a.csv", "a.csv"]
    assert fresh_desk.count("raw.internal_transactions") == 3
    assert land(fresh_desk, post.door) == {}


@pytest.mark.parametrize("is_guarded", [True, False])
def test_imap_a_message_above_the_limit_is_not_fetched(
    fresh_desk: Desk, post: Post, is_guarded: bool
) -> None:
    post.send(("a.csv", books(*[{}] * 200)))
    post.send(("b.csv", books({})))
    most = 5_000 if is_guarded else 100_000
    door: ImapDoor = post.door.model_copy(update={"max_message_bytes": most})
    if is_guarded:
        assert land(fresh_desk, door, "FILE_TOO_LARGE the message has") == {"b.csv": "landed"}
    else:
        assert land(fresh_desk, door) == {"a.csv": "landed", "b.csv": "landed"}


def test_imap_a_server_that_announces_too_much_at_once_is_left(
    fresh_desk: Desk, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says the message is small and then sends a large one."""
    monkeypatch.setattr("imap_tools.MailMessage.size_rfc822", 0)
    post.send(("a.csv", books(*[{}] * 200)))
    door: ImapDoor = post.door.model_copy(update={"max_message_bytes": 5_000})
    assert land(fresh_desk, door, "bytes are announced at once, more than 10000") == {}


def test_a_manifest_is_not_read_through_a_link_out_of_its_folder(fresh_desk: Desk) -> None:
    """A link inside the folder is a manifest; one that leaves it says what stands elsewhere."""
    inside = fresh_desk.put("a.csv", books({}))
    (inside.parent / "kept.json").write_bytes(b'{"rows": 1}')
    (inside.parent / "a.csv.manifest.json").symlink_to("kept.json")
    outside = fresh_desk.put("b.csv", books({"transaction_id": "B"}))
    (outside.parent / "b.csv.manifest.json").symlink_to(inside.parent / "kept.json")
    large = fresh_desk.put("c.csv", books({"transaction_id": "C"}))
    (large.parent / "c.csv.manifest.json").write_bytes(b" " * (stores.MANIFEST_BYTES + 1))
    found = [land_file(fresh_desk.settings, fresh_desk.warehouse, "internal", p)
             for p in (inside, outside, large)]  # fmt: skip
    assert [(r.state, r.code) for r in found] == [
        ("landed", None),
        ("rejected", "MANIFEST_INVALID"),
        ("rejected", "MANIFEST_INVALID"),
    ]
