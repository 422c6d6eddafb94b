"""The report as JSON for other programs: every amount a decimal string, never a float.

In: Contents. Out: a document; sums are per currency, never mixed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from delivery import books, chargebacks
from delivery.contents import LISTED, Contents
from delivery.exports import BREAK_COLUMNS
from delivery.money import exact
from delivery.proposals import proposals
from delivery.recommendations import recommendations
from delivery.totals import STATES, Total, overall, totals

MISSING = ("missing_internally", "missing_at_processor", "missing_at_bank")


def document(contents: Contents) -> dict[str, Any]:
    """The whole report."""
    breaks = [_break(row, contents.exponents) for row in contents["breaks"]]
    share, level, status = overall(contents)
    facts = contents.facts
    return {
        "report_metadata": {
            "product": "tieout",
            "version": contents.version,
            "tenant": contents.tenant,
            "run_id": facts.run_id,
            "as_of": _plain(facts.moment),
            "generated_at": _plain(facts.finished_at),
            "succeeded": facts.succeeded,
            "not_built": list(contents.absent),
            "breaks_listed": len(breaks),
            "breaks_are_complete": len(breaks) < LISTED,
        },
        "failures": [
            {"name": failure.name, "severity": failure.severity, "rows": failure.rows}
            for failure in facts.failures
        ],
        "incomplete_days": [_gap(row) for row in contents["incomplete_days"]],
        "file_gaps": [_numbers(row) for row in contents["file_gaps"]],
        "reconciliation_summary": [_summary(total, contents) for total in totals(contents)],
        "proposals": [
            _proposal(entry, contents.exponents) for entry in proposals(contents["proposals"])
        ],
        "missing_transactions": [row for row in breaks if row["kind"] in MISSING],
        "discrepancies": [row for row in breaks if row["kind"] not in MISSING],
        "financial_impact": {
            "discrepancy_rate": str(share),
            "risk_level": level,
            "compliance_status": status,
            "amount_at_risk": _by_currency(contents),
        },
        **_money_tables(contents),
        "controls": _controls(contents),
        "recommendations": recommendations(contents),
    }


def _gap(row: dict[str, Any]) -> dict[str, Any]:
    """A day's file that is missing or held."""
    names = "tenant_id source business_date expected_name due_at state document_id"
    return {name: _plain(row[name]) for name in names.split()}


def _numbers(row: dict[str, Any]) -> dict[str, Any]:
    """Numbers between two files that nobody sent."""
    return {name: _plain(value) for name, value in row.items() if name != "file_gap_id"}


def _controls(contents: Contents) -> dict[str, int]:
    return {
        "compared": len(contents["controls"]),
        "differing": len(contents.failed_controls()),
    }


def _summary(total: Total, contents: Contents) -> dict[str, Any]:
    places = contents.exponents.get(total.currency, 4)
    level, status = contents.risk_of(total.discrepancy_rate)
    return {
        "tenant_id": total.tenant_id,
        "reconciliation": total.reconciliation,
        "source": total.source,
        "role": total.role,
        "currency": total.currency,
        **{f"{state}_count": total.counts[state] for state in STATES},
        **{f"{state}_amount": exact(total.amounts[state], places) for state in STATES},
        "amount_at_risk": exact(total.amount_at_risk, places),
        "discrepancy_rate": str(total.discrepancy_rate),
        "risk_level": level,
        "compliance_status": status,
    }


def _break(row: dict[str, Any], exponents: dict[str, int]) -> dict[str, Any]:
    places = exponents.get(row["currency"], 4)
    return {name: _value(row[name], places) for name in BREAK_COLUMNS}


def _proposal(entry: dict[str, Any], exponents: dict[str, int]) -> dict[str, Any]:
    """A match that waits for a person; of a large group the first rows of each side."""
    places = exponents.get(entry["currency"], 4)
    names = (
        "match_id tenant_id reconciliation rule_id pass confidence currency left_amount"
        " right_amount difference left_count right_count days_apart explanation"
    )
    sides = {
        side: [
            {
                name: _value(row[name], places)
                for name in ("source", "native_id", "amount", "business_date")
            }
            for row in entry[side]
        ]
        for side in ("left", "right")
    }
    return {**{name: _value(entry[name], places) for name in names.split()}, **sides}


def _payout(row: dict[str, Any], exponents: dict[str, int]) -> dict[str, Any]:
    places = exponents.get(row["currency"], 4)
    names = (
        "payout_id tenant_id source currency amount explained unexplained explained_bps"
        " member_count paid_on expected_on bank_date bank_line_count arrived bank_difference"
        " state explained_by is_explained"
    )
    return {name: _value(row[name], places) for name in names.split()}


def _money_tables(contents: Contents) -> dict[str, Any]:
    places = contents.exponents
    return {
        "payouts": [_payout(row, places) for row in contents["payouts"]],
        "open_chargebacks": chargebacks.listed(contents["chargebacks"], places),
        **books.listed(contents["held"], contents["missing_rates"], places),
        "ageing_roll_forward": [_rolled(row, places) for row in contents["rolled"]],
        "fee_audit": [_rolled(row, places) for row in contents["fees"]],
    }


def _rolled(row: dict[str, Any], exponents: dict[str, int]) -> dict[str, Any]:
    """A line of the roll-forward or of the fee audit: counts as numbers, amounts as text."""
    places = exponents.get(row["currency"], 4)
    counts = {name: int(row[name]) for name in row if name.endswith("_count")}
    return {name: counts.get(name, _value(value, places)) for name, value in row.items()}


def _by_currency(contents: Contents) -> dict[str, str]:
    sums: dict[str, Decimal] = {}
    for row in contents["breaks_by_kind"]:
        if not row["is_accepted"]:
            at_risk = row["amount_at_risk"] or Decimal(0)
            sums[row["currency"]] = sums.get(row["currency"], Decimal(0)) + at_risk
    return {
        currency: exact(amount, contents.exponents.get(currency, 4))
        for currency, amount in sorted(sums.items())
    }


def _value(value: Any, places: int) -> Any:
    return exact(value, places) if isinstance(value, Decimal) else _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value
