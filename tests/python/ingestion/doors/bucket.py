"""Words for tests of the bucket door."""

from __future__ import annotations

from typing import Any

from dbt_project.settings_doors import S3Door
from ingestion.sources import s3
from ingestion.sources.files import Here, Waiting
from tests.python.ingestion.conftest import Desk


def s3_door(store: str, **words: Any) -> S3Door:
    """The bucket as a door."""
    return S3Door(source="internal", bucket="payments", prefix="in/", endpoint_url=store, **words)


def fetched(desk: Desk, door: S3Door, file: Waiting) -> Any:
    """The context in which an object lies here."""
    return s3.BucketDoor(Here(desk.settings, desk.warehouse), door).fetched(file)


def keys(bucket: Any, prefix: str) -> list[str]:
    """The keys under a prefix."""
    found = bucket.list_objects_v2(Bucket="payments", Prefix=prefix).get("Contents", [])
    return [item["Key"] for item in found]
