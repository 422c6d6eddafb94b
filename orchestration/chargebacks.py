"""Disputes as a person asks for them: one, those that wait, and the documents that answer one.

In: Settings or an open warehouse, an id. Out: rows of marts.chargebacks, Registered. Raises
ConfigurationError for an id that names no dispute, or several.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import Warehouse, open_warehouse
from ingestion.landing.evidence import Dispute, Registered, register_evidence
from ingestion.landing.land import ensure_schema
from orchestration.lock import single_writer
from orchestration.register import has_table

_ONE = """
select * from marts.chargebacks
where tenant_id = $1 and (
    chargeback_id = $2 or native_id = $2 or transaction_id = $2 or reference = $2
    or chargeback_id in (
        select events.chargeback_id from marts.chargeback_events as events
        where events.transaction_id = $2
    )
)
order by chargeback_id
"""
_WAITING = """
select * from marts.chargebacks
where tenant_id = $1 and outcome = 'open' and (is_overdue or not $2)
order by respond_by nulls last, chargeback_id
"""
_DOCUMENTS = """
select * from ops.chargeback_evidence where chargeback_id = $1{also}
order by added_at, evidence_id
"""
# Registered when the dispute had another id.
_ALSO = " or evidence_id in (select e.evidence_id from marts.chargeback_evidence as e"
_ALSO += " where e.chargeback_id = $1)"


def chargeback(warehouse: Warehouse, tenant: str, identity: str) -> dict[str, Any]:
    """The dispute of an id: its own, the source's, a transaction's or the sale's reference."""
    _built(warehouse)
    found = warehouse.rows(_ONE, [tenant, identity])
    if not found:
        raise ConfigurationError(
            f"{identity} is no dispute of {tenant}: tieout chargeback list names the open ones."
        )
    if len(found) > 1:
        named = ", ".join(row["chargeback_id"] for row in found)
        raise ConfigurationError(f"{identity} stands for several disputes: {named}. Name one.")
    return found[0]


def open_chargebacks(
    warehouse: Warehouse, tenant: str, *, is_overdue: bool
) -> list[dict[str, Any]]:
    """The disputes that are not decided, or those of them whose last day is past."""
    _built(warehouse)
    return warehouse.rows(_WAITING, [tenant, is_overdue])


def documents_of(warehouse: Warehouse, chargeback_id: str) -> list[dict[str, Any]]:
    """What is registered for a dispute, in the order it came."""
    if not has_table(warehouse, "ops", "chargeback_evidence"):
        return []
    also = _ALSO if has_table(warehouse, "marts", "chargeback_evidence") else ""
    return warehouse.rows(_DOCUMENTS.format(also=also), [chargeback_id])


def add_evidence(settings: Settings, identity: str, file: Path, by: str, note: str) -> Registered:
    """Registers a document for a dispute. Raises ConfigurationError."""
    with single_writer(settings), open_warehouse(settings) as warehouse:
        ensure_schema(warehouse)
        row = chargeback(warehouse, settings.tenant, identity)
        names = (row["native_id"], row["transaction_id"], row["reference"])
        dispute = Dispute(row["chargeback_id"], *names)
        try:
            return register_evidence(settings, warehouse, dispute, file, by, note)
        except ValueError as error:
            raise ConfigurationError(str(error)) from error


def _built(warehouse: Warehouse) -> None:
    if not has_table(warehouse, "marts", "chargebacks"):
        raise ConfigurationError("Nothing is built yet: tieout build comes first.")
