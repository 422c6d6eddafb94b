"""A real S3 server for tests, and an emptied bucket on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from ingestion.buckets import bucket_client


@contextmanager
def s3_server() -> Iterator[str]:
    """An S3 server of our own; its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def emptied_bucket(store: str, name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client, a bucket of that name without objects, and keys in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    bucket_client.cache_clear()
    client = boto3.client("s3", endpoint_url=store, region_name="us-east-1")
    if any(bucket["Name"] == name for bucket in client.list_buckets()["Buckets"]):
        for item in client.list_objects_v2(Bucket=name).get("Contents", []):
            client.delete_object(Bucket=name, Key=item["Key"])
    else:
        client.create_bucket(Bucket=name)
    return client
