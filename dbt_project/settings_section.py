"""What every part of tieout.yml is made of: unknown keys refused, names that are safe as words."""

from __future__ import annotations

from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
SecretName = Annotated[str, Field(pattern=r"^TIEOUT_SECRET_[A-Z0-9_]+$")]


class Section(BaseModel):
    """A part of tieout.yml: unknown keys are refused, values cannot change after start."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def https_only(url: str) -> str:
    """An address whose answers nobody else can read or change."""
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise ValueError("no user or password in an address; name a variable that holds it")
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in THIS_MACHINE):
        return url
    raise ValueError(f"{url.partition('?')[0]}: https:// is a must, but to this machine itself")


class S3Place(Section):
    """A bucket of AWS or of any store that speaks S3 (`endpoint_url`).

    What lies in it is read and written over TLS, unless `allow_plain_http` says that the network
    between is ours alone.
    """

    bucket: str = Field(min_length=1)
    prefix: str = ""
    endpoint_url: str | None = None
    region: str = "us-east-1"
    allow_plain_http: bool = False

    @model_validator(mode="after")
    def _is_not_overheard(self) -> Self:
        url = self.endpoint_url
        if url is None:
            return self
        try:
            https_only(url)
        except ValueError as error:
            parts = urlsplit(url)
            is_plain = parts.scheme == "http" and not (parts.username or parts.password)
            if is_plain and self.allow_plain_http:
                return self
            hint = "; or say allow_plain_http: true" if is_plain else ""
            raise ValueError(f"endpoint_url: {error}{hint}") from error
        return self
