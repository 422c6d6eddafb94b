"""Where the dbt project is and how to run it: paths, environment, one call that runs dbt.

In: Settings and dbt's own words (["build", "--select", …]). Out: DbtRun with every node's result.
Run alone: python -m dbt_project.project build --select staging
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dbt_project.settings import (
    PROJECT_ROOT,
    ConfigurationError,
    Settings,
    config_file,
    load_settings,
)
from dbt_project.warehouse import WarehouseBusyError

LOCKED = "Could not set lock on file"  # DuckDB's words when another process has its file


@dataclass(frozen=True)
class NodeResult:
    """One model, test, seed or snapshot of a dbt run: its id, status and failing-row count."""

    unique_id: str
    name: str
    status: str
    failures: int
    message: str
    compiled_code: str


@dataclass(frozen=True)
class DbtRun:
    """What a dbt call did. `succeeded` is dbt's own word; `output` is its log as text."""

    succeeded: bool
    results: tuple[NodeResult, ...]
    output: str

    def failed(self) -> tuple[NodeResult, ...]:
        """Nodes that ended in error, fail or warn."""
        return tuple(r for r in self.results if r.status in {"error", "fail", "warn"})


def profiles_dir() -> Path:
    """Where profiles.yml is: beside tieout.yml when the deployment has its own, else ours."""
    own = config_file().parent
    return own if (own / "profiles.yml").exists() else PROJECT_ROOT / "dbt_project"


def dbt_environment(settings: Settings) -> dict[str, str]:
    """The variables profiles.yml reads, with absolute paths, on top of the process's own."""
    return {
        **os.environ,
        "DBT_PROFILES_DIR": str(profiles_dir()),
        "DBT_PROJECT_DIR": str(PROJECT_ROOT),
        "DBT_TARGET_PATH": str(settings.target_path),
        "DBT_LOG_PATH": str(settings.target_path / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        # dbt's other way to let models wait for tests: the same order with far fewer edges
        "DBT_USE_FAST_TEST_EDGES": "true",
        # each statement in the log costs a tenth of dbt's time; compiled SQL is beside it anyway
        "DBT_LOG_LEVEL_FILE": os.environ.get("DBT_LOG_LEVEL_FILE", "info"),
        "TIEOUT_TARGET": settings.target,
        "TIEOUT_WAREHOUSE": str(settings.warehouse),
        "TIEOUT_MEMORY": settings.memory,
        "TIEOUT_MODELS_AT_ONCE": str(settings.models_at_once),
        "TIEOUT_POSTGRES__HOST": settings.postgres.host,
        "TIEOUT_POSTGRES__PORT": str(settings.postgres.port),
        "TIEOUT_POSTGRES__USER": settings.postgres.user,
        "TIEOUT_POSTGRES__DATABASE": settings.postgres.database,
        "TIEOUT_POSTGRES__SSLMODE": settings.postgres.tls,
    }


def run_dbt(
    settings: Settings,
    words: Sequence[str],
    variables: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] | None = None,
) -> DbtRun:
    """Runs dbt in a process of its own, so no handle to the DuckDB file outlives it.

    `on_line` hears each line of dbt's log as it comes; what it raises ends dbt. Raises
    WarehouseBusyError when another process holds the DuckDB file, ConfigurationError when dbt
    wrote no results (it did not get as far as running a node).
    """
    results_file = settings.target_path / "run_results.json"
    results_file.unlink(missing_ok=True)
    settings.target_path.mkdir(parents=True, exist_ok=True)
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    returncode, output = _call(settings, words, variables or {}, on_line)
    if LOCKED in output:
        busy = next(line for line in output.splitlines() if LOCKED in line)
        raise WarehouseBusyError(f"{settings.warehouse} is open elsewhere. {busy.strip()}")
    if not results_file.exists():
        if returncode == 0:
            return DbtRun(True, (), output)
        raise ConfigurationError(f"dbt {' '.join(words)} stopped before its first node:\n{output}")
    return DbtRun(returncode == 0, read_results(results_file), output)


def _call(
    settings: Settings,
    words: Sequence[str],
    variables: Mapping[str, str],
    on_line: Callable[[str], None] | None,
) -> tuple[int, str]:
    command = [sys.executable, "-m", "dbt_project.parsed", "--no-use-colors", *words]
    if variables:
        command += ["--vars", json.dumps(dict(variables))]
    lines = []
    with subprocess.Popen(
        command,
        cwd=PROJECT_ROOT,
        env=dbt_environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            for line in process.stdout or ():
                lines.append(line)
                if on_line:
                    on_line(line)
        except BaseException:  # nobody waits for this dbt any more, so it must not write on
            _end(process)
            raise
    return process.returncode, "".join(lines)


def _end(process: subprocess.Popen[str]) -> None:
    """Ends dbt: asked first, so that it closes its database, and then not asked."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()  # SIGTERM is ignored where the parent ignores it


def read_results(file: Path) -> tuple[NodeResult, ...]:
    """The nodes of a run_results.json."""
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return tuple(
        NodeResult(
            unique_id=node["unique_id"],
            name=node["unique_id"].split(".")[2],
            status=str(node["status"]),
            failures=int(node.get("failures") or 0),
            message=str(node.get("message") or ""),
            compiled_code=str(node.get("compiled_code") or "").strip(),
        )
        for node in document["results"]
    )


def manifest(settings: Settings) -> dict[str, Any]:
    """dbt's manifest of the last call; parses the project when there is none."""
    file = settings.target_path / "manifest.json"
    if not file.exists():
        run_dbt(settings, ["parse"])
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


if __name__ == "__main__":
    ran = run_dbt(load_settings(), sys.argv[1:])
    print(ran.output)  # noqa: T201
    sys.exit(0 if ran.succeeded else 1)
