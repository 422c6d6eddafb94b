"""dbt's project as Dagster sees it: absolute paths, a manifest that is there, one environment.

In: Settings. Out: DbtProject, the manifest, and a context in which dbt finds this deployment.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject

from dbt_project.project import dbt_environment, manifest, profiles_dir, run_dbt
from dbt_project.settings import PROJECT_ROOT, Settings

_PARTS = ("dbt_project.yml", "models", "macros", "seeds", "snapshots", "tests/dbt")


class Translator(DagsterDbtTranslator):
    """dbt's groups are the asset groups; what has none is grouped by its folder or kind."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The room, or staging, seeds, snapshots."""
        group = super().get_group_name(dbt_resource_props)
        kind = dbt_resource_props["resource_type"]
        if group or kind == "source":
            return group
        return str(dbt_resource_props["fqn"][1]) if kind == "model" else f"{kind}s"


TRANSLATOR = Translator(
    DagsterDbtTranslatorSettings(
        enable_source_tests_as_checks=True,
        enable_code_references=True,
    )
)


def project_of(settings: Settings) -> DbtProject:
    """The project with absolute paths: Dagster's processes start in other folders."""
    return DbtProject(
        project_dir=PROJECT_ROOT,
        target_path=settings.target_path,
        profiles_dir=profiles_dir(),
        target=settings.target,
    )


def manifest_of(settings: Settings) -> Mapping[str, Any]:
    """dbt's manifest, parsed anew where it is missing or older than the project.

    Run workers are children of the code server and take the manifest that it read.
    """
    file = settings.target_path / "manifest.json"
    is_worker = multiprocessing.parent_process() is not None
    if file.exists() and (is_worker or file.stat().st_mtime > _last_change()):
        return manifest(settings)
    run_dbt(settings, ["parse"])
    return manifest(settings)


def _last_change() -> float:
    """When a file of the dbt project was last changed, moved in or taken away."""
    places = [PROJECT_ROOT / name for name in _PARTS]
    inside = [path for place in places if place.is_dir() for path in place.rglob("*")]
    return max(path.stat().st_mtime for path in [*places, *inside] if path.exists())


@contextmanager
def dbt_in(settings: Settings) -> Iterator[None]:
    """dagster-dbt gives dbt this process's environment; within, it is the deployment's."""
    before = dict(os.environ)
    os.environ.update(dbt_environment(settings))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
