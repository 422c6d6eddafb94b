"""Peers of the doors: an S3 server of our own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from ingestion.sources import s3


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """An S3 server of our own; its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(store: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client for an emptied bucket named `payments`, and keys in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    s3._client.cache_clear()
    client = boto3.client("s3", endpoint_url=store, region_name="us-east-1")
    if any(b["Name"] == "payments" for b in client.list_buckets()["Buckets"]):
        for item in client.list_objects_v2(Bucket="payments").get("Contents", []):
            client.delete_object(Bucket="payments", Key=item["Key"])
    else:
        client.create_bucket(Bucket="payments")
    return client
