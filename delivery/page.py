"""The report as one HTML page: no script, nothing loaded from elsewhere, everything escaped.

In: Contents. Out: HTML text. What the page says stands in templates/report.html.j2; this module
only arranges rows for it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from delivery import ageing, books, chargebacks, payout_parts
from delivery.charts import PASSES, PROPOSED, STATES, charts, state_of
from delivery.contents import SEVERITIES, SHOWN, Contents
from delivery.evidence import parts
from delivery.money import readable
from delivery.proposals import proposals
from delivery.rewards import shown as rewards
from delivery.verdict import at_risk, figures, verdict

TEMPLATES = Path(__file__).parent / "templates"
INCOMPLETE = {"incomplete": "Incomplete days"}  # stands first, when there are any
SECTIONS = {
    "breaks": "Breaks",
    "ageing": "Ageing",
    "proposals": "Proposals",
    "coverage": "Matched and open",
    "payouts": "Payouts",
    "chargebacks": "Disputes",
    "rewards": "Rewards",
    "ledger": "Ledger",
    "controls": "Controls",
    "files": "Files",
}
_FILE_TAGS = {"landed": "good", "held": "warn", "rejected": "bad"}

Rows = list[dict[str, Any]]


def page(contents: Contents) -> str:
    """The whole page."""
    days = [row["business_date"] for row in contents["summary"] if row["total_count"]]
    gaps = {name: contents[name] for name in ("incomplete_days", "file_gaps")}
    sections = (INCOMPLETE if any(gaps.values()) else {}) | SECTIONS
    waiting = proposals(contents["proposals"])
    if not waiting:
        del sections["proposals"]
    css = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    return (
        _environment(contents.exponents)
        .get_template("report.html.j2")
        .render(
            css=Markup(css),  # noqa: S704 – our own file
            charts={name: Markup(svg) for name, svg in charts(contents).items()},  # noqa: S704
            **_run(contents),
            first_day=min(days, default=None),
            last_day=max(days, default=None),
            sections=sections.items(),
            verdict=verdict(contents),
            figures=figures(contents),
            kinds=kinds(contents),
            at_risk=at_risk(r for r in contents["breaks_by_kind"] if not r["is_accepted"]),
            coverage=coverage(contents),
            proposals=waiting,
            hidden_proposals=_proposed(contents["matched"]) - len(waiting),
            evidence=parts(contents, waiting),
            **_ledger(contents),
            **_proofs(contents),
            **gaps,
            **payout_parts.shown(contents["payouts"], SHOWN),
            **chargebacks.shown(contents["chargebacks"], contents["win_rates"], SHOWN),
            made_of=contents["payout_categories"],
            reserves=contents["reserves"],
            **_files(contents),
        )
    )


def _run(contents: Contents) -> dict[str, Any]:
    """Of which run the page is."""
    words = {name: getattr(contents, name) for name in ("tenant", "version", "facts", "absent")}
    return {**words, "moment": contents.facts.moment}


def kinds(contents: Contents) -> Rows:
    """One entry a kind of break, the severest first, with its largest breaks."""
    words = {row["kind"]: row for row in contents["kinds"]}
    groups: dict[str, Rows] = defaultdict(list)
    for row in contents["breaks_by_kind"]:
        groups[row["kind"]].append(row)
    found = []
    for kind, rows in groups.items():
        shown = [row for row in contents["breaks_shown"] if row["kind"] == kind]
        still_open = [row for row in rows if not row["is_accepted"]]
        count = sum(int(row["breaks"]) for row in rows)
        severity = min((row["severity"] for row in still_open or rows), key=SEVERITIES.index)
        found.append(
            {
                "kind": kind,
                "name": words.get(kind, {}).get("name", kind.replace("_", " ")),
                "what_to_do": words.get(kind, {}).get("what_to_do", ""),
                "severity": severity,
                "breaks": sum(int(row["breaks"]) for row in still_open),
                "accepted": count - sum(int(row["breaks"]) for row in still_open),
                "at_risk": at_risk(still_open),
                "rows": [_break(row, contents.exponents) for row in shown],
                "hidden": count - len(shown),
            }
        )
    return sorted(found, key=lambda row: (SEVERITIES.index(row["severity"]), row["name"]))


def _break(row: dict[str, Any], exponents: dict[str, int]) -> dict[str, Any]:
    places = exponents.get(row["currency"], 4)
    text = {
        f"{side}_text": readable(row[side], places) if row[side] is not None else ""
        for side in ("expected", "found")
    }
    label = row["reference"] or row.get("native_id") or row["transaction_id"] or ""
    native_id = row.get("native_id") or row["transaction_id"]
    return {**row, **text, "label": label, "second": native_id if native_id != label else ""}


def coverage(contents: Contents) -> Rows:
    """One entry a reconciliation: counts and amounts by currency and state, both sides."""
    found = []
    for words in contents["reconciliations"]:
        name = words["reconciliation"]
        matched = [row for row in contents["matched"] if row["reconciliation"] == name]
        still_open = [row for row in contents["open"] if row["reconciliation"] == name]
        cells: dict[tuple[str, str], dict[str, Any]] = defaultdict(
            lambda: dict.fromkeys(
                ("left_count", "left_amount", "right_count", "right_amount"), Decimal(0)
            )
        )
        for row in matched:
            cell = cells[row["currency"], state_of(row)]
            for field in cell:
                cell[field] += row[field]
        for row in still_open:
            cell = cells[row["currency"], STATES.get(row["state"], row["state"])]
            cell[f"{row['role']}_count"] += row["items"]
            cell[f"{row['role']}_amount"] += row["amount"]
        rows = [{"currency": key[0], "state": key[1], **cell} for key, cell in cells.items()]
        order = [*PASSES.values(), PROPOSED, "in transit", "missing", "ambiguous", "excluded"]
        rows.sort(key=lambda row: (row["currency"], order.index(row["state"])))
        spans = Counter(row["currency"] for row in rows)
        for row in rows:
            row["span"] = spans.pop(row["currency"], 0)
        proposed = _proposed(matched)
        pairs = sum(int(row["matches"]) for row in matched) - proposed
        waiting = sum(int(row["items"]) for row in still_open)
        sentence = f"{pairs} matches, {waiting} transactions open"
        if proposed:
            sentence += f", {proposed} matches proposed"
        found.append({**words, "rows": rows, "sentence": sentence})
    return [entry for entry in found if entry["rows"]]


def _proofs(contents: Contents) -> dict[str, Any]:
    """What is shown as it was read, and the controls."""
    return {
        "controls": controls(contents["controls"]),
        "failed_controls": contents.failed_controls()[:SHOWN],
        "quarantine": contents["quarantine"],
        **rewards.shown(contents),
        **ageing.shown(contents["rolled"], contents["fees"]),
    }


def _ledger(contents: Contents) -> dict[str, Any]:
    """The accounts, what they hold, and the rates that are missing."""
    return books.shown(contents["balances"], contents["held"], contents["missing_rates"], SHOWN)


def _proposed(matched: Rows) -> int:
    """How many matches wait for a person."""
    return sum(int(row["matches"]) for row in matched if row["status"] == "proposed")


def controls(results: Rows) -> Rows:
    """One entry a control, the failed first."""
    found: dict[str, dict[str, Any]] = {}
    for row in results:
        entry = found.setdefault(
            row["control"],
            {"control": row["control"], "states": row["statement"], "checks": 0, "failed": 0},
        )
        entry["checks"] += 1
        entry["failed"] += not row["passed"]
    return sorted(found.values(), key=lambda row: (row["failed"] == 0, row["control"]))


def _files(contents: Contents) -> dict[str, Any]:
    """Files that need a person, and the latest of the others."""
    troubled = contents.troubled_files()
    others = [row for row in contents["files"] if row not in troubled]
    shown = troubled + others[-SHOWN:]
    tagged = [{**row, "tag": _FILE_TAGS.get(row["state"], "idle")} for row in shown]
    return {"files": tagged, "hidden_files": len(others[:-SHOWN])}


def _environment(exponents: dict[str, int]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["money"] = lambda amount, currency: readable(
        amount, exponents.get(currency, 4)
    )
    environment.filters["plain"] = lambda amount: f"{amount.normalize():,f}" if amount else "0"
    environment.filters["day"] = lambda value: f"{value.day} {value:%b %Y}" if value else ""
    environment.filters["month"] = lambda value: f"{value:%B %Y}"
    environment.filters["moment"] = _moment
    environment.filters["capfirst"] = lambda text: text[:1].upper() + text[1:]
    return environment


def _moment(value: datetime) -> str:
    return f"{value.day} {value:%b %Y, %H:%M}"
