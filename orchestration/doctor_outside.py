"""What the doctor asks of the world outside: doors, the reports' bucket, the mail server.

In: Settings. Out: Check values; nothing is taken, moved or sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import boto3
import psycopg
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import WarehouseBusyError
from ingestion.sources.doors import tried
from ingestion.sources.files import TransferError
from orchestration.alerts.channels import connect
from orchestration.alerts.trouble import scrubbed

DOOR_WAYS_OUT = {
    "folder": "make the folder, or name another in tieout.yml",
    "s3": "check bucket, region and endpoint_url, and AWS credentials",
}
_SHORT = Config(connect_timeout=5, read_timeout=5, retries={"max_attempts": 1})


@dataclass(frozen=True)
class Check:
    """One line of the doctor: what was looked at, how it is, and what to do when it is not well."""

    name: str
    is_ok: bool
    detail: str
    way_out: str = ""


def doors(settings: Settings) -> Iterator[Check]:
    """Each door tried as a run would open it, and the bucket of the reports."""
    for door in settings.all_doors():
        yield attempted(
            f"door: {door.name or door.source}",
            partial(tried, settings, door),
            "",
            DOOR_WAYS_OUT.get(door.kind, "check its keys in tieout.yml; see docs/doors.md"),
        )
    if settings.delivery:
        bucket = settings.delivery
        way_out = "check delivery in tieout.yml; reports stay in the local folder meanwhile"
        yield _bucket("delivery", bucket.bucket, bucket.endpoint_url, bucket.region, way_out)


def _bucket(name: str, bucket: str, endpoint: str | None, region: str, way_out: str) -> Check:
    client = boto3.client("s3", endpoint_url=endpoint, region_name=region, config=_SHORT)
    return attempted(
        name, lambda: client.head_bucket(Bucket=bucket), f"bucket {bucket} answers", way_out
    )


def mail(settings: Settings) -> Iterator[Check]:
    """The mail server of the alerts; it gets no mail."""
    smtp = settings.alerts.smtp
    if smtp:
        yield attempted(
            "mail server",
            lambda: connect(smtp).close(),
            f"{smtp.host}:{smtp.port} answers",
            "check alerts.smtp in tieout.yml; alerts stay in the outbox meanwhile",
        )


def attempted(name: str, attempt: Callable[[], object], detail: str, way_out: str) -> Check:
    """Whether an attempt succeeds; without a detail it is the attempt's own answer."""
    try:
        answer = attempt()
    except (
        OSError,
        ConfigurationError,
        TransferError,
        WarehouseBusyError,
        psycopg.Error,
        BotoCoreError,
        ClientError,
    ) as error:
        return Check(name, False, scrubbed(str(error).strip()), way_out)
    return Check(name, True, detail or str(answer))
