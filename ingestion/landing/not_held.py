"""Why a file cannot be released or rejected, and what to type instead.

In: an open warehouse, the id somebody typed, the register's row if there is one. Out: words.
"""

from __future__ import annotations

from typing import Any

from dbt_project.warehouse import Warehouse
from ingestion.landing.documents import BY_HAND


def unknown(warehouse: Warehouse, identity: str) -> str:
    """Nothing here has that id; a file's name is answered with its ids."""
    rows = warehouse.rows(
        "select document_id, state from ops.documents where name = $1"
        " order by received_at desc, document_id",
        [identity],
    )
    if rows:
        ids = ", ".join(f"{row['document_id']} ({row['state']})" for row in rows[:5])
        return f"{identity} is a file's name; say its id: {ids}"
    return f"{identity}: no file here has this id. `tieout files` lists all of them with their ids"


def why_not(warehouse: Warehouse, row: dict[str, Any], word: str) -> str:
    """What became of a document that waits for nobody, and the next step. `word`: released…"""
    identity, name = row["document_id"], row["name"]
    who = _decision(warehouse, identity)
    if row["state"] == "landed":
        said = who or f"landed at {row['landed_at'] or row['received_at']:%Y-%m-%d %H:%M} UTC"
        if word == "released":
            return (
                f"{name} ({identity}) is in already: {said}. Only a held file can be released; "
                "`tieout build` takes what has landed into the marts"
            )
        return (
            f"{name} ({identity}) is in already: {said}. Only a held file can be rejected. To take "
            "its rows out, load a corrected file of that name with .v2 before its ending: it "
            "replaces this one"
        )
    again = f"`tieout reprocess {identity}` reads it again and takes it if nothing is wrong with it"
    if row["code"] == BY_HAND:
        return f"{name} ({identity}) is refused already: {who or row['message']}. {again}"
    return (
        f"{name} ({identity}) could not be read and waits for nobody: {row['message']}. Only a "
        f"held file can be {word}. Have it sent again and right; after an update, {again}"
    )


def _decision(warehouse: Warehouse, identity: str) -> str:
    """What a person decided last, in words; nothing when nobody did."""
    rows = warehouse.rows(
        "select decision, decided_by, decided_at, reason from ops.document_decisions"
        " where document_id = $1 order by decided_at desc, decision_id desc limit 1",
        [identity],
    )
    if not rows:
        return ""
    said = f"{rows[0]['decision']} by {rows[0]['decided_by']}"
    said += f" at {rows[0]['decided_at']:%Y-%m-%d %H:%M} UTC"
    return f"{said} ({rows[0]['reason']})" if rows[0]["reason"] else said
