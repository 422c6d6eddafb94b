"""Evidence at the door of matching: every gate of a match, and what an open item could have been.

In: an open warehouse and a transaction. Out: Doors after its matches and open places.
"""

from __future__ import annotations

from collections.abc import Iterator

from dbt_project.warehouse import Warehouse
from delivery.evidence import EVIDENCE, NOTHING, ORDER, candidate, gates
from orchestration.explain_doors import Door, Row, exponents
from orchestration.register import has_table
from orchestration.rules.rows import from_warehouse
from orchestration.rules.words import criteria

_OF_MATCH = (
    f"{EVIDENCE} where evidence.match_id = $1 and evidence.verdict in"
    f" ('matched', 'proposed', 'beaten'){ORDER}"
)
_OF_ITEM = (
    f"{EVIDENCE} where evidence.transaction_id = $1 and evidence.reconciliation = $2"
    f" and evidence.verdict in ('candidate', 'tried'){ORDER}"
)
_MATCHES = (
    "select match_id, reconciliation from marts.match_members where transaction_id = $1"
    " order by reconciliation, match_id"
)
_OPEN = (
    "select reconciliation, state from marts.open_items where transaction_id = $1"
    " order by reconciliation"
)
_WAITING = ("missing", "ambiguous", "expected")  # an excluded item waits for nobody


def evidence(warehouse: Warehouse, key: str) -> Iterator[Door]:
    """The gates of its matches with the rivals they beat; the candidates where it is open."""
    if not has_table(warehouse, "marts", "match_evidence"):
        return
    for match in warehouse.rows(_MATCHES, [key]):
        rows = warehouse.rows(_OF_MATCH, [match["match_id"]])
        yield from _gates(warehouse, [r for r in rows if r["verdict"] != "beaten"])
        beaten = [row for row in rows if row["verdict"] == "beaten"]
        if beaten:
            yield _listed(f"rivals it beat in {match['reconciliation']}", beaten)
    for item in warehouse.rows(_OPEN, [key]):
        rows = warehouse.rows(_OF_ITEM, [key, item["reconciliation"]])
        found = _listed(f"candidates in {item['reconciliation']}, and why not", rows)
        if rows:
            yield found
        elif item["state"] in _WAITING:
            yield Door(found.name, (("none", NOTHING),))


def _gates(warehouse: Warehouse, rows: list[Row]) -> Iterator[Door]:
    rules = from_warehouse(warehouse).versions() if rows else {}
    for row in rows:
        rule = rules.get((row["rule_id"], int(row["rule_version"])))
        facts = [("asks", criteria(rule))] if rule else []
        told = gates(row, exponents().get(row["currency"], 2))
        facts += [(gate, _plain(words)) for gate, words in told]
        name = f"rule {row['rule_id']} version {row['rule_version']}, pass {row['pass']}"
        yield Door(f"{name} ({row['rule_name']}): its gates", tuple(facts))


def _listed(name: str, rows: list[Row]) -> Door:
    lines = []
    for row in rows:
        places = exponents().get(row["candidate_money"] or row["currency"], 2)
        who, why = candidate(row, places)
        if row["verdict"] == "candidate":
            why += f" [{row['rule_id']}, pass {row['pass']}]"
        number = "tried" if row["verdict"] == "tried" else str(row["place"])
        lines.append((number, _plain(f"{who}: {why}")))
    return Door(name, tuple(lines))


def _plain(words: str) -> str:
    """A minus as it is on the keyboard, as in the other doors."""
    return words.replace("\u2212", "-")
