"""dbt as Dagster assets: one op over the whole project, tests as asset checks.

In: the manifest. Out: an asset a seed, snapshot and model, in its room's group, and a check a data
test. Each failing check carries its rows, its SQL and where to look, for people and for alerts.
"""

import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from dagster import (
    AssetCheckEvaluation,
    AssetCheckResult,
    AssetExecutionContext,
    AssetMaterialization,
    AssetObservation,
    Failure,
    MetadataValue,
    Output,
)
from dagster_dbt import DbtCliInvocation, DbtCliResource, dbt_assets
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from dbt_project.project import read_results
from dbt_project.settings import Settings, load_settings
from orchestration import runs
from orchestration.alerts.gaps import tell_gaps
from orchestration.alerts.trouble import rows_said
from orchestration.alerts.vitals import tell_vitals
from orchestration.build import (
    BuildRequest,
    close,
    dbt_variables,
    dbt_words,
    moment_of,
    outcome_of,
    prepare,
)
from orchestration.lock import single_writer
from orchestration.outcome import BuildOutcome
from orchestration.pipeline import deliver
from orchestration.schedule.config import BUILD_OP, POOL, BuildConfig, in_turn
from orchestration.schedule.project import TRANSLATOR, dbt_in, manifest_of, project_of

Event = (
    Output[Any] | AssetMaterialization | AssetObservation | AssetCheckResult | AssetCheckEvaluation
)

SETTINGS = load_settings()
MANIFEST = manifest_of(SETTINGS)
PROJECT = project_of(SETTINGS)


@dbt_assets(
    manifest=MANIFEST,
    project=PROJECT,
    dagster_dbt_translator=TRANSLATOR,
    name=BUILD_OP,
    exclude="resource_type:unit_test",
    pool=POOL,
)
def dbt_build(context: AssetExecutionContext, config: BuildConfig) -> Iterator[Event]:
    """dbt build: seeds, snapshots, models, and every data test as a check."""
    settings = load_settings()
    request = request_of(config, settings.clock())
    run = runs.started(context.job_name, moment_of(settings, request.as_of), context.run_id)
    with in_turn(), single_writer(settings) as lock, dbt_in(settings):
        prepare(settings, run, context.is_subset)
        heard = lock.watching()
        with closing(_built(context, settings, request, run)) as events:
            for event in events:
                heard("")  # a lock that is lost ends dbt here
                yield event


def request_of(config: BuildConfig, now: datetime) -> BuildRequest:
    """The build that run config asks for. Raises ValueError for what is not a time."""
    given = datetime.fromisoformat(config.as_of) if config.as_of else None
    moment = given or (now if config.fix_moment else None)
    return BuildRequest(moment, config.full_refresh)


def _built(
    context: AssetExecutionContext, settings: Settings, request: BuildRequest, run: runs.RunStart
) -> Generator[Event, None, None]:
    (settings.target_path / "run_results.json").unlink(missing_ok=True)
    invocation = _invocation(context, settings, request, run)
    try:
        for event in invocation.stream():
            yield _explained(event, settings)
    except DagsterDbtCliRuntimeError as error:
        outcome = _close(settings, run, str(error))
        folder = str(deliver(settings, outcome).folder)  # failures first; nothing is published
        raise Failure(
            _failure(outcome), metadata={"report": folder}, allow_retries=False
        ) from error
    finally:
        if invocation.process.poll() is None:  # this run is over, so its dbt must be
            invocation.process.terminate()
            invocation.process.wait()
    _close(settings, run, "")


def _invocation(
    context: AssetExecutionContext, settings: Settings, request: BuildRequest, run: runs.RunStart
) -> DbtCliInvocation:
    words = dbt_words(request)
    if variables := dbt_variables(run.as_of):
        words += ["--vars", str(variables)]
    # the dbt of this environment, also when .venv/bin is not on the PATH
    dbt = DbtCliResource(
        project_dir=PROJECT,
        profiles_dir=str(PROJECT.profiles_dir),
        target=settings.target,
        dbt_executable=str(Path(sys.executable).with_name("dbt")),
    )
    return dbt.cli(words, context=context, target_path=settings.target_path)


def _close(settings: Settings, run: runs.RunStart, error: str) -> BuildOutcome:
    """Into the diary; dbt's own words count only where no node is to blame."""
    file = settings.target_path / "run_results.json"
    results = read_results(file) if file.exists() else ()
    runs.keep_results(settings, run)
    outcome = outcome_of(settings, run, results)
    if error and outcome.succeeded:
        outcome = outcome_of(settings, run, results, error)
    tell_gaps(settings, run, outcome)
    close(settings, run, outcome.exit_code, outcome.detail())
    tell_vitals(settings, run, outcome)
    return outcome


def _failure(outcome: BuildOutcome) -> str:
    errors = [finding for finding in outcome.findings if finding.severity == "error"]
    lines = [
        f"{'test' if f.is_test else 'model'} {f.name}: {f.message or rows_said(f.rows)}"
        for f in errors
    ]
    return "\n".join(["dbt build failed; nothing is published.", *lines, outcome.error]).strip()


def _explained(event: Event, settings: Settings) -> Event:
    """A test's event with its rows, SQL and file, for whoever must look at it."""
    if isinstance(event, AssetCheckResult | AssetObservation):
        return event._replace(metadata={**event.metadata, **_words(event.metadata, settings)})
    return event


def _words(metadata: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    unique_id = str(_value(metadata.get("unique_id")) or "")
    node = MANIFEST["nodes"].get(unique_id)
    if node is None or node["resource_type"] != "test":
        return {}
    compiled = settings.target_path / "compiled" / "tieout" / node["original_file_path"]
    file = compiled if compiled.suffix == ".sql" else compiled / node["path"]
    return {
        "rows": int(_value(metadata.get("dagster_dbt/failed_row_count")) or 0),
        "link": node["original_file_path"],
        "sql": MetadataValue.text(_text(file)),
    }


def _value(entry: Any) -> Any:
    return getattr(entry, "value", entry)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip() if file.is_file() else ""
