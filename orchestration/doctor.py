"""Can this deployment work? Each check is one line: ok or failed, and the way out.

In: nothing but the environment. Out: Check values; nothing is changed, nobody is alerted.
Run alone: tieout doctor
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psycopg
from packaging.requirements import Requirement

from dbt_project.project import profiles_dir
from dbt_project.settings import (
    PROJECT_ROOT,
    ConfigurationError,
    Settings,
    config_file,
    load_settings,
    secret,
)
from dbt_project.settings_doors import FolderDoor
from dbt_project.warehouse import open_warehouse, postgres_dsn
from ingestion.known_sources import known_sources
from orchestration.alerts.channels import missing_secrets
from orchestration.doctor_outside import Check, attempted, doors, mail
from orchestration.lock import single_writer

PYTHONS = ((3, 11), (3, 13))
NEEDED_BYTES = 1_000_000_000
NEEDED_TIMES = 3  # archive, landed rows and DuckDB's own spill of the biggest waiting file


def examine() -> Iterator[Check]:
    """Every check in order. A failed configuration ends it: the rest would guess."""
    yield _python()
    yield _packages()
    try:
        settings = load_settings()
    except ConfigurationError as error:
        yield Check("configuration", False, str(error), "correct the named line")
        return
    yield _configuration(settings)
    yield _secrets(settings)
    yield from (_folder(name, path) for name, path in _folders(settings).items())
    yield _disk(settings)
    yield _lock(settings)
    yield _warehouse(settings)
    yield from doors(settings)
    yield from mail(settings)


def _python() -> Check:
    found = sys.version_info[:2]
    is_ok = PYTHONS[0] <= found <= PYTHONS[1]
    return Check("python", is_ok, sys.version.split()[0], "use Python 3.11, 3.12 or 3.13")


def _packages() -> Check:
    wanted = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wrong = []
    for text in wanted["project"]["dependencies"]:
        requirement = Requirement(text)
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(found):
            wrong.append(f"{requirement.name} {found} is not {requirement.specifier}")
    return Check(
        "packages", not wrong, "; ".join(wrong) or "as pyproject.toml asks", "call ./run env"
    )


def _configuration(settings: Settings) -> Check:
    try:
        known = known_sources(settings)
    except ConfigurationError as error:
        return Check("configuration", False, str(error), "correct the manifest")
    named = {*settings.sources, *(door.source for door in settings.all_doors())}
    unknown = sorted(named - set(known))
    if unknown:
        return Check(
            "configuration",
            False,
            f"{config_file()}: unknown sources {', '.join(unknown)}",
            f"known are {', '.join(known)}; a folder in the inbox is named like its source",
        )
    file = config_file() if config_file().exists() else "defaults (no tieout.yml)"
    clock = f", clock pinned at {settings.now:%Y-%m-%d %H:%M:%S}" if settings.now else ""
    return Check("configuration", True, f"{file}, profile in {profiles_dir()}{clock}")


def _secrets(settings: Settings) -> Check:
    of_doors = (name for door in settings.all_doors() for name in door.secrets)
    of_webhooks = (n for sender in settings.webhooks.providers for n in sender.secret_variables)
    unset = (name for name in (*of_doors, *of_webhooks) if not secret(name))
    missing = [*missing_secrets(settings.alerts), *unset]
    return Check(
        "secrets",
        not missing,
        f"not set: {', '.join(missing)}" if missing else "every secret named is set",
        "export them in the environment; they are never written in a file",
    )


def _folders(settings: Settings) -> dict[str, Path]:
    folders = {
        "state": settings.state,
        "archive": settings.archive,
        "reports": settings.reports,
        "target": settings.target_path,
    }
    if settings.target == "duckdb":
        folders |= {"warehouse": settings.warehouse.parent, "published": settings.published.parent}
    return folders


def _folder(name: str, path: Path) -> Check:
    """Whether files can be made in a folder, or in what is there of it already."""
    existing = next(parent for parent in (path, *path.parents) if parent.exists())
    way_out = f"give this user the right to write there, or choose another {name} in tieout.yml"
    try:
        with tempfile.NamedTemporaryFile(dir=existing):
            pass
    except OSError as error:
        return Check(f"rights: {name}", False, f"{existing}: {error.strerror}", way_out)
    return Check(f"rights: {name}", True, str(path))


def _disk(settings: Settings) -> Check:
    place = next(p for p in (settings.archive, *settings.archive.parents) if p.exists())
    free = shutil.disk_usage(place).free
    waiting = [
        file.stat().st_size
        for door in settings.all_doors()
        if isinstance(door, FolderDoor) and door.path.is_dir()
        for file in door.path.rglob("*")
        if file.is_file()
    ]
    needed = max(NEEDED_BYTES, NEEDED_TIMES * max(waiting, default=0))
    detail = f"{free / 1e9:.1f} GB free, {needed / 1e9:.1f} GB wanted"
    return Check("disk", free >= needed, detail, f"make room on the disk of {place}")


def _lock(settings: Settings) -> Check:
    return attempted(
        "warehouse lock",
        lambda: _hold(settings),
        "free",
        "wait for the run that holds it, or stop that process",
    )


def _hold(settings: Settings) -> None:
    with single_writer(settings):
        return


def _warehouse(settings: Settings) -> Check:
    if settings.target == "postgres":
        return attempted(
            "warehouse",
            lambda: psycopg.connect(postgres_dsn(settings), connect_timeout=5).close(),
            f"PostgreSQL {settings.postgres.database} on {settings.postgres.host} answers",
            "start the server, check postgres in tieout.yml and DBT_ENV_SECRET_POSTGRES_PASSWORD",
        )
    is_new = "" if settings.warehouse.exists() else " (made by the first run)"
    return attempted(
        "warehouse",
        lambda: _open(settings),
        f"DuckDB {settings.warehouse}{is_new}",
        "close the program that has it open, or restore the file; readers use the published copy",
    )


def _open(settings: Settings) -> None:
    with open_warehouse(settings, read_only=True) as warehouse:
        warehouse.rows("select 1 as one")
