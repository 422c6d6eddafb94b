"""The archive's settings: a folder (`archive: path`), or a bucket (`archive: {bucket: …}`).

With a bucket, `work` is the folder where a file lies while it is read; nothing stays there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from dbt_project.settings_section import S3Place

WORK = Path("warehouse/archive")


class ArchiveBucket(S3Place):
    """An S3 bucket (or a compatible endpoint) that keeps every accepted byte.

    Objects are encrypted by the store (AES256), or with a key of yours (aws:kms and kms_key_id).
    """

    bucket: str = Field(min_length=3)
    encryption: Literal["AES256", "aws:kms"] = "AES256"
    kms_key_id: str | None = None

    @model_validator(mode="after")
    def _key_belongs_to_kms(self) -> Self:
        if (self.encryption == "aws:kms") != (self.kms_key_id is not None):
            raise ValueError("aws:kms needs kms_key_id, and kms_key_id needs encryption: aws:kms")
        return self


def split_archive(values: Any) -> Any:
    """A section `archive:` becomes archive_bucket, and its `work` the folder; a path stays one."""
    section = values.get("archive") if isinstance(values, dict) else None
    if not isinstance(section, dict):
        return values
    bucket = {key: value for key, value in section.items() if key != "work"}
    return {**values, "archive": section.get("work", WORK), "archive_bucket": bucket}
