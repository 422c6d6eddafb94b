"""What unfolds under a listed break: the candidates and why not, the gates; bounded, and text only.

Controls: a break without evidence unfolds nothing, and a gate that failed is told as failed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from delivery.evidence import candidate, gates
from delivery.report import write_reports
from tests.python.delivery.conftest import facts
from tests.python.delivery.test_page import HOSTILE, active_parts, parsed

LISTED = "intermediate.int_matching__evidence_listed"
MATCH: dict[str, Any] = {
    "verdict": "matched",
    "key_column": "reference",
    "key_text": "KW-1",
    "key_passed": True,
    "currency": "EUR",
    "left_amount": Decimal("10.0000"),
    "right_amount": Decimal("10.0300"),
    "difference": Decimal("0.0300"),
    "tolerance": Decimal("0.0500"),
    "tolerance_minor": 5,
    "tolerance_base": "smaller",
    "amount_passed": True,
    "days_apart": 3,
    "days_before": 0,
    "days_after": 5,
    "calendar": "every_day",
    "days_passed": True,
    "score": None,
    "similarity": None,
    "similarity_min": None,
    "margin": None,
    "confidence": 90,
    "confirms_from": 90,
    "why": "equal amounts",
}


def page(settings: Settings) -> str:
    folder = write_reports(settings, facts()).folder
    return (folder / "report.html").read_text(encoding="utf-8")


def unfolding(text: str) -> dict[str, str]:
    """The text of each part that unfolds, by its anchor."""
    found = parsed(text).xpath("//details[starts-with(@id, 'why-')]")
    return {part.get("id"): part.text_content() for part in found}


def test_every_listed_break_with_evidence_unfolds_it(month: Settings) -> None:
    with open_warehouse(month, read_only=True) as warehouse:
        rows = warehouse.rows(
            "select breaks.discrepancy_id, breaks.kind, min(evidence.why) as why,"
            " count(evidence.why) as n from marts.discrepancies as breaks"
            " left join marts.match_evidence as evidence"
            " on evidence.match_id = breaks.match_id and evidence.verdict = 'matched'"
            " or breaks.match_id is null and evidence.verdict in ('candidate', 'tried')"
            " and evidence.transaction_id = breaks.transaction_id"
            " and evidence.reconciliation = breaks.reconciliation group by 1, 2"
        )
    parts = unfolding(page(month))
    assert parts.keys() == {f"why-{row['discrepancy_id']}" for row in rows if row["n"]}
    assert {row["n"] for row in rows} > {0, 1}
    for row in rows:
        if row["n"]:
            assert row["why"] in parts[f"why-{row['discrepancy_id']}"]
    told = " ".join(parts.values())
    assert "amount differs by 0.50 EUR, tolerance 0.00 EUR" in told
    assert "currency differs: USD against EUR" in told
    assert "tolerance any: a difference is a break" in told


def test_hostile_evidence_stays_text(month: Settings) -> None:
    with open_warehouse(month) as warehouse:
        warehouse.execute(f"update {LISTED} set why = $1, rule_name = $1", [HOSTILE])
        warehouse.execute(
            "update intermediate.int_matching__explained set basis = $1, key_text = $1", [HOSTILE]
        )
        warehouse.execute(
            "update marts.transactions set native_id = $1, reference = $1, source = $1", [HOSTILE]
        )
    text = page(month)
    assert active_parts(text) == []
    assert "<script" not in text.lower()
    assert sum("alert(" in part for part in unfolding(text).values()) > 5


def test_a_report_is_written_where_evidence_was_not_built(month: Settings) -> None:
    with open_warehouse(month) as warehouse:
        warehouse.execute("drop view marts.match_evidence")
    text = page(month)
    assert unfolding(text) == {}
    assert "marts.match_evidence" in text


def test_gates_are_told_with_their_numbers() -> None:
    assert dict(gates(MATCH, 2)) == {
        "key": "passed: reference KW-1 on both sides",
        "amount": "passed: 10.00 against 10.03 EUR, difference 0.03; tolerance 0.05 (smaller)",
        "days": "passed: 3 apart, window 0..+5",
        "chosen": "equal amounts",
        "confidence": "90, stands by itself from 90",
    }


def test_a_failed_gate_a_score_and_a_proposal_say_so() -> None:
    near = {
        **MATCH,
        "verdict": "proposed",
        "score": 70,
        "score_min": 60,
        "score_passed": True,
        "similarity": 55,
        "similarity_min": 40,
        "margin": 8,
        "margin_min": 10,
        "margin_passed": False,
        "days_before": None,
        "calendar": "weekdays",
        "confidence": 70,
        "confirms_from": 85,
    }
    told = dict(gates(near, 2))
    assert told["key"] == "reference KW-1: alike 55 of 100, at least 40"
    assert told["score"] == "passed: 70 of 100, at least 60"
    assert told["margin"] == "FAILED: ahead of the next best of either side by 8, at least 10"
    assert told["days"] == "passed: 3 apart, window any..+5 of weekdays"
    assert told["confidence"] == "70 below 85: proposed only, a person decides"


def test_a_candidate_is_named_in_its_own_currency() -> None:
    row = {
        "verdict": "candidate",
        "candidate_source": "stripe",
        "candidate_native_id": "txn_1",
        "candidate_amount": Decimal("84.0000"),
        "candidate_money": "JPY",
        "candidate_date": "2026-10-14",
        "why": "currency differs: USD against JPY",
    }
    named = ("stripe txn_1, 84 JPY, 2026-10-14", "currency differs: USD against JPY")
    assert candidate(row, 0) == named
