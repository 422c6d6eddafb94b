"""One loader a source: what its doors hold, landed into the raw tables that dbt reads.

In: ingestion's catalogue. Out: a Dagster asset for each raw table, under the key of dbt's source,
so that lineage runs from file to mart; and checks that stop the run before dbt when raw is wrong.
"""

from collections.abc import Iterator, Sequence

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
    MetadataValue,
    RetryRequested,
    multi_asset,
)

from dbt_project.settings import Settings, load_settings
from dbt_project.warehouse import open_warehouse
from ingestion.catalogue import SourceSpec, catalogue
from ingestion.known_sources import declared_sources, known_sources
from ingestion.landing.land import LandingResult
from orchestration import pipeline
from orchestration.schedule.config import POOL, LoadConfig, in_turn
from orchestration.schedule.raw_checks import ROWS, TOTALS, WAITING, RawCheck, checks_of

DOORS = "doors_answer"
DOOR_TRIES = 3
DOOR_SECONDS = 60


def loader_of(spec: SourceSpec) -> AssetsDefinition:
    """The loader of one source: one op, one asset a raw table, its checks."""
    keys = [AssetKey([spec.source, table]) for table in spec.tables]

    @multi_asset(
        name=f"load_{spec.source}",
        specs=[_spec(spec.source, key) for key in keys],
        check_specs=_check_specs(keys),
        pool=POOL,
    )
    def load(
        context: AssetExecutionContext, config: LoadConfig
    ) -> Iterator[MaterializeResult[None] | AssetCheckResult]:
        settings = load_settings()
        with in_turn():
            arrivals = _arrivals(context, settings, spec.source, config.files)
            with open_warehouse(settings, read_only=True) as warehouse:
                checks = checks_of(warehouse, spec.source, list(spec.tables))
        for result in arrivals.landed:
            context.log.info("%s %s: %s", result.state, result.name, result.message or "")
        for key in keys:
            yield MaterializeResult(asset_key=key, metadata={"files": _shown(arrivals.landed)})
        for check in checks:
            yield _result(spec.source, check)
        yield _doors_result(keys[0], arrivals)

    return load


def _spec(source: str, key: AssetKey) -> AssetSpec:
    """A raw table; a built-in one comes after the declared sources that land in it too."""
    others = declared_sources(load_settings()).values() if source in catalogue() else ()
    table = key.path[-1]
    return AssetSpec(
        key,
        deps=[AssetKey([spec.source, table]) for spec in others if table in spec.tables],
        group_name="raw",
        kinds={"file"},
        description=f"Rows of {source} files as they came, in raw.{key.path[-1]}.",
    )


def _doors_result(key: AssetKey, arrivals: pipeline.Arrivals) -> AssetCheckResult:
    return AssetCheckResult(
        asset_key=key,
        check_name=DOORS,
        passed=not arrivals.unreachable,
        severity=AssetCheckSeverity.ERROR,
        description=arrivals.unreachable or "every door answered",
    )


def _arrivals(
    context: AssetExecutionContext, settings: Settings, source: str, files: list[str] | None
) -> pipeline.Arrivals:
    """What came in; an empty list of files means that this run is about other sources.

    A door that does not answer is tried again for a while; then the others go on without it.
    """
    if files == []:
        return pipeline.Arrivals(())
    arrivals = pipeline.fetch(settings, [source], files)
    if arrivals.unreachable and context.retry_number < DOOR_TRIES:
        raise RetryRequested(max_retries=DOOR_TRIES, seconds_to_wait=DOOR_SECONDS)
    return arrivals


def _check_specs(keys: list[AssetKey]) -> list[AssetCheckSpec]:
    """Rows per table, and for the source as a whole its totals and its waiting files."""
    first = keys[0]
    return [
        *(
            AssetCheckSpec(
                ROWS, asset=key, blocking=True, description="Every landed line is in the table."
            )
            for key in keys
        ),
        AssetCheckSpec(
            TOTALS,
            asset=first,
            blocking=True,
            description="What the files say of themselves is what was found in them.",
        ),
        AssetCheckSpec(DOORS, asset=first, description="Every door of this source answered."),
        AssetCheckSpec(WAITING, asset=first, description="No file of this source is held."),
    ]


def _result(source: str, check: RawCheck) -> AssetCheckResult:
    severity = AssetCheckSeverity.ERROR if check.is_error else AssetCheckSeverity.WARN
    return AssetCheckResult(
        passed=check.rows == 0,
        asset_key=AssetKey([source, check.table]),
        check_name=check.name,
        severity=severity,
        description=check.message,
        metadata={"rows": check.rows, "sql": MetadataValue.md(f"```sql\n{check.sql}\n```")},
    )


def _shown(results: Sequence[LandingResult]) -> MetadataValue:
    lines = [
        f"| {r.name} | {r.state} | {r.landed_rows} | {r.quarantined_rows} | {r.message or ''} |"
        for r in results
    ]
    head = ["| file | state | rows | quarantined | why |", "|---|---|---|---|---|"]
    return MetadataValue.md("\n".join([*head, *lines]) if lines else "no new file")


SOURCES = known_sources(load_settings())  # read once: Dagster loads a new manifest with its code
LOADERS = [loader_of(spec) for spec in SOURCES.values()]
