"""The one way to a bucket of AWS or any compatible store: its client, with time limits and retries.

In: an endpoint (None: AWS) and a region. Out: a client, made once for each pair, because making
one takes longer than many a request. Credentials come from the environment, as boto3 finds them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

TIMEOUTS = Config(
    connect_timeout=10, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 4}
)


@lru_cache(maxsize=8)
def bucket_client(endpoint_url: str | None, region: str) -> S3Client:
    """The client of an endpoint."""
    return boto3.client("s3", endpoint_url=endpoint_url, region_name=region, config=TIMEOUTS)
