"""What to do next, in the order in which it should be done.

In: Contents. Out: sentences; each names what it speaks of and the way out.
"""

from __future__ import annotations

from delivery.contents import SEVERITIES, Contents


def recommendations(contents: Contents) -> list[str]:
    """The next steps, the most urgent first; empty when nothing is to be done."""
    facts = contents.facts
    steps = []
    if facts.error or facts.failures:
        names = ", ".join(failure.name for failure in facts.failures[:5]) or "the build"
        steps.append(f"Look at what failed before using any figure: {names}.")
    for row in contents.failed_controls()[:5]:
        steps.append(
            f"Control {row['control']} ({row['scope']}): expected {row['expected'].normalize():f},"
            f" found {row['found'].normalize():f}. {row['what_to_do']}"
        )
    for row in contents.troubled_files():
        if row["state"] == "landed":
            steps.append(
                f"{row['name']}: correct {row['quarantined']} quarantined line(s) and deliver the"
                " file again under its next revision."
            )
        else:
            steps.append(f"{row['name']} was {row['state']}: {row['message']}")
    words = {row["kind"]: row for row in contents["kinds"]}
    kinds = {
        (SEVERITIES.index(row["severity"]), row["kind"])
        for row in contents["breaks_by_kind"]
        if not row["is_accepted"]
    }
    for _, kind in sorted(kinds):
        name = words.get(kind, {}).get("name", kind)
        steps.append(f"{name[:1].upper()}{name[1:]}: {words.get(kind, {}).get('what_to_do', '')}")
    return list(dict.fromkeys(steps))
