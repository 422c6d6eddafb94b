"""Random disputes for the chargebacks room: what sources say of them, in any order and twice.

In: a seed. Out: a ChargebackWorld: cases as they are meant, and the rows that tell of them, as the
rooms before would have made them. Half of the histories keep to the legal steps, half do not.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dbt_project.settings import PROJECT_ROOT

Row = dict[str, Any]
TENANT, ACCOUNT = "acme", "shop"
START = datetime(2026, 9, 1, 8)
RECEIVED = datetime(2026, 10, 31)
WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "stripe": {
        "inquiry": ("warning_needs_response", "*"),
        "chargeback": ("needs_response", "*"),
        "representment": ("under_review", "*"),
        "won": ("won", "*"),
        "lost": ("lost", "*"),
        "accepted": ("prevented", "*"),
    },
    "adyen": {
        "inquiry": ("request_for_information", "unresponded"),
        "chargeback": ("notification_of_chargeback", "undefended"),
        "representment": ("information_supplied", "(none)"),
        "second_chargeback": ("second_chargeback", "(none)"),
        "pre_arbitration": ("prearbitration_open", "(none)"),
        "won": ("issuer_response_timeframe_expired", "(none)"),
        "lost": ("prearbitration_lost", "(none)"),
        "accepted": ("chargeback", "accepted"),
        "expired": ("dispute_defense_period_ended", "expired"),
    },
}
ANSWERED = {"representment", "arbitration", "won", "lost", "accepted", "expired"}
OF_INQUIRY = {"warning_needs_response", "request_for_information", "inquiry", "prevented"}


def seed_rows(name: str) -> list[dict[str, str]]:
    """The rows of a seed, as text."""
    with (PROJECT_ROOT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Said:
    """One thing told: a stage in words, or money that moved."""

    at: datetime
    stage: str
    word: str
    is_stated: bool
    amount: int = 0
    fee: int = 0
    transaction: str | None = None
    respond_by: Any = None
    respond_until: datetime | None = None
    has_evidence: bool = False
    currency: str = "EUR"


@dataclass
class Case:
    """One dispute as it is meant."""

    name: str
    source: str
    payment: str
    network: str
    sale: int | None
    said: list[Said] = field(default_factory=list)


@dataclass
class ChargebackWorld:
    """The cases, and the rows of every table that tells of them."""

    cases: list[Case]
    tables: dict[str, list[Row]]


def world(seed: int, count: int = 120) -> ChargebackWorld:
    """So many disputes of four kinds of source."""
    chance = random.Random(seed)
    made = ChargebackWorld([], {})
    for number in range(count):
        source = ("stripe", "adyen", "disputes", "generic")[number % 4]
        case = _case(chance, source, number)
        made.cases.append(case)
        write(chance, case, made.tables)
    for rows in made.tables.values():
        chance.shuffle(rows)
    return made


def _case(chance: random.Random, source: str, number: int) -> Case:
    networks = ["(none)"] if source == "generic" else ["visa", "mastercard", "amex", "jcb"]
    network = chance.choice(networks)
    sale = chance.choice([None, 1000, 1000, 2500])
    case = Case(f"D{number}", source, f"P{number}", network, sale)
    at = START + timedelta(days=chance.randrange(40), minutes=number)
    is_legal, stage, out = chance.random() < 0.5, "(start)", False
    for step in range(chance.randrange(1, 6)):
        at += timedelta(days=chance.randrange(1, 6), minutes=chance.randrange(1, 50))
        stage = _next(chance, source, stage, is_legal)
        if source != "generic":
            word = WORDS.get(source, {}).get(stage, (stage, ""))[0]
            due = (at + timedelta(days=9)).date() if chance.random() < 0.3 else None
            # the midnight that ends the last day, five hours west of Greenwich
            until = due and datetime.combine(due, datetime.min.time()) + timedelta(hours=29)
            is_sent = source != "adyen" and chance.random() < 0.1
            told = {"respond_by": due, "has_evidence": is_sent}
            told["respond_until"] = until if source == "stripe" else None
            case.said.append(Said(at, stage, word, True, **told))
        if source == "generic" or chance.random() < 0.5:
            is_out = not out if chance.random() < 0.8 else out
            case.said.append(_money(chance, case, at + timedelta(minutes=7), step, is_out))
            out = is_out
    return case


def _next(chance: random.Random, source: str, stage: str, is_legal: bool) -> str:
    known = set(WORDS.get(source, {})) or {row["stage"] for row in seed_rows("chargeback_stages")}
    steps = [r for r in seed_rows("chargeback_transitions") if r["from_stage"] == stage]
    allowed = [r["to_stage"] for r in steps if r["is_legal"] == "true" and r["to_stage"] in known]
    if is_legal:
        return chance.choice(sorted(allowed) or [stage])
    return chance.choice(sorted(known))


def _money(chance: random.Random, case: Case, at: datetime, step: int, is_out: bool) -> Said:
    amount = chance.choice([400, 1000, 1000, 1000]) * (-1 if is_out else 1)
    stage = "chargeback" if is_out else "won"
    word = "chargeback" if is_out else "chargeback_reversal"
    if case.source == "adyen":
        stage = "chargeback" if is_out else "representment"
        word = "chargeback" if is_out else "chargebackreversed"
    if case.source == "stripe":
        word = "dispute" if is_out else "dispute_reversal"
    fee = 1500 if is_out and chance.random() < 0.5 else 0
    currency = "USD" if chance.random() < 0.05 else "EUR"
    return Said(at, stage, word, False, amount, fee, f"t_{case.name}_{step}", currency=currency)


def write(chance: random.Random, case: Case, tables: dict[str, list[Row]]) -> None:
    """The rows that tell of a case."""
    if case.sale is not None:
        sale = _transaction(case, f"s_{case.name}", "charge", case.sale, 0, START)
        tables.setdefault("transactions", []).append(sale)
    for said in case.said:
        if said.is_stated:
            table, row = _stated(case, said)
            tables.setdefault(table, []).extend([row] * chance.choice([1, 1, 2]))
        else:
            _moved(case, said, tables)


def _origin(case: Case) -> Row:
    return {
        **{"tenant_id": TENANT, "source": case.source, "source_account": ACCOUNT},
        **{"_document_id": f"doc_{case.source}", "_source_file": "f", "_source_line": 2},
        "_received_at": RECEIVED,
    }


def _stated(case: Case, said: Said) -> tuple[str, Row]:
    words = WORDS.get(case.source, {}).get(said.stage, (said.stage, ""))
    row = {**_origin(case), "currency": "EUR"}
    if case.source == "stripe":
        ids = {"dispute_id": case.name, "charge_id": case.payment, "network": case.network}
        state = {"native_status": words[0], "has_evidence": said.has_evidence}
        state |= {"due_at": said.respond_until, "due_on": said.respond_by}
        times = {"created_at": said.at, "told_at": said.at, "amount_minor": 1000}
        return "stg_stripe__api_disputes", {**row, **ids, **state, **times}
    if case.source == "adyen":
        ids = {"psp_reference": case.name, "original_reference": case.payment}
        state = {"native_event": words[0], "dispute_status": words[1], "is_success": True}
        due = said.respond_by and said.respond_by.isoformat()
        times = {"event_at": said.at, "amount_minor": 1000, "defense_period_ends_at": due}
        network = {"payment_method": case.network}
        return "stg_adyen__notifications", {**row, **ids, **state, **times, **network}
    # a portal writes the reference in its own way
    ids = {"dispute_id": case.name, "reference": case.payment.lower(), "processor": "acme"}
    state = {"native_event": said.stage, "network": case.network}
    state["is_answered"] = said.has_evidence
    times = {"told_at": said.at, "disputed_minor": 1000, "respond_by": said.respond_by}
    return "stg_disputes__events", {**row, **ids, **state, **times}


def _moved(case: Case, said: Said, tables: dict[str, list[Row]]) -> None:
    assert said.transaction
    kind = "chargeback" if said.amount < 0 else "chargeback_reversal"
    row = _transaction(case, said.transaction, kind, said.amount, said.fee, said.at)
    row |= {"native_type": said.word, "currency": said.currency}
    if case.source == "adyen":  # a later step has a reference of its own
        own = case.name if said.amount < 0 else f"{case.name}_{said.transaction}"
        row["native_id"] = f"{case.payment}/{own}/{said.transaction}"
        line = {"psp_reference": case.payment, "modification_reference": own}
        line |= {"batch_number": said.transaction, "payment_method": case.network}
        line |= {"native_type": said.word, "tenant_id": TENANT, "source": "adyen"}
        tables.setdefault("stg_adyen__settlement_details", []).append(line)
    if case.source == "stripe":
        row["processor_reference"] = case.name
        line = {"balance_transaction_id": row["native_id"], "charge_id": case.payment}
        line |= {"native_type": said.word, "card_brand": case.network}
        line |= {"tenant_id": TENANT, "source": "stripe"}
        tables.setdefault("stg_stripe__balance_changes", []).append(line)
    tables.setdefault("transactions", []).append(row)


def _transaction(case: Case, name: str, kind: str, amount: int, fee: int, at: datetime) -> Row:
    is_house = case.source in ("disputes", "generic")
    return {
        **{"transaction_id": name, "tenant_id": TENANT, "side": "processor", "native_id": name},
        **{"source": "generic" if is_house else case.source, "source_account": ACCOUNT},
        **{"processor": "acme" if is_house else case.source, "event_type": kind},
        **{"native_type": kind, "status": "settled", "has_conflict": False, "currency": "EUR"},
        **{"amount_minor": amount, "fee_minor": fee, "net_minor": amount - fee},
        **{"occurred_at": at, "business_date": at.date(), "reference": case.payment},
        "processor_reference": case.payment if kind == "charge" else name,
    }
