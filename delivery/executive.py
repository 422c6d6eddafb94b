"""The executive summary: one page of plain text, per currency, nothing mixed.

In: Contents. Out: text. What is in transit stands apart from what is missing, on both sides.
"""

from __future__ import annotations

from delivery.contents import Contents
from delivery.money import exact, percent
from delivery.payout_parts import reserve_lines
from delivery.recommendations import recommendations
from delivery.totals import Total, overall, totals
from delivery.verdict import verdict

WIDTH = 78


def executive_summary(contents: Contents) -> str:
    """The whole text."""
    said = verdict(contents)
    facts = contents.facts
    lines = [
        "Reconciliation executive summary",
        "=" * WIDTH,
        f"{contents.tenant}, as of {facts.moment:%Y-%m-%d %H:%M} UTC",
        f"{said['headline']}. {said['sentence']}",
        *_incomplete(contents),
        *_overview(contents),
        *_impact(contents),
        *_payouts(contents),
        *_next(contents),
        "",
        f"Run {facts.run_id}, Tieout {contents.version}. Details: report.html, breaks.csv.",
    ]
    return "\n".join(lines) + "\n"


def _title(text: str) -> list[str]:
    return ["", text, "-" * len(text)]


def _incomplete(contents: Contents) -> list[str]:
    """The days that lack a file, before any figure."""
    lines = [
        f"  {row['business_date']}  {row['source']} {row['expected_name']} is {row['state']},"
        f" due {row['due_at']:%Y-%m-%d %H:%M} UTC"
        for row in contents["incomplete_days"]
    ]
    lines += [
        f"  {row['source']} {row['sequence_scope']}: numbers {row['first_missing']} to"
        f" {row['last_missing']} were never sent"
        for row in contents["file_gaps"]
    ]
    return [*_title("INCOMPLETE DAYS"), *lines] if lines else []


def _overview(contents: Contents) -> list[str]:
    lines = _title("RECONCILIATION OVERVIEW")
    for words in contents["reconciliations"]:
        mine = [t for t in totals(contents) if t.reconciliation == words["reconciliation"]]
        if not mine:
            continue
        lines.append(f"{words['name'][:1].upper()}{words['name'][1:]}")
        for total in sorted(mine, key=lambda t: (t.currency, t.role, t.source)):
            lines.append(_side(total, contents))
    return lines if len(lines) > 3 else [*lines, "Nothing was compared."]


def _side(total: Total, contents: Contents) -> str:
    counts = total.counts
    places = contents.exponents.get(total.currency, 4)
    parts = [f"{counts['matched']} of {counts['total']} matched"]
    for state, word in (
        ("proposed", "proposed"),
        ("expected", "in transit"),
        ("missing", "missing"),
        ("ambiguous", "ambiguous"),
        ("excluded", "excluded"),
    ):
        if counts[state]:
            amount = exact(total.amounts[state], places)
            parts.append(f"{counts[state]} {word} ({total.currency} {amount})")
    return f"  {total.currency}  {total.source:<10} {'; '.join(parts)}"


def _impact(contents: Contents) -> list[str]:
    lines = _title("FINANCIAL IMPACT")
    at_risk: dict[str, list[str]] = {}
    for row in contents["breaks_by_kind"]:
        if not row["is_accepted"] and row["amount_at_risk"]:
            amount = exact(row["amount_at_risk"], contents.exponents.get(row["currency"], 4))
            name = {k["kind"]: k["name"] for k in contents["kinds"]}.get(row["kind"], row["kind"])
            at_risk.setdefault(row["currency"], []).append(
                f"  {row['currency']} {amount:>14}  {name} ({row['breaks']})"
            )
    for currency in sorted(at_risk):
        lines += sorted(at_risk[currency], key=lambda line: line.split("  ")[-1])
    _, level, status = overall(contents)
    found = totals(contents)
    bad = sum(total.counts["discrepant"] for total in found)
    whole = sum(total.counts["total"] for total in found)
    lines.append(f"Discrepancy rate: {percent(bad, whole)} % ({bad} of {whole} transactions)")
    lines.append(f"Risk level: {level}. Compliance: {status}.")
    return lines


def _payouts(contents: Contents) -> list[str]:
    if not contents["payouts"]:
        return []
    lines = _title("PAYOUTS")
    states: dict[tuple[str, str], list[str]] = {}
    for row in contents["payouts"]:
        states.setdefault((row["currency"], row["state"]), []).append(row["payout_id"])
    for (currency, state), names in sorted(states.items()):
        shown = f": {', '.join(names[:3])}" if state != "reached_bank" else ""
        lines.append(f"  {currency}  {len(names)} {state.replace('_', ' ')}{shown}")
    for row in contents["payouts"]:
        if row["is_explained"] is False:  # None: its processor never says what a payout is made of
            amount = exact(row["unexplained"], contents.exponents.get(row["currency"], 4))
            lines.append(f"  {row['payout_id']} is not explained by {row['currency']} {amount}")
    return lines + reserve_lines(contents["reserves"], contents.exponents)


def _next(contents: Contents) -> list[str]:
    steps = recommendations(contents)
    if not steps:
        return []
    return [*_title("NEXT STEPS"), *(f"{n}. {step}" for n, step in enumerate(steps, start=1))]
