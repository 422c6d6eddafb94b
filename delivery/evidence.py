"""Why a match stands and why a candidate does not, in lines that terminal and page both show.

In: rows of marts.match_evidence (EVIDENCE gives them with the candidate's own words). Out: a gate
and what was measured against what was allowed; a candidate and why it failed; and for the page a
Part for each break and proposal that it lists, and for no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from delivery.money import readable

Row = Mapping[str, Any]
Line = tuple[str, str]

NEEDS = ("marts.match_evidence", "marts.transactions")
EVIDENCE = (
    "select evidence.*, moves.source as candidate_source, moves.native_id as candidate_native_id,"
    " moves.amount as candidate_amount, moves.currency as candidate_money,"
    " moves.business_date as candidate_date, moves.reference as candidate_reference"
    " from marts.match_evidence as evidence"
    " left join marts.transactions as moves"
    " on evidence.candidate_transaction_id = moves.transaction_id"
)
ORDER = " order by evidence.reconciliation, evidence.verdict, evidence.place, evidence.rule_id"
# Of the breaks and proposals that the page lists: `breaks` and `matches` are queries of theirs.
SHOWN_BREAKS = (
    "select reconciliation, transaction_id, match_id from (select discrepancies.*, row_number()"
    " over (partition by kind order by is_accepted, amount_at_risk_minor desc, discrepancy_id)"
    " as place from marts.discrepancies as discrepancies) as ranked where place <= {shown}"
)
NOTHING = "no row of the other side shares a key, or the amount and a near day, with it"


def gates(row: Row, places: int) -> list[Line]:
    """Each gate of a match's rule: what was measured, what was allowed."""
    lines = [
        ("key", _key(row)),
        ("amount", _marked(row["amount_passed"], _amount(row, places))),
        ("days", _marked(row["days_passed"], _days(row))),
    ]
    if row["score"] is not None:
        lines.append(("score", _marked(row["score_passed"], _score(row))))
    if row["margin"] is not None:
        least = f", at least {row['margin_min']}" if row["margin_min"] is not None else ""
        ahead = f"ahead of the next best of either side by {row['margin']}{least}"
        lines.append(("margin", _marked(row["margin_passed"], ahead)))
    lines.append(("chosen", str(row["why"])))
    lines.append(("confidence", _confidence(row)))
    return [line for line in lines if line[1]]


def candidate(row: Row, places: int) -> Line:
    """Who it is, and why it is not the counterpart."""
    if row["verdict"] == "tried":
        return f"{row['rule_name']} (pass {row['pass']})", str(row["why"])
    amount = f"{readable(row['candidate_amount'], places)} {row['candidate_money']}"
    named = f"{row['candidate_source']} {row['candidate_native_id']}"
    return f"{named}, {amount}, {row['candidate_date']}", str(row["why"])


def _marked(passed: bool | None, words: str) -> str:
    return words if passed is None else f"{'passed' if passed else 'FAILED'}: {words}"


def _key(row: Row) -> str:
    if row["key_column"] is None:
        return ""
    if row["score"] is None:
        return _marked(row["key_passed"], f"{row['key_column']} {row['key_text']} on both sides")
    alike = (
        "one side says none" if row["similarity"] is None else f"alike {row['similarity']} of 100"
    )
    least = f", at least {row['similarity_min']}" if row["similarity_min"] is not None else ""
    return f"{row['key_column']} {row['key_text']}: {alike}{least}"


def _amount(row: Row, places: int) -> str:
    left, right, apart = (
        readable(row[name], places) for name in ("left_amount", "right_amount", "difference")
    )
    allowed = "any: a difference is a break"
    if row["tolerance"] is not None:
        allowed = readable(row["tolerance"], places)
        allowed += f" ({row['tolerance_base']})" if row["tolerance_minor"] else ""
    return f"{left} against {right} {row['currency']}, difference {apart}; tolerance {allowed}"


def _days(row: Row) -> str:
    if row["days_before"] is None and row["days_after"] is None:
        return f"{row['days_apart']} apart; any distance is taken"
    before = "any" if row["days_before"] is None else f"{-row['days_before']}"
    after = "any" if row["days_after"] is None else f"+{row['days_after']}"
    calendar = "" if row["calendar"] == "every_day" else f" of {row['calendar']}"
    return f"{row['days_apart']} apart, window {before}..{after}{calendar}"


