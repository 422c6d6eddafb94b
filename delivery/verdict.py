"""What a reader must know in ten seconds: does it tie, what needs a person, the few large figures.

In: Contents. Out: plain dictionaries for the page and the executive summary.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from delivery.contents import Contents
from delivery.money import percent, readable
from delivery.totals import overall


def verdict(contents: Contents) -> dict[str, Any]:
    """Level (good, warn, bad), a headline, a sentence, and what needs a person, worst first."""
    todo = _todo(contents)
    if not contents.facts.succeeded:
        headline = "This run failed"
        sentence = (
            "Nothing was published. What is shown below may be of an earlier build or incomplete."
        )
        return {"level": "bad", "headline": headline, "sentence": sentence, "todo": todo}
    if not contents["controls"]:
        sentence = "No control has run, so no figure here is proven."
        return {"level": "bad", "headline": "Not proven", "sentence": sentence, "todo": todo}
    if contents.failed_controls():
        sentence = "A control does not hold, so no figure here is proven."
        headline = "This does not tie out"
        return {"level": "bad", "headline": headline, "sentence": sentence, "todo": todo}
    proven = f"All {len(contents['controls'])} control comparisons hold"
    if contents["incomplete_days"]:
        headline = f"It ties out, but {_incomplete(contents)}"
        sentence = f"{proven} on what has come. What the missing files hold is in no figure here."
        return {"level": "warn", "headline": headline, "sentence": sentence, "todo": todo}
    if todo:
        headline = "It ties out, and there is something to do"
        sentence = f"{proven}: every transaction is matched, in transit, or named below."
        return {"level": "warn", "headline": headline, "sentence": sentence, "todo": todo}
    sentence = f"{proven}, and no break is open."
    return {"level": "good", "headline": "It ties out", "sentence": sentence, "todo": []}


def _todo(contents: Contents) -> list[dict[str, str]]:
    return [*_todo_run(contents), *_todo_files(contents), *_todo_breaks(contents)]


def _todo_run(contents: Contents) -> Iterator[dict[str, str]]:
    if contents.facts.error:
        yield {"anchor": "failures", "text": "The build stopped; see what dbt says"}
    if count := len(contents.facts.failures):
        text = f"{count} models or tests failed" if count > 1 else "1 model or test failed"
        yield {"anchor": "failures", "text": text}
    if count := len(contents.failed_controls()):
        text = f"{_many(count, 'control comparison')} without agreement"
        yield {"anchor": "controls", "text": text}


def _todo_files(contents: Contents) -> Iterator[dict[str, str]]:
    if rows := contents["incomplete_days"]:
        names = [f"{row['source']} {row['expected_name']} ({row['state']})" for row in rows]
        text = f"{_incomplete(contents)}: {_some(names)}"
        yield {"anchor": "incomplete", "text": text}
    if count := sum(int(row["missing_count"]) for row in contents["file_gaps"]):
        text = f"{_many(count, 'numbered file')} nobody sent"
        yield {"anchor": "incomplete", "text": text}
    troubled = contents.troubled_files()
    for state in ("rejected", "held"):
        if refused := [row["name"] for row in troubled if row["state"] == state]:
            text = f"{_many(len(refused), 'file')} {state}: {', '.join(refused[:3])}"
            yield {"anchor": "files", "text": text}
    if lines := sum(int(row["quarantined"] or 0) for row in troubled if row["state"] == "landed"):
        yield {"anchor": "files", "text": f"{_many(lines, 'line')} quarantined"}


def _todo_breaks(contents: Contents) -> Iterator[dict[str, str]]:
    names = {row["kind"]: row["name"] for row in contents["kinds"]}
    grave = 0
    for severity in ("critical", "high"):
        rows = [
            row
            for row in contents["breaks_by_kind"]
            if row["severity"] == severity and not row["is_accepted"]
        ]
        if count := sum(int(row["breaks"]) for row in rows):
            grave += count
            said = ", ".join(sorted({names.get(row["kind"], row["kind"]) for row in rows}))
            yield {"anchor": "breaks", "text": f"{_many(count, severity + ' break')}: {said}"}
    if rest := contents.open_breaks() - grave:
        yield {"anchor": "breaks", "text": _many(rest, "other break" if grave else "break")}


def figures(contents: Contents) -> list[dict[str, str]]:
    """The few large figures at the top."""
    found = [_coverage_figure(contents, row) for row in contents["reconciliations"]]
    found += [_risk_figure(contents), _breaks_figure(contents), _controls_figure(contents)]
    for row in contents["rewards"]:
        amount = readable(row["open_lots"], contents.exponents.get(row["currency"], 4))
        note = f"owed to {_many(int(row['customers']), 'customer')}"
        found.append(_figure("Rewards liability", f"{row['currency']} {amount}", note))
    return found


def at_risk(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The amount at risk in each currency, the largest number first, never added across."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["amount_at_risk"]:
            sums[row["currency"]] += row["amount_at_risk"]
    ordered = sorted(sums, key=lambda currency: (-sums[currency], currency))
    return [{"currency": currency, "amount": sums[currency]} for currency in ordered]


def _risk_figure(contents: Contents) -> dict[str, str]:
    still_open = [row for row in contents["breaks_by_kind"] if not row["is_accepted"]]
    said = [
        f"{row['currency']} {readable(row['amount'], contents.exponents.get(row['currency'], 4))}"
        for row in at_risk(still_open)
    ]
    if not said:
        return _figure("At risk", "nothing", "no break is open", "good")
    others = f"and {', '.join(said[1:4])}" if said[1:] else "in open breaks"
    return _figure("At risk", said[0], others, "bad")


def _breaks_figure(contents: Contents) -> dict[str, str]:
    count = contents.open_breaks()
    share, level, _ = overall(contents)
    note = f"{share * 100:.2f} % of transactions, risk level {level}"
    return _figure("Open breaks", str(count), note, "bad" if count else "good")


def _controls_figure(contents: Contents) -> dict[str, str]:
    checks, failed = len(contents["controls"]), len(contents.failed_controls())
    level = "bad" if failed or not checks else "good"
    return _figure("Controls", f"{checks - failed} of {checks}", "comparisons hold", level)


def _figure(label: str, value: str, note: str, level: str = "") -> dict[str, str]:
    return {"label": label, "value": value, "note": note, "level": level}


def _coverage_figure(contents: Contents, words: dict[str, Any]) -> dict[str, str]:
    name = words["reconciliation"]
    matched = [row for row in contents["matched"] if row["reconciliation"] == name]
    counts = {"matched": 0, "proposed": 0}
    for row in matched:
        counts[row["status"]] += int(row["left_count"] + row["right_count"])
    done, proposed = counts["matched"], counts["proposed"]
    rows = [row for row in contents["open"] if row["reconciliation"] == name]
    waiting = sum(int(row["items"]) for row in rows)
    transit = sum(int(row["items"]) for row in rows if row["state"] == "expected")
    whole = done + proposed + waiting
    also = f", {proposed} proposed" if proposed else ""
    return _figure(
        words["name"][:1].upper() + words["name"][1:],
        f"{percent(done, whole)} %",
        f"{done} of {whole} transactions matched{also}, {transit} in transit",
    )


def _incomplete(contents: Contents) -> str:
    days = len({row["business_date"] for row in contents["incomplete_days"]})
    return "1 day is incomplete" if days == 1 else f"{days} days are incomplete"


def _some(names: list[str]) -> str:
    rest = f" and {len(names) - 3} more" if names[3:] else ""
    return ", ".join(names[:3]) + rest


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
