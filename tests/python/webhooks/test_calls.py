"""Who is let in and who is not (I1–I8), over real sockets; each guard once more without it."""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

import httpx
import pytest
import stripe

from dbt_project.settings import ConfigurationError, Settings
from ingestion.webhooks import receiver, signatures
from ingestion.webhooks.receiver import callers_of
from tests.python.conftest import make_settings
from tests.python.webhooks.calls import (
    KEY,
    OLD_KEY,
    SECRETS,
    Call,
    by_adyen,
    by_plain,
    by_shop,
    by_square,
    by_stripe,
    counted,
    event,
    notification,
    running,
    sale,
    stored,
    with_webhooks,
)

SQUARE = json.dumps({"event_id": "sq1", "type": "payment.created", "created_at": "{now}"})


def square_event(age: float = 0) -> bytes:
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - age))
    return SQUARE.replace("{now}", moment).encode()


def test_every_scheme_is_let_in_and_stored_as_it_came(deployment: Settings, address: str) -> None:
    calls = [
        by_stripe(event()),
        by_adyen(notification()),
        by_square(square_event()),
        by_shop(sale(1)),
        by_plain(b'{"data": {"id": "deep"}, "type": "new"}'),
    ]
    assert [call.send(address) for call in calls] == [200] * 5
    found = stored(deployment, "provider, event_type, body, state")
    kinds = ["charge.succeeded", "CAPTURE", "payment.created", "", "new"]
    expected = [(c.provider, k, c.body, "waiting") for c, k in zip(calls, kinds, strict=True)]
    assert found == expected
    assert [identity for (identity,) in stored(deployment)][::2] == ["evt_1", "sq1", "deep"]


WRONG_KEY = "whsec_" + "c" * 32
BODY = event()
REFUSED = {
    "no header": Call("stripe", BODY, {}),
    "wrong key": by_stripe(BODY, WRONG_KEY),
    "other scheme": Call("stripe", BODY, by_shop(BODY).headers),
    "v0 only": Call(
        "stripe",
        BODY,
        {"Stripe-Signature": by_stripe(BODY).headers["Stripe-Signature"].replace("v1=", "v0=")},
    ),
    "empty v1": Call("stripe", BODY, {"Stripe-Signature": f"t={int(time.time())},v1="}),
    "two times": Call(
        "stripe", BODY, {"Stripe-Signature": "t=1," + by_stripe(BODY).headers["Stripe-Signature"]}
    ),
    "odd time": Call("stripe", BODY, {"Stripe-Signature": "t=1_2,v1=ab"}),
    "not ascii": Call("stripe", BODY, {"Stripe-Signature": f"t={int(time.time())},v1=\xe9"}),
    "another body": Call("stripe", BODY + b" ", by_stripe(BODY).headers),
    "adyen without": Call("adyen", json.dumps(notification()).encode(), {}),
    "adyen wrong key": by_adyen(notification(), key="00" * 32),
    "adyen other amount": Call(
        "adyen", by_adyen(notification()).body.replace(b"1050", b"9050"), {}
    ),
    "adyen one of two": Call(
        "adyen",
        by_adyen(notification(), notification(pspReference="P2")).body.replace(b"P2", b"P3"),
        {},
    ),
    "adyen name twice": Call(
        "adyen", by_adyen(notification()).body.replace(b'"live"', b'"live": "x", "live"'), {}
    ),
    "adyen no list": Call("adyen", b'{"notificationItems": 7}', {}),
    "adyen no items": Call("adyen", b'{"notificationItems": []}', {}),
    "adyen padded": Call("adyen", by_adyen(notification()).body + b" " * 70_000, {}),
    "adyen deep": Call("adyen", b"[" * 200_000, {}),
    "adyen long number": Call("adyen", b'{"amount": ' + b"1" * 9_000 + b"}", {}),
    "square other url": by_square(square_event(), url="https://evil.example.org/"),
    "square wrong key": by_square(square_event(), WRONG_KEY),
    "square no time": by_square(b'{"event_id": "1"}'),
    "shop without prefix": Call(
        "shop",
        sale(1),
        {k: v.removeprefix("sha256=") for k, v in by_shop(sale(1)).headers.items()},
    ),
    "shop no time": Call("shop", sale(1), {"X-Signature": by_shop(sale(1)).headers["X-Signature"]}),
    "plain wrong key": by_plain(b"{}", WRONG_KEY),
}  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One receiver for all refused calls."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SECRETS.items():
            patch.setenv(name, value)
        settings = with_webhooks(make_settings(tmp_path_factory.mktemp("refused")))
        with running(settings) as address:
            yield settings, address


