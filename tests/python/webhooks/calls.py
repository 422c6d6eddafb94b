"""A running receiver and callers that sign as the providers do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import stripe

from dbt_project.settings import Settings
from dbt_project.settings_webhooks import Provider, Webhooks
from dbt_project.warehouse import open_warehouse
from ingestion.landing.land import LandingResult, ensure_schema, fetch_doors
from ingestion.webhooks.events import event_of
from ingestion.webhooks.serve import server_of
from ingestion.webhooks.spool import spool_of
from tests.python.ingestion.make import BOOKS

KEY, OLD_KEY = "whsec_" + "a" * 32, "whsec_" + "b" * 32
ADYEN_KEY = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
SECRETS = {
    "TIEOUT_SECRET_NEW": KEY,
    "TIEOUT_SECRET_OLD": OLD_KEY,
    "TIEOUT_SECRET_ADYEN": ADYEN_KEY,
}
BOTH = ("TIEOUT_SECRET_NEW", "TIEOUT_SECRET_OLD")
SQUARE_URL = "https://pay.example.org/webhooks/square"
ADYEN = ("TIEOUT_SECRET_ADYEN",)
PROVIDERS = (
    Provider(name="stripe", scheme="stripe", source="stripe", secret_variables=BOTH),
    Provider(name="adyen", scheme="adyen", source="stripe", secret_variables=ADYEN),
    Provider(
        name="square", scheme="square", source="stripe", secret_variables=BOTH, url=SQUARE_URL
    ),
    Provider(
        name="shop", scheme="hmac", source="internal", secret_variables=BOTH,
        signature_prefix="sha256=", id_field="transaction_id", type_field="event_type",
    ),
    Provider(
        name="plain", scheme="hmac", source="internal", secret_variables=BOTH,
        signature_encoding="base64", timestamp_header=None, id_field="data.id",
    ),
)  # fmt: skip


def with_webhooks(settings: Settings, **changes: Any) -> Settings:
    """The settings with a receiver that all providers may call."""
    webhooks = Webhooks(**{"providers": PROVIDERS, "max_seconds_to_send": 3.0, **changes})
    return settings.model_copy(update={"webhooks": webhooks})


@contextmanager
def running(settings: Settings) -> Iterator[str]:
    """A server on a port of its own; its address."""
    server = server_of(settings, port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


@dataclass(frozen=True)
class Call:
    """A request that is ready to be sent."""

    provider: str
    body: bytes
    headers: dict[str, str]

    def send(self, address: str, path: str | None = None) -> int:
        """Posts it; the answer's status."""
        url = f"{address}{path or f'/webhooks/{self.provider}'}"
        raw = [(name.encode(), value.encode("latin-1")) for name, value in self.headers.items()]
        return httpx.post(url, content=self.body, headers=raw, timeout=30).status_code


def event(identity: str = "evt_1", kind: str = "charge.succeeded", **inner: Any) -> bytes:
    """A Stripe event around a charge."""
    charge = {
        "id": f"ch_{identity}",
        "object": "charge",
        "amount": 1050,
        "currency": "eur",
        **inner,
    }
    return json.dumps(
        {"id": identity, "object": "event", "type": kind, "created": 1, "data": {"object": charge}}
    ).encode()


def by_stripe(body: bytes, key: str = KEY, age: float = 0) -> Call:
    """Signed by Stripe's own library."""
    moment = int(time.time() - age)
    header = stripe.WebhookSignature.generate_signature_header(body.decode(), key, moment)
    return Call("stripe", body, {"Stripe-Signature": header})


def by_shop(body: bytes, key: str = KEY, age: float = 0) -> Call:
    """Signed with a header of the generic scheme."""
    moment = str(int(time.time() - age))
    signed = hmac.new(key.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return Call("shop", body, {"X-Signature": f"sha256={signed}", "X-Timestamp": moment})


def by_plain(body: bytes, key: str = KEY) -> Call:
    """Signed over the body alone, as base64."""
    digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
    return Call("plain", body, {"X-Signature": base64.b64encode(digest).decode()})


def by_square(body: bytes, key: str = KEY, url: str = SQUARE_URL) -> Call:
    """Signed over address and body."""
    digest = hmac.new(key.encode(), url.encode() + body, hashlib.sha256).digest()
    header = {"x-square-hmacsha256-signature": base64.b64encode(digest).decode()}
    return Call("square", body, header)


def notification(**changes: Any) -> dict[str, Any]:
    """A notification of Adyen, not signed yet."""
    return {
        "additionalData": {}, "amount": {"currency": "EUR", "value": 1050},
        "eventCode": "CAPTURE", "eventDate": "2026-10-01T10:00:00+02:00",
        "merchantAccountCode": "Shop", "merchantReference": "R:1", "originalReference": "A1",
        "pspReference": "P1", "success": "true", **changes,
    }  # fmt: skip


def by_adyen(*items: dict[str, Any], key: str = ADYEN_KEY) -> Call:
    """Each notification signed as Adyen does: eight values, colons between, a hexadecimal key."""
    for item in items:
        values = [
            item["pspReference"], item.get("originalReference") or "", item["merchantAccountCode"],
            item["merchantReference"], str(item["amount"]["value"]), item["amount"]["currency"],
            item["eventCode"], item["success"],
        ]  # fmt: skip
        digest = hmac.new(bytes.fromhex(key), ":".join(values).encode(), hashlib.sha256).digest()
        item["additionalData"]["hmacSignature"] = base64.b64encode(digest).decode()
    wrapped = [{"NotificationRequestItem": item} for item in items]
    body = json.dumps({"live": "false", "notificationItems": wrapped}, indent=2).encode()
    return Call("adyen", body, {})


def sale(number: int, **changes: str) -> bytes:
    """A line of the house format as an event."""
    return json.dumps({**BOOKS, "transaction_id": f"T{number}", **changes}, indent=1).encode()


def spooled(settings: Settings, *bodies: bytes, provider: str = "shop") -> None:
    """Events as if they had been received."""
    spool = spool_of(settings)
    caller = next(p for p in PROVIDERS if p.name == provider)
    with spool.opened() as db:
        spool.put(db, [event_of(caller, body) for body in bodies])


def landed(settings: Settings) -> tuple[list[LandingResult], list[str]]:
    """What a run makes of the spool, and the ids in the raw table afterwards."""
    with open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        results = list(fetch_doors(settings, warehouse))
        rows = warehouse.rows(
            "select transaction_id from raw.internal_transactions order by transaction_id"
        )
    return results, [row["transaction_id"] for row in rows]


def stored(settings: Settings, columns: str = "event_id") -> list[tuple[Any, ...]]:
    """What the spool holds, in the order it came."""
    with closing(sqlite3.connect(settings.state / "webhooks.sqlite")) as db:
        return db.execute(f"select {columns} from events order by event_number").fetchall()


def counted(settings: Settings) -> dict[str, int]:
    """Refused calls by reason."""
    with closing(sqlite3.connect(settings.state / "webhooks.sqlite")) as db:
        return dict(db.execute("select what, sum(count) from counters group by 1").fetchall())
