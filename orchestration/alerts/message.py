"""Trouble in words: subject, plain text and HTML, with everything escaped and no secret in it.

In: Trouble. Out: a Message for the outbox. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from dbt_project.settings_alerts import Tier
from orchestration.alerts.outbox import Message
from orchestration.alerts.trouble import Finding, Trouble, scrubbed
from orchestration.alerts.vital import Vital
from orchestration.gaps import Gap

MAXIMUM_SQL = 4000
MAXIMUM_ERROR = 4000


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def worded(trouble: Trouble) -> Message:
    """The alert of a trouble. The same trouble always gives the same words."""
    words = {
        "trouble": trouble,
        "subject": subject_of(trouble),
        "error": _cut(scrubbed(trouble.error), MAXIMUM_ERROR),
        "findings": [_shown(finding) for finding in trouble.findings],
    }
    return Message(
        key=trouble.key,
        severity=trouble.severity,
        subject=subject_of(trouble),
        plain=_template("alert.txt.j2").render(words),
        html=_template("alert.html.j2").render(words),
    )


def worded_gaps(tenant: str, run_id: str, gaps: Sequence[Gap]) -> Message:
    """The alert of files that did not come, or came and are held."""
    subject = _gap_subject(tenant, gaps)
    words = {"subject": subject, "run_id": run_id, "gaps": gaps}
    return Message(
        key=f"gaps:{tenant}:{run_id}",
        severity="warn",
        subject=subject,
        plain=scrubbed(_template("gaps.txt.j2").render(words)),
        html=scrubbed(_template("gaps.html.j2").render(words)),
    )


def worded_vitals(tenant: str, run_id: str, severity: Tier, vitals: Sequence[Vital]) -> Message:
    """The alert of a run's figures that are beyond their thresholds."""
    what = vitals[0].what if len(vitals) == 1 else f"{len(vitals)} figures of the run to look at"
    subject = " ".join(scrubbed(f"[Tieout {severity}] {tenant}: {what}").split())
    colour = "#a01818" if severity == "error" else "#8a5a00"
    words = {"subject": subject, "run_id": run_id, "vitals": vitals, "colour": colour}
    return _message(f"vitals:{severity}:{tenant}:{run_id}", severity, "vitals", words)


def worded_success(
    tenant: str, run_id: str, title: str, facts: Sequence[tuple[str, str]]
) -> Message:
    """The word that all is well, for a board that shows it."""
    subject = " ".join(scrubbed(f"[Tieout info] {tenant}: {title}: succeeded").split())
    words = {"subject": subject, "run_id": run_id, "facts": facts}
    return _message(f"run:{tenant}:{run_id}", "info", "success", words)


def _message(key: str, severity: Tier, template: str, words: Mapping[str, object]) -> Message:
    return Message(
        key=key,
        severity=severity,
        subject=str(words["subject"]),
        plain=scrubbed(_template(f"{template}.txt.j2").render(words)),
        html=scrubbed(_template(f"{template}.html.j2").render(words)),
    )


def _gap_subject(tenant: str, gaps: Sequence[Gap]) -> str:
    days = sorted({gap.day for gap in gaps if gap.day})
    what = f"{len(gaps)} files are missing or held"
    if len(gaps) == 1:
        what = f"{gaps[0].source} {gaps[0].what} is {gaps[0].state}"
    if days:
        said = f"{days[0]} is" if len(days) == 1 else f"{len(days)} days are"
        what += f", {said} incomplete"
    return " ".join(scrubbed(f"[Tieout warn] {tenant}: {what}").split())


def subject_of(trouble: Trouble) -> str:
    """One line: how bad, whose, what."""
    tests = [finding.severity for finding in trouble.findings if finding.is_test]
    models = len(trouble.findings) - len(tests)
    counts = {
        "model{} failed": models,
        "test{} at error": tests.count("error"),
        "test{} at warn": tests.count("warn"),
    }
    parts = [f"{n} {what.format('s' * (n > 1))}" for what, n in counts.items() if n]
    what = ", ".join(parts) or "the run failed"
    line = f"[Tieout {trouble.severity}] {trouble.tenant}: {trouble.title}: {what}"
    return " ".join(scrubbed(line).split())


def _shown(finding: Finding) -> dict[str, object]:
    return {
        "name": finding.name,
        "kind": "test" if finding.is_test else "model",
        "severity": finding.severity,
        "rows": finding.rows,
        "message": _cut(scrubbed(finding.message), MAXIMUM_ERROR),
        "sql": _cut(scrubbed(finding.sql), MAXIMUM_SQL),
        "link": finding.link,
    }


def _cut(text: str, longest: int) -> str:
    text = text.strip()
    return text if len(text) <= longest else text[:longest] + "\n… (cut; the rest is at the link)"
