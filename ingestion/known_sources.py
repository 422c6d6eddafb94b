"""Every source a deployment knows: the catalogue's, and those it declares by manifests of its own.

In: Settings. A manifest is `sources/<name>.yml` beside tieout.yml (the setting `manifests`), or the
file named by `sources.<name>.manifest`. Out: SourceSpec by name. Errors: ConfigurationError.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from dbt_project.settings import ConfigurationError, Settings, Source
from ingestion.catalogue import Record, SourceSpec, catalogue
from ingestion.manifest import read_manifest, with_numeric

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
    """The contract with what the deployment says of names and of numbers. ConfigurationError."""
    said = settings.source(spec.source)
    if not (said.keep_personal or said.numeric_ids):
        return spec
    _refuse_unknown(spec, said.numeric_ids)
    records = {name: _changed(record, said) for name, record in spec.records.items()}
    rows = _changed(spec.rows, said) if spec.rows else None
    return spec.model_copy(update={"records": records, "rows": rows})


def _changed(record: Record, said: Source) -> Record:
    record = with_numeric(record, said.numeric_ids)
    if not said.keep_personal:
        return record
    columns = tuple(c.model_copy(update={"is_kept": True}) for c in record.columns)
    return record.model_copy(update={"columns": columns})


def _ids(record: Record) -> list[str]:
    """The columns of a record that are ids."""
    return [column.name for column in record.columns if column.kind in ("key", "id")]


def _refuse_unknown(spec: SourceSpec, numeric: tuple[str, ...]) -> None:
    """Only a column that is an id may hold numbers like cards. Raises ConfigurationError."""
    records = [*spec.records.values(), *([spec.rows] if spec.rows else [])]
    ids = list(dict.fromkeys(name for record in records for name in _ids(record)))
    for name in numeric:
        if name not in ids:
            close = get_close_matches(name, ids, n=1)
            raise ConfigurationError(
                f"sources.{spec.source}.numeric_ids: {name} is no id of {spec.source}"
                f"{f'; nearest is {close[0]}' if close else ''}; there are {', '.join(ids)}"
            )


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
        if file.is_symlink() and not file.resolve().is_relative_to(file.parent.resolve()):
            raise ConfigurationError(
                f"{file}: the manifest is a link out of its folder; put the file itself there,"
                f" or name its place: sources.{name}.manifest"
            )
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
