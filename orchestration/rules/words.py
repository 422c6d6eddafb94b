"""A rule in words: what must agree, and how far the rest may differ.

In: a row of match_rules as text. Out: one line.
"""

from __future__ import annotations

from orchestration.rules.rows import Row


def criteria(row: Row) -> str:
    """Everything the rule asks."""
    if _pass(row) == 0:
        return "a person decided"
    parts = [
        *_keys(row),
        _amounts(row),
        _days(row),
        f"references at least {row['similarity_min']} % alike" if row["similarity_min"] else "",
        f"scored, ahead by {row['margin_min']}" if _pass(row) == 3 else "",
        f"at most {row['max_items']} parts" if row["max_items"] else "",
        _confidence(row),
    ]
    return "; ".join(part for part in parts if part)


def _pass(row: Row) -> int:
    return int(row["pass"])


def _keys(row: Row) -> list[str]:
    found = []
    for left, right in (
        ("left_key", "right_key"),
        ("left_second_key", "right_second_key"),
    ):
        if row[left]:
            same = row[left] == row[right]
            found.append(row[left] if same else f"{row[left]} = {row[right]}")
    verb = "likened" if _pass(row) == 3 else row["key_form"]
    return [f"{' and '.join(found)} ({verb})"] if found else []


def _amounts(row: Row) -> str:
    basis = "" if row["amount_basis"] == "gross" else f" ({row['amount_basis'].replace('_', ' ')})"
    if not row["amount_tolerance_minor"]:
        return f"any amount{basis}"
    share = int(row["amount_tolerance_bps"] or 0)
    if row["amount_tolerance_minor"] == "0" and not share:
        return f"equal amounts{basis}"
    wider = f" or {share / 100:g} % of the {row['tolerance_base']}" if share else ""
    return f"amounts within {row['amount_tolerance_minor']} minor units{wider}{basis}"


def _days(row: Row) -> str:
    before, after = row["days_before"], row["days_after"]
    if not before and not after:
        return ""
    unit = "days" if row["calendar"] == "every_day" else f"days of {row['calendar']}"
    return f"{before or 'any'} {unit} before to {after or 'any'} after"


def _confidence(row: Row) -> str:
    if _pass(row) == 3:
        return f"confirmed from {row['confirms_from']}, proposed from {row['proposes_from']}"
    if int(row["confidence"]) < int(row["confirms_from"]):
        return "proposed"
    return ""
