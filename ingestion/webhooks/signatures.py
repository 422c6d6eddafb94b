"""Whether a call comes from whom it says: HMAC-SHA-256 over the bytes as they came, and its age.

In: a provider, its secrets, headers and raw body, the moment. Out: nothing, or RefusedError with a
word for the counters. Every secret and signature is compared in constant time, without an early
way out; nothing is parsed before the check, but for Adyen, whose signature stands in the body.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dbt_project.settings import ConfigurationError, secret
from dbt_project.settings_webhooks import Provider
from ingestion.formats.json_strict import JsonObject, flaw_of, read_json

MIN_SECRET = 16
ADYEN_MOST = 65_536  # bytes: its body is parsed before it is proved, and holds a handful of items
SQUARE_HEADER = "x-square-hmacsha256-signature"
SQUARE_RETRIES = 72 * 3_600  # Square sends an event again, as it was, for up to three days
ADYEN_SIGNED = (
    "pspReference", "originalReference", "merchantAccountCode", "merchantReference",
    "amount.value", "amount.currency", "eventCode", "success",
)  # fmt: skip


class RefusedError(Exception):
    """A call that proves nothing; the word says which check it failed, never a value."""


def secrets_of(provider: Provider) -> tuple[bytes, ...]:
    """The keys of a provider. Raises ConfigurationError naming a variable that holds none."""
    return tuple(_key(provider, variable) for variable in provider.secret_variables)


def verify(
    provider: Provider,
    secrets: Sequence[bytes],
    headers: Mapping[str, str],
    body: bytes,
    now: float,
    max_age: int,
) -> None:
    """Raises RefusedError unless one of the secrets signed this very body within its time."""
    if provider.scheme == "stripe":
        _stripe(secrets, headers.get("stripe-signature", ""), body, now, max_age)
    elif provider.scheme == "square":
        given = [headers.get(SQUARE_HEADER, "")]
        _compare(given, [_base64(_mac(key, _url(provider) + body)) for key in secrets])
        _in_time(_square_moment(body), now, SQUARE_RETRIES, max_age)
    elif provider.scheme == "adyen":
        _adyen(secrets, body)
    else:
        _generic(provider, secrets, headers, body, now, max_age)


def adyen_items(body: bytes) -> list[JsonObject]:
    """The notifications in a body; [] when it is none. One name twice is no notification."""
    try:
        root = read_json(body.decode())
    except ValueError:
        return []
    if not isinstance(root, dict) or flaw_of(root) is not None:
        return []
    listed = root.get("notificationItems", [root])
    found = [_inner(item) for item in listed] if isinstance(listed, list) else []
    return found if all(isinstance(item, JsonObject) for item in found) else []


def adyen_text(item: JsonObject) -> str:
    """What Adyen signs of a notification: eight values with colons between them."""
    return ":".join(_value_at(item, path) for path in ADYEN_SIGNED)


def _key(provider: Provider, variable: str) -> bytes:
    text = (secret(variable) or "").strip()
    if len(text) < MIN_SECRET:
        raise ConfigurationError(
            f"webhooks.providers.{provider.name}: the variable {variable} is empty or shorter than"
            f" {MIN_SECRET} characters; put the signing secret of {provider.scheme} into it"
        )
    if provider.scheme != "adyen":
        return text.encode()
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise ConfigurationError(
            f"webhooks.providers.{provider.name}: {variable} is no hexadecimal HMAC key as Adyen"
            " shows it"
        ) from error


def _stripe(secrets: Sequence[bytes], header: str, body: bytes, now: float, max_age: int) -> None:
    parts = [part.strip().partition("=") for part in header.split(",")]
    moments = [value for name, _, value in parts if name == "t"]
    given = [value for name, _, value in parts if name == "v1"]
    if len(moments) != 1 or not re.fullmatch(r"[0-9]{1,12}", moments[0], re.ASCII):
        raise RefusedError("signature_missing")
    signed = moments[0].encode() + b"." + body
    _compare(given, [_mac(key, signed).hex() for key in secrets])
    _in_time(int(moments[0]), now, max_age, max_age)


def _generic(
    provider: Provider,
    secrets: Sequence[bytes],
    headers: Mapping[str, str],
    body: bytes,
    now: float,
    max_age: int,
) -> None:
    given = headers.get(provider.signature_header.lower(), "")
    if not given.startswith(provider.signature_prefix):
        raise RefusedError("signature_missing")
    signed, moment = body, None
    if provider.timestamp_header is not None:
        moment = headers.get(provider.timestamp_header.lower(), "")
        if not re.fullmatch(r"[0-9]{1,12}", moment, re.ASCII):
            raise RefusedError("timestamp_missing")
        signed = moment.encode() + b"." + body
    is_hex = provider.signature_encoding == "hex"
    written = [(_mac(k, signed).hex() if is_hex else _base64(_mac(k, signed))) for k in secrets]
    _compare([given.removeprefix(provider.signature_prefix)], written)
    if moment is not None:
        _in_time(int(moment), now, max_age, max_age)


def _adyen(secrets: Sequence[bytes], body: bytes) -> None:
    if len(body) > ADYEN_MOST:
        raise RefusedError("too_large")
    items = adyen_items(body)
    if not items:
        raise RefusedError("signature_missing")
    for item in items:
        given = _value_at(item, "additionalData.hmacSignature")
        signed = adyen_text(item).encode()
        _compare([given], [_base64(_mac(key, signed)) for key in secrets])


def _compare(given: Sequence[str], expected: Sequence[str]) -> None:
    if not any(given):
        raise RefusedError("signature_missing")
    same = [
        hmac.compare_digest(one.encode(), other.encode("utf-8", "surrogateescape"))
        for one in expected
        for other in given
    ]
    if not any(same):
        raise RefusedError("signature_wrong")


def _in_time(moment: float | None, now: float, max_age: int, max_ahead: int) -> None:
    if moment is None:
        raise RefusedError("timestamp_missing")
    if now - moment > max_age:
        raise RefusedError("too_old")
    if moment - now > max_ahead:
        raise RefusedError("in_the_future")


def _square_moment(body: bytes) -> float | None:
    """When Square made the event, by its own signed word."""
    try:
        root = read_json(body.decode())
        found = datetime.fromisoformat(str(root["created_at"]))
    except (ValueError, KeyError, TypeError):
        return None
    return found.timestamp() if found.tzinfo else None


def _inner(item: Any) -> Any:
    return item.get("NotificationRequestItem", item) if isinstance(item, dict) else None


def _value_at(item: Any, path: str) -> str:
    for name in path.split("."):
        item = item.get(name) if isinstance(item, dict) else None
    if isinstance(item, bool):
        return str(item).lower()
    return item if isinstance(item, str) else ""


def _url(provider: Provider) -> bytes:
    return (provider.url or "").encode()


def _mac(key: bytes, signed: bytes) -> bytes:
    return hmac.new(key, signed, hashlib.sha256).digest()


def _base64(digest: bytes) -> str:
    return binascii.b2a_base64(digest, newline=False).decode()