@pytest.mark.parametrize("name", REFUSED)
def test_i1_without_proof_nothing_is_kept_but_a_counter(
    shared: tuple[Settings, str], name: str
) -> None:
    settings, address = shared
    before = sum(counted(settings).values())
    assert REFUSED[name].send(address) == 401
    assert stored(settings) == []
    assert sum(counted(settings).values()) == before + 1


def test_i1_the_control_without_the_check_all_is_let_in(
    deployment: Settings, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiver, "verify", lambda *_: None)
    assert REFUSED["wrong key"].send(address) == 200
    assert len(stored(deployment)) == 1


@pytest.mark.parametrize("value", ["", " ", "short"])
def test_i1_an_empty_secret_stops_the_start(
    deployment: Settings, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("TIEOUT_SECRET_OLD", value)
    with pytest.raises(ConfigurationError, match="TIEOUT_SECRET_OLD is empty or shorter"):
        callers_of(deployment)
    monkeypatch.delenv("TIEOUT_SECRET_OLD")
    with pytest.raises(ConfigurationError, match="TIEOUT_SECRET_OLD"):
        callers_of(deployment)


def test_i1_adyen_wants_its_hexadecimal_key(
    deployment: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIEOUT_SECRET_ADYEN", "no hexadecimal text")
    with pytest.raises(ConfigurationError, match="no hexadecimal"):
        callers_of(deployment)


@pytest.mark.parametrize("sign", [by_stripe, by_shop])
def test_i2_i3_too_old_and_from_the_future(deployment: Settings, address: str, sign: Any) -> None:
    body = event() if sign is by_stripe else sale(1)
    ages = {310: 401, -310: 401, 290: 200, -290: 200}
    assert [sign(body, age=age).send(address) for age in ages] == list(ages.values())
    assert counted(deployment) == {"too_old": 1, "in_the_future": 1}


def test_i2_i3_square_by_the_time_it_signed(deployment: Settings, address: str) -> None:
    """Square sends an event again for three days, as it was; from the future it never comes."""
    ages = {4 * 86_400: 401, -310: 401, 86_400: 200}
    assert [by_square(square_event(age)).send(address) for age in ages] == list(ages.values())


def test_i3_the_control_the_providers_own_library_takes_the_future() -> None:
    call = by_stripe(event(), age=-3_600)
    assert stripe.Webhook.construct_event(call.body, call.headers["Stripe-Signature"], KEY)


def test_i2_i3_the_control_without_the_clock(
    deployment: Settings, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatures, "_in_time", lambda *_: None)
    assert by_stripe(event(), age=86_400).send(address) == 200


def test_i4_a_replay_is_thanked_for_and_kept_once(deployment: Settings, address: str) -> None:
    calls = [by_stripe(event()), by_adyen(notification()), by_plain(b"no json")]
    again = [by_stripe(event(), age=5), by_adyen(notification(eventDate="later")), calls[2]]
    assert [call.send(address) for call in [*calls, *again]] == [200] * 6
    assert len(stored(deployment)) == 3


def test_i5_both_secrets_are_good_while_one_is_rotated(deployment: Settings, address: str) -> None:
    assert by_stripe(event("evt_1"), KEY).send(address) == 200
    assert by_stripe(event("evt_2"), OLD_KEY).send(address) == 200
    both = by_stripe(event("evt_3"), WRONG_KEY).headers["Stripe-Signature"]
    both += ",v1=" + by_stripe(event("evt_3"), OLD_KEY).headers["Stripe-Signature"][-64:]
    assert Call("stripe", event("evt_3"), {"Stripe-Signature": both}).send(address) == 200
    assert len(stored(deployment)) == 3


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(json.dumps(json.loads(event()), indent=4).encode(), id="written anew"),
        pytest.param(gzip.compress(event(), mtime=0), id="gzip"),
        pytest.param(event(description="é").replace(b"\\u00e9", b"\xe9"), id="latin-1"),
        pytest.param(b"\xff\xfe\x00", id="no text"),
    ],
)
def test_i6_the_raw_bytes_are_what_is_signed(
    deployment: Settings, address: str, body: bytes
) -> None:
    """What came as signed is kept byte by byte; what was changed on the way is refused."""
    header = by_stripe(event()).headers
    assert Call("stripe", body, header).send(address) == 401
    assert by_plain(body).send(address) == 200
    assert stored(deployment, "body") == [(body,)]


def test_other_paths_and_methods(address: str) -> None:
    assert by_stripe(event()).send(address, "/webhooks/nobody") == 404
    assert httpx.get(f"{address}/webhooks/stripe").status_code == 405
    assert httpx.get(f"{address}/health").text == "ok"
