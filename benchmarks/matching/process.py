"""One command as a process of its own: its seconds, its CPU and its largest memory.

In: words for Python's `-m`. Out: Cost. Raises SystemExit with the process's last words on failure.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dbt_project.settings import PROJECT_ROOT

AS_INSTALLED = {"PYTHONDONTWRITEBYTECODE"}  # where it is set, each process compiles dbt anew
NO_DEPLOYMENT = PROJECT_ROOT / "benchmarks" / "matching" / "no-deployment.yml"


@dataclass(frozen=True)
class Cost:
    """What a stage took. CPU is of all threads and child processes, memory of the largest one."""

    wall: float
    cpu: float
    megabytes: float
    said: dict[str, Any]


def cost_of(*words: str) -> Cost:
    """Runs `python -m words` to its end."""
    env = {name: value for name, value in os.environ.items() if name not in AS_INSTALLED}
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=PROJECT_ROOT,
            env={**env, "TIEOUT_CONFIG": str(NO_DEPLOYMENT)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read()
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}:\n{text[-4000:]}")
    return Cost(
        time.perf_counter() - started,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss / 1024,
        json.loads(text.strip().splitlines()[-1]),
    )


def share_memory(memory: str, models_at_once: str) -> None:
    """What Tieout's build may take, in all stages from here on; empty: as a deployment has it."""
    for name, choice in (("TIEOUT_MEMORY", memory), ("TIEOUT_MODELS_AT_ONCE", models_at_once)):
        if choice:
            os.environ[name] = choice


def folder_megabytes(folder: Path) -> float:
    """What lies in a folder, in MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
