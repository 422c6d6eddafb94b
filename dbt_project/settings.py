"""A deployment's choices, read once: tieout.yml, then TIEOUT_* variables.

In: the file named by TIEOUT_CONFIG (default tieout.yml beside dbt_project.yml; it may be missing)
and the environment. Out: one frozen Settings. Paths in the file are relative to the file.
Secrets are never in the file: a setting that needs one names the environment variable.
Run alone: python -m dbt_project.settings
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import available_timezones

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from dbt_project.settings_alerts import Alerts
from dbt_project.settings_archive import WORK, ArchiveBucket, split_archive
from dbt_project.settings_doors import Door, FolderDoor
from dbt_project.settings_faults import explain, explain_yaml, mapping_of
from dbt_project.settings_polls import Doors
from dbt_project.settings_section import THIS_MACHINE, Currency, Name, S3Place, Section
from dbt_project.settings_webhooks import Webhooks

PROJECT_ROOT = Path(__file__).resolve().parent.parent
BreakSeverity = Literal["low", "medium", "high", "critical"]  # mildest first, as in the seeds
BREAK_SEVERITIES: tuple[str, ...] = get_args(BreakSeverity)


class ConfigurationError(Exception):
    """A setting is missing or wrong; the message names file, line, key and the way out."""


class Source(Section):
    """What a deployment says of one source: zone of local times, account, default currency.

    `manifest` is the file that declares a source of its own (docs/sources/declared.md).
    `keep_personal` lands names and e-mail addresses as they are instead of as keyed hashes.
    `numeric_ids` are id columns whose plain numbers may look like card numbers.
    """

    time_zone: str | None = None
    account: str = ""
    currency: str | None = None
    keep_personal: bool = False
    numeric_ids: tuple[Name, ...] = ()
    manifest: Path | None = None

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, zone: str | None) -> str | None:
        if zone is not None and zone not in available_timezones():
            raise ValueError(f"{zone} is no time zone; write one like Europe/Berlin")
        return zone


class Limits(Section):
    """Above these a file is refused or held for a person."""

    max_quarantine_percent: float = Field(default=1.0, ge=0, le=100)
    max_vanished_percent: float = Field(default=50.0, ge=0, le=100)
    attention_from: BreakSeverity = "critical"
    max_quarantine_amount: dict[Currency, Decimal] = Field(default_factory=dict)
    max_bytes: int = 20_000_000_000
    max_line_bytes: int = 1_000_000
    max_rows: int = Field(default=100_000_000, ge=1)


class Bucket(S3Place):
    """An S3 bucket (or a compatible endpoint) that reports are copied to."""

    prefix: str = "reports"


class Postgres(Section):
    """The team's server (in TLS, if elsewhere); password: DBT_ENV_SECRET_POSTGRES_PASSWORD."""

    host: str = "localhost"
    port: int = 5432
    user: str = "tieout"
    database: str = "tieout"
    sslmode: Literal["disable", "prefer", "require", "verify-ca", "verify-full"] | None = None

    @property
    def tls(self) -> str:
        """What libpq is told."""
        is_here = self.host.startswith("/") or self.host in THIS_MACHINE
        return self.sslmode or ("prefer" if is_here else "require")


class Settings(BaseSettings):
    """Everything a deployment chooses. `now` pins the clock (tests, demo, re-runs)."""

    model_config = SettingsConfigDict(
        env_prefix="TIEOUT_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    tenant: Name = "default"
    target: Literal["duckdb", "postgres"] = "duckdb"
    warehouse: Path = Path("warehouse/tieout.duckdb")
    memory: str = Field(default="80%", pattern=r"^[0-9]+(%|MB|GB)$")
    models_at_once: int = Field(default=2, ge=1, le=16)
    published: Path = Path("warehouse/published.duckdb")
    state: Path = Path("warehouse/state")
    archive: Path = WORK
    archive_bucket: ArchiveBucket | None = None
    inbox: Path = Path("inbox")
    reports: Path = Path("reports")
    target_path: Path = Path("target")
    manifests: Path = Path("sources")
    now: datetime | None = None
    postgres: Postgres = Postgres()
    sources: dict[Name, Source] = Field(default_factory=dict)
    doors: Doors = ()
    limits: Limits = Limits()
    delivery: Bucket | None = None
    alerts: Alerts = Alerts()
    webhooks: Webhooks = Webhooks()

    @model_validator(mode="before")
    @classmethod
    def _archive_may_be_a_bucket(cls, values: object) -> object:
        return split_archive(values)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over file (the file comes in as keyword arguments)."""
        return env_settings, init_settings

    def clock(self) -> datetime:
        """The current moment in UTC without zone, or the pinned one."""
        moment = self.now or datetime.now(UTC)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment

    def source(self, name: str) -> Source:
        """The deployment's words on a source; defaults where it says nothing."""
        return self.sources.get(name, Source())

    def all_doors(self) -> tuple[Door, ...]:
        """The declared doors, or inbox/<source> folders when none is declared."""
        if self.doors or not self.inbox.is_dir():
            return self.doors
        folders = sorted(
            folder
            for folder in self.inbox.iterdir()
            if folder.is_dir() and not folder.name.startswith(".")  # .done, .refused
        )
        return tuple(FolderDoor(source=folder.name, path=folder) for folder in folders)


_PATHS = (
    "warehouse", "published", "state", "archive", "inbox", "reports", "target_path", "manifests",
)  # fmt: skip


def config_file() -> Path:
    """The deployment's tieout.yml, whether it exists or not."""
    return Path(os.environ.get("TIEOUT_CONFIG") or PROJECT_ROOT / "tieout.yml").resolve()


@lru_cache(maxsize=8)
def _read(file: Path, environment: tuple[tuple[str, str], ...]) -> Settings:
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    try:
        settings = Settings(**mapping_of(text))
    except yaml.YAMLError as error:
        raise ConfigurationError(explain_yaml(file, error)) from error
    except ValidationError as error:
        raise ConfigurationError(explain(file, text, error, dict(environment))) from error
    except SettingsError as error:  # a section given whole in one variable, and not as JSON
        raise ConfigurationError(f"a TIEOUT_ variable cannot be read: {error}") from error
    home = file.parent
    absolute = {name: (home / getattr(settings, name)).resolve() for name in _PATHS}
    doors = tuple(_from(home, door) for door in settings.doors)
    sources = {name: _placed(home, source) for name, source in settings.sources.items()}
    return settings.model_copy(update={**absolute, "doors": doors, "sources": sources})


def _placed(home: Path, source: Source) -> Source:
    """The source with its manifest's path absolute."""
    path = (home / source.manifest).resolve() if source.manifest else None
    return source.model_copy(update={"manifest": path})


def _from(home: Path, door: Door) -> Door:
    """The door with its own paths absolute."""
    named = {n: getattr(door, n) for n in type(door).model_fields}
    paths = {n: (home / path).resolve() for n, path in named.items() if isinstance(path, Path)}
    return door.model_copy(update=paths)


def load_settings() -> Settings:
    """Settings from file and environment. Raises ConfigurationError."""
    environment = tuple(sorted(i for i in os.environ.items() if i[0].startswith("TIEOUT_")))
    return _read(config_file(), environment)


def secret(variable: str) -> str | None:
    """A secret by the name of its variable (TIEOUT_SECRET_… or DBT_ENV_SECRET_…)."""
    return os.environ.get(variable) or None


if __name__ == "__main__":
    print(load_settings().model_dump_json(indent=2))  # noqa: T201