def _score(row: Row) -> str:
    return f"{row['score']} of 100, at least {row['score_min']}"


def _confidence(row: Row) -> str:
    asked = row["confirms_from"]
    if row["verdict"] == "proposed":
        return f"{row['confidence']} below {asked}: proposed only, a person decides"
    return f"{row['confidence']}, stands by itself from {asked}"


@dataclass(frozen=True)
class Part:
    """What unfolds under a listed row: its gates, then candidates or beaten rivals."""

    title: str
    gates: tuple[Line, ...]
    listed: tuple[Row, ...]


def queries(shown: int, proposals: int) -> dict[str, tuple[tuple[str, ...], str]]:
    """Evidence of as many breaks a kind and proposals as the page shows."""
    breaks = SHOWN_BREAKS.format(shown=shown)
    waiting = (
        "select match_id from (select match_id, row_number() over (order by greatest("
        "abs(left_amount_minor), abs(right_amount_minor)) desc, match_id) as place"
        f" from marts.matches where status = 'proposed') as waiting where place <= {proposals}"
    )
    return {
        "evidence_of_items": (
            (*NEEDS, "marts.discrepancies"),
            f"{EVIDENCE} inner join (select distinct reconciliation, transaction_id from ({breaks})"
            " as shown) as items on evidence.reconciliation = items.reconciliation"
            " and evidence.transaction_id = items.transaction_id"
            f" where evidence.verdict in ('candidate', 'tried'){ORDER}",
        ),
        "evidence_of_matches": (
            (*NEEDS, "marts.discrepancies", "marts.matches"),
            f"{EVIDENCE} inner join (select match_id from ({breaks}) as shown"
            f" where match_id is not null union {waiting}) as listed"
            " on evidence.match_id = listed.match_id"
            f" where evidence.verdict in ('matched', 'proposed', 'beaten'){ORDER}",
        ),
    }


class Tables(Protocol):
    """Rows by query name."""

    def __getitem__(self, name: str) -> Sequence[Row]: ...


def parts(tables: Tables, proposals: Iterable[Row]) -> dict[str, Part]:
    """By break and by proposed match: its Part; nothing for what has no evidence."""
    exponents = {row["currency"]: int(row["exponent"]) for row in tables["currencies"]}
    items: dict[tuple[str, str], list[Row]] = defaultdict(list)
    matches: dict[str, list[Row]] = defaultdict(list)
    for row in tables["evidence_of_items"]:
        items[row["reconciliation"], row["transaction_id"]].append(row)
    for row in tables["evidence_of_matches"]:
        matches[row["match_id"]].append(row)
    found = {row["match_id"]: _of_match(matches[row["match_id"]], exponents) for row in proposals}
    for row in tables["breaks_shown"]:
        if row["match_id"]:
            found[row["discrepancy_id"]] = _of_match(matches[row["match_id"]], exponents)
        else:
            place = row["reconciliation"], row["transaction_id"]
            found[row["discrepancy_id"]] = _of_item(items[place], exponents)
    return {name: part for name, part in found.items() if part is not None}


def _of_match(rows: list[Row], exponents: Mapping[str, int]) -> Part | None:
    own = [row for row in rows if row["verdict"] != "beaten"]
    if not own:
        return None
    beaten = [row for row in rows if row["verdict"] == "beaten"]
    rivals = f", and {len(beaten)} {'rival' if len(beaten) == 1 else 'rivals'} it beat"
    title = f"Why these were matched{rivals if beaten else ''}"
    lines = gates(own[0], exponents.get(own[0]["currency"], 4))
    rule = f"{own[0]['rule_id']} version {own[0]['rule_version']}, pass {own[0]['pass']}"
    return Part(title, (("rule", f"{rule} ({own[0]['rule_name']})"), *lines), _named(beaten))


def _of_item(rows: list[Row], exponents: Mapping[str, int]) -> Part | None:
    if not rows:
        return None
    count = sum(row["verdict"] == "candidate" for row in rows)
    title = f"{count} {'candidate' if count == 1 else 'candidates'}, and why not"
    tried = [candidate(row, exponents.get(row["currency"], 4)) for row in rows]
    lines = [line for row, line in zip(rows, tried, strict=True) if row["verdict"] == "tried"]
    return Part(title, tuple(lines), _named(rows))


def _named(rows: list[Row]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row["candidate_transaction_id"])
