"""A wrong setting is refused in one message that names file, line and key, or the variable."""

from __future__ import annotations

import os
from pathlib import Path

import jinja2
import pytest
import yaml

from dbt_project.project import dbt_environment
from dbt_project.settings import PROJECT_ROOT, ConfigurationError, Postgres, Settings, load_settings
from dbt_project.warehouse import postgres_dsn

SFTP = """doors:
  - kind: sftp
    source: bank
    host: a
    user: b
    host_key: ssh-ed25519 AAAA
"""
REST = """doors:
  - kind: rest
    source: internal
    start: 2026-10-01
    items: data
    pages: {kind: one}
"""
STRIPE = """doors:
  - {kind: stripe, source: stripe, start: 2026-10-01, key_variable: TIEOUT_SECRET_A}
"""
WRONG = {
    "tenent: shop\n": ":1: tenent: no such key",
    "delivery:\n  bucket: b\n  endpoint_url: http://minio:9000\n": (
        ":1: delivery: endpoint_url: http://minio:9000: https:// is a must"
    ),
    "limits:\n  max_bytes: many\n": ":2: limits.max_bytes: Input should be a valid integer",
    "target: spark\n": ":1: target: Input should be 'duckdb' or 'postgres'",
    "alerts:\n  smtp:\n    host: x\n    sender: y\n": ":2: alerts.smtp.recipients: must be given",
    "doors:\n  - {kind: folder, source: bank}\n": ":2: doors.0.path: must be given",
    "doors:\n  - {kind: s3, source: bank}\n": ":2: doors.0.bucket: must be given",
    "sources:\n  bank:\n    time_zone: Mars\n": ":3: sources.bank.time_zone: Mars is no time zone",
    "tenant: a\ntarget: duckdb\ntenant: b\n": ":3: not readable: tenant stands twice",
    "doors:\n  - {kind: fax, source: bank}\n": ":2: doors.0: kind must be one of folder, s3, sftp",
    "doors:\n  - {source: bank}\n": ":2: doors.0: kind must be given",
    "doors:\n  - kind: s3\n    source: bank\n    bucket: b\n    after: move\n": (
        ":2: doors.0: move_to says where files go"
    ),
    f"{SFTP}    password_variable: hunter2\n": ":7: doors.0.password_variable: String should match",
    f"{SFTP}    colour: red\n": ":7: doors.0.colour: no such key",
    SFTP: ":2: doors.0: an sftp door needs either password_variable or key_file",
    SFTP.replace("    host_key: ssh-ed25519 AAAA\n", ""): ":2: doors.0.host_key: must be given",
    f"{REST}    url: http://books.example/a\n": ":7: doors.0.url: http://books.example/a: https://",
    f"{REST}    url: https://me:pw@books.example/a\n": ":7: doors.0.url: no user or password",
    f"{REST}    url: https://books.example/{{from}}\n": ":2: doors.0: url: {since} and {until}",
    f"{STRIPE}{STRIPE.removeprefix('doors:')}": ":1: doors: two doors are called stripe_stripe",
    "doors:\n  - {kind: s3, kind: folder}\n": ":2: not readable: kind stands twice",
    "just words\n": ":1: not readable: must be a list of `key: value`",
    "- tenant\n": ":1: not readable: must be a list of `key: value`",
    "doors: [\n": ":2: not readable: expected the node content",
}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deployment's tieout.yml that is not there yet."""
    path = tmp_path / "tieout.yml"
    monkeypatch.setenv("TIEOUT_CONFIG", str(path))
    return path


@pytest.mark.parametrize("text", WRONG)
def test_j10_a_wrong_file_says_where(file: Path, text: str) -> None:
    """File, line, key, and what is wrong."""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    assert f"{file}{WRONG[text]}" in str(refused.value)


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("TIEOUT_TARGET", "spark", "TIEOUT_TARGET: Input should be 'duckdb' or 'postgres'"),
        ("TIEOUT_POSTGRES__PORT", "abc", "TIEOUT_POSTGRES__PORT: Input should be a valid integer"),
        ("TIEOUT_POSTGRES__HSOT", "db1", "TIEOUT_POSTGRES__HSOT: no such key"),
        ("TIEOUT_POSTGRES", "abc", 'error parsing value for field "postgres"'),
    ],
)
def test_j10_a_wrong_variable_is_named(
    file: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    """The variable, not a line of a file that is innocent."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    assert words in str(refused.value)
    assert str(file) not in str(refused.value)


def test_an_empty_file_is_all_defaults(file: Path) -> None:
    """A file of comments alone is fine."""
    file.write_text("# nothing yet\n", encoding="utf-8")
    assert load_settings().tenant == "default"


def test_dbt_is_told_how_many_models_share_the_memory() -> None:
    """Two, unless the deployment says otherwise; on each engine."""
    told = dbt_environment(Settings(models_at_once=1))["TIEOUT_MODELS_AT_ONCE"]
    assert (told, Settings().models_at_once) == ("1", 2)
    profile = yaml.safe_load((PROJECT_ROOT / "profiles.yml.example").read_text())
    for output in profile["tieout"]["outputs"].values():
        words = jinja2.Template(output["threads"])
        assert words.render(env_var=lambda name, other: other) == "2"
        assert words.render(env_var={"TIEOUT_MODELS_AT_ONCE": told}.get) == told


@pytest.mark.parametrize(
    ("host", "said", "told"),
    [
        ("db.example.net", None, "require"),
        ("10.0.0.7", None, "require"),
        ("localhost", None, "prefer"),
        ("127.0.0.1", None, "prefer"),
        ("/var/run/postgresql", None, "prefer"),
        ("db.example.net", "prefer", "prefer"),
        ("localhost", "verify-full", "verify-full"),
    ],
)
def test_a_server_elsewhere_is_spoken_to_in_tls(
    monkeypatch: pytest.MonkeyPatch, host: str, said: str | None, told: str
) -> None:
    """By us and by dbt alike, also when dbt is called by itself."""
    settings = Settings(postgres=Postgres.model_validate({"host": host, "sslmode": said}))
    assert f"sslmode={told}" in postgres_dsn(settings)
    assert dbt_environment(settings)["TIEOUT_POSTGRES__SSLMODE"] == told
    if said is None:
        profile = yaml.safe_load((PROJECT_ROOT / "profiles.yml.example").read_text())
        words = profile["tieout"]["outputs"]["postgres"]["sslmode"]
        monkeypatch.setenv("TIEOUT_POSTGRES__HOST", host)
        alone = jinja2.Template(words).render(env_var=lambda n, other="": os.environ.get(n, other))
        assert alone == told
