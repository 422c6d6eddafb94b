"""Is what was landed whole? Asked of the warehouse before dbt reads it.

In: an open warehouse, a source and its tables. Out: RawCheck values, `rows` of which are 0 when
all is well. The same laws are controls in dbt; here they stop a run before anything is built.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dbt_project.warehouse import Warehouse

ROWS = "rows_landed"
TOTALS = "declared_totals"
WAITING = "no_file_waits"

_ROWS = """
select registered.document_id, registered.landed_rows, coalesce(counted.found_rows, 0) as found_rows
from (
    select document_rows.document_id, document_rows.landed_rows
    from ops.document_rows as document_rows
    inner join ops.documents as documents on document_rows.document_id = documents.document_id
    where documents.state = 'landed' and document_rows.record = '{table}'
) as registered
full outer join (
    select _document_id as document_id, count(*) as found_rows
    from raw.{table}
    group by _document_id
) as counted on registered.document_id = counted.document_id
where coalesce(registered.landed_rows, 0) != coalesce(counted.found_rows, 0)
"""

_TOTALS = """
select documents.document_id, documents.name, totals.scope, totals.currency, totals.measure,
    totals.declared, totals.found
from ops.control_totals as totals
inner join ops.documents as documents on totals.document_id = documents.document_id
where documents.source = '{source}' and documents.state = 'landed' and totals.is_enforced
    and totals.declared is distinct from totals.found
"""

_WAITING = """
select document_id, name, code, message from ops.documents
where source = '{source}' and state = 'held'
"""


@dataclass(frozen=True)
class RawCheck:
    """One question and its answer: `rows` offend; `is_error` says whether dbt may go on."""

    name: str
    table: str
    rows: int
    sql: str
    message: str
    is_error: bool


def checks_of(warehouse: Warehouse, source: str, tables: Sequence[str]) -> list[RawCheck]:
    """Every check of a source. The names are the catalogue's, which are plain identifiers."""
    counted = [
        _asked(warehouse, ROWS, table, _ROWS.format(table=table), "documents", True)
        for table in tables
    ]
    return [
        *counted,
        _asked(warehouse, TOTALS, tables[0], _TOTALS.format(source=source), "totals", True),
        _asked(warehouse, WAITING, tables[0], _WAITING.format(source=source), "held files", False),
    ]


def _asked(
    warehouse: Warehouse, name: str, table: str, sql: str, noun: str, is_error: bool
) -> RawCheck:
    offenders = warehouse.rows(sql)
    message = f"{len(offenders)} {noun} to look at" if offenders else "in order"
    return RawCheck(name, table, len(offenders), sql.strip(), message, is_error)
