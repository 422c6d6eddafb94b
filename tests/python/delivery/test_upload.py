"""Reports reach a bucket whole, or stay here with a note that says why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from dbt_project.settings import Bucket, Settings
from delivery import upload
from delivery.report import write_reports
from tests.python.delivery.conftest import facts

NAMES = {
    *("report.html", "executive_summary.txt", "report.json"),
    *("breaks.csv", "matched.csv", "proposed.csv"),
}


def client(endpoint: str) -> Any:
    return boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")


def with_bucket(settings: Settings, endpoint: str, name: str = "reports") -> Settings:
    bucket = Bucket(bucket=name, prefix="tieout/kestrel", endpoint_url=endpoint)
    return settings.model_copy(update={"delivery": bucket})


def test_reports_are_uploaded_encrypted_and_whole(month: Settings, s3_endpoint: str) -> None:
    s3 = client(s3_endpoint)
    s3.create_bucket(Bucket="reports")
    delivered = write_reports(with_bucket(month, s3_endpoint), facts())
    folder = f"tieout/kestrel/2026-11-01/{delivered.folder.name}"
    assert delivered.uploaded_to == f"s3://reports/{folder}"
    assert "checksums verified" in delivered.note
    assert {file.name for file in delivered.files} == NAMES
    for file in delivered.files:
        stored = s3.get_object(Bucket="reports", Key=f"{folder}/{file.name}")
        assert stored["Body"].read() == file.read_bytes()
        assert stored["ServerSideEncryption"] == "AES256"


@pytest.mark.parametrize("trouble", ["no bucket", "no server"])
def test_a_failed_upload_says_so_and_keeps_the_files(
    month: Settings, s3_endpoint: str, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    endpoint = s3_endpoint if trouble == "no bucket" else "http://127.0.0.1:9"
    delivered = write_reports(with_bucket(month, endpoint, "nowhere"), facts())
    assert delivered.uploaded_to is None
    assert "not uploaded to s3://nowhere/tieout/kestrel" in delivered.note
    assert "the files are kept here" in delivered.note
    assert ("NoSuchBucket" in delivered.note) == (trouble == "no bucket")
    assert {file.name for file in delivered.folder.iterdir()} == NAMES
    json.loads((delivered.folder / "report.json").read_text(encoding="utf-8"))


class Corrupting:
    """A client whose objects lose their last byte on the way, checksum or not."""

    def __init__(self, real: Any) -> None:
        self.real = real

    def put_object(self, **words: Any) -> Any:
        words.pop("ChecksumSHA256")
        return self.real.put_object(**{**words, "Body": words["Body"].read()[:-1]})

    def get_object(self, **words: Any) -> Any:
        return self.real.get_object(**words)


def _corrupted(
    month: Settings, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[str | None, str]:
    client(endpoint).create_bucket(Bucket="reports")
    real = client(endpoint)
    monkeypatch.setattr(upload, "_client", lambda bucket: Corrupting(real))
    delivered = write_reports(with_bucket(month, endpoint), facts())
    return delivered.uploaded_to, delivered.note


def test_bytes_that_changed_on_the_way_are_noticed(
    month: Settings, s3_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, note = _corrupted(month, s3_endpoint, monkeypatch)
    assert address is None
    assert "another SHA-256" in note


def test_without_the_check_they_would_not_be(
    month: Settings, s3_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Blind(str):
        def __ne__(self, other: object) -> bool:
            return False

        __hash__ = str.__hash__

    monkeypatch.setattr(upload, "_stored_digest", lambda *_: Blind("never looked"))
    address, _ = _corrupted(month, s3_endpoint, monkeypatch)
    assert address is not None


def test_credentials_are_not_in_the_note(
    month: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    delivered = write_reports(with_bucket(month, "http://127.0.0.1:9"), facts())
    assert delivered.uploaded_to is None
    assert "credentials" in delivered.note.lower()
