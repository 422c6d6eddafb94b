"""Peers of the doors: an S3 server of our own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.python.buckets import emptied_bucket, s3_server


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """An S3 server of our own; its address."""
    with s3_server() as address:
        yield address


@pytest.fixture
def bucket(store: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client for an emptied bucket named `payments`, and keys in the environment."""
    return emptied_bucket(store, "payments", monkeypatch)
