"""The webhook receiver's part of tieout.yml: where it listens, who may call, and how much.

Secrets are never here: a provider names the variables that hold them, several while one is rotated.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from dbt_project.settings_section import Name, SecretName, Section

Scheme = Literal["stripe", "adyen", "square", "hmac"]


class Provider(Section):
    """One caller: its path is /webhooks/<name>, its events become files of `source`.

    `url` is the address as Square calls it, which is part of what Square signs. The other keys are
    for scheme hmac: where signature, time and id of an event stand. Without `timestamp_header`
    nothing says how old a call is, and only the id keeps an old one from counting twice.
    """

    name: Name
    scheme: Scheme
    source: Name
    secret_variables: tuple[SecretName, ...] = Field(min_length=1)
    url: str | None = None
    signature_header: str = "X-Signature"
    signature_prefix: str = ""
    signature_encoding: Literal["hex", "base64"] = "hex"
    timestamp_header: str | None = "X-Timestamp"
    id_field: str = "id"
    type_field: str = "type"

    @model_validator(mode="after")
    def _square_signs_its_url(self) -> Self:
        if self.scheme == "square" and not self.url:
            raise ValueError("square signs its url: write it as it stands at Square")
        return self


class Webhooks(Section):
    """`tieout webhooks`: off while there are no providers. TLS is the work of a proxy before it.

    Calls without a proof are counted by address, as the `proxies` name it in X-Forwarded-For.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8713, ge=0, le=65535)
    providers: tuple[Provider, ...] = ()
    max_age_seconds: int = Field(default=300, ge=1, le=86_400)
    max_body_bytes: int = Field(default=1_000_000, ge=1_000, le=100_000_000)
    max_seconds_to_send: float = Field(default=10.0, gt=0, le=300)
    max_events_per_second: int = Field(default=200, ge=1, le=100_000)
    max_unproved_per_second: int = Field(default=100, ge=1, le=100_000)
    proxies: tuple[IPv4Network | IPv6Network, ...] = (
        IPv4Network("127.0.0.0/8"),
        IPv6Network("::1/128"),
    )
    max_waiting: int = Field(default=500, ge=1, le=100_000)
    max_events_a_file: int = Field(default=1_000, ge=1, le=50_000)

    @field_validator("providers")
    @classmethod
    def _names_are_unique(cls, providers: tuple[Provider, ...]) -> tuple[Provider, ...]:
        if len({provider.name for provider in providers}) < len(providers):
            raise ValueError("two providers have one name; each needs its own path")
        return providers
