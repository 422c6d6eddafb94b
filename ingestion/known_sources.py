"""Every source a deployment knows: the catalogue's, and those it declares by manifests of its own.

In: Settings. A manifest is `sources/<name>.yml` beside tieout.yml (the setting `manifests`), or the
file named by `sources.<name>.manifest`. Out: SourceSpec by name. Errors: ConfigurationError.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from dbt_project.settings import ConfigurationError, Settings
from ingestion.catalogue import SourceSpec, catalogue
from ingestion.manifest import read_manifest

NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


def known_sources(settings: Settings) -> dict[str, SourceSpec]:
    """Every source by name, the built-in ones first. Raises ConfigurationError."""
    return {**catalogue(), **declared_sources(settings)}


def declared_sources(settings: Settings) -> dict[str, SourceSpec]:
    """The sources with a manifest. Raises ConfigurationError."""
    return {name: _read(file, name, _state(file)) for name, file in _manifests(settings).items()}


def spec_of(settings: Settings, name: str) -> SourceSpec:
    """The contract of a source, as deployed. Raises ConfigurationError listing those there are."""
    if name in catalogue():
        return _as_deployed(settings, catalogue()[name])
    specs = known_sources(settings)
    if name not in specs:
        close = get_close_matches(name, specs, n=1)
        nearest = f" Nearest is {close[0]}." if close else ""
        raise ConfigurationError(
            f'source "{name}" is not known; there are {", ".join(specs)}.{nearest} A source of'
            f" your own is a manifest {settings.manifests / name}.yml;"
            " see docs/sources/declared.md."
        )
    return _as_deployed(settings, specs[name])


def _as_deployed(settings: Settings, spec: SourceSpec) -> SourceSpec:
    """The contract, with names and addresses kept where the deployment says so."""
    if not settings.source(spec.source).keep_personal:
        return spec
    records = {}
    for name, record in spec.records.items():
        columns = tuple(c.model_copy(update={"is_kept": True}) for c in record.columns)
        records[name] = record.model_copy(update={"columns": columns})
    return spec.model_copy(update={"records": records})


def _manifests(settings: Settings) -> dict[str, Path]:
    found = {}
    if settings.manifests.is_dir():
        found = {file.stem: file for file in sorted(settings.manifests.glob("*.yml"))}
    for name, source in settings.sources.items():
        if source.manifest and found.get(name, source.manifest) != source.manifest:
            raise ConfigurationError(
                f"{name} has two manifests: {found[name]} and {source.manifest}; keep one"
            )
        if source.manifest:
            found[name] = source.manifest
    for name, file in found.items():
        if name in catalogue():
            raise ConfigurationError(
                f"{file}: {name} is a built-in source; give the manifest another name"
            )
        if not NAME.fullmatch(name):
            raise ConfigurationError(
                f"{file}: {name} is no name of a source; write lower case letters, digits and _"
            )
    return found


def _state(file: Path) -> tuple[int, int]:
    """What changes when the file does."""
    if not file.is_file():
        raise ConfigurationError(f"{file}: the manifest is not there; correct its path")
    state = file.stat()
    return state.st_mtime_ns, state.st_size


@lru_cache(maxsize=64)
def _read(file: Path, name: str, state: tuple[int, int]) -> SourceSpec:
    return read_manifest(file, name)
