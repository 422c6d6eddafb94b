"""What comes after a build that passed: the published copy, and the reports.

In: marts that are built and tested. Out: two assets. A failed build stops both: readers keep the
last good copy, and the alert says what failed.
"""

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    MaterializeResult,
    asset,
)

from dbt_project.settings import load_settings
from delivery.publish import publish
from orchestration import pipeline
from orchestration.lock import single_writer
from orchestration.schedule.config import POOL, in_turn
from orchestration.schedule.models import MANIFEST
from orchestration.schedule.project import TRANSLATOR

MARTS = [
    TRANSLATOR.get_asset_key(node)
    for node in MANIFEST["nodes"].values()
    if node["resource_type"] == "model" and "marts" in node["fqn"]
]
PUBLISHED = AssetKey(["delivery", "published"])


@asset(key=PUBLISHED, deps=MARTS, group_name="delivery", pool=POOL, kinds={"duckdb"})
def published() -> MaterializeResult[None]:
    """The copy of the marts that people and tools read, swapped in whole."""
    settings = load_settings()
    with in_turn(), single_writer(settings):
        rows = publish(settings)
    return MaterializeResult(metadata={"tables": len(rows), "rows": sum(rows.values())})


@asset(
    key=AssetKey(["delivery", "reports"]),
    deps=[PUBLISHED],
    group_name="delivery",
    pool=POOL,
    kinds={"html"},
)
def reports(context: AssetExecutionContext) -> MaterializeResult[None]:
    """The reports of the build: breaks, matches, summary, and one page for people."""
    settings = load_settings()
    with in_turn():
        delivered = pipeline.report_again(settings)
    context.log.info("%s", delivered.note or "delivered")
    return MaterializeResult(
        metadata={"folder": str(delivered.folder), "uploaded_to": delivered.uploaded_to or "-"}
    )


AFTER: list[AssetsDefinition] = [published, reports]
