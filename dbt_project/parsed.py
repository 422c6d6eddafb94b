"""dbt in a process of its own, which does not parse the project again when nothing of it changed.

dbt parses anew for another as_of or another warehouse, though its parse holds neither: several
seconds a call. Here a parse is kept under a name made of all that it comes from: the project's
files, the profile and what it reads, the versions of dbt. Where that fits, dbt is given the parse,
and manifest.json is the one that was written with it: of the project, not of a run.

In: dbt's words; the folder TIEOUT_PARSED (else the target path). Out: dbt's exit code.
Run alone: python -m dbt_project.parsed build --select staging
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dbt.cli.exceptions import DbtUsageException
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.compilation import Linker
from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumuro_decoder
from dbt.task import runnable
from dbt_common.events import functions

from dbt_project.settings import PROJECT_ROOT

COMMANDS = {"build", "run", "test", "seed", "snapshot", "compile"}
PARTS = ("dbt_project.yml", "models", "macros", "seeds", "snapshots", "tests/dbt")
PACKAGES = ("dbt-core", "dbt-adapters", "dbt-duckdb", "dbt-postgres")
HARMLESS = {"as_of"}  # variables that only the SQL of a run holds
# Where a server is and who asks it: a parse holds the database's name alone.
CONNECTION = {f"TIEOUT_POSTGRES__{name}" for name in ("HOST", "PORT", "USER", "SSLMODE")}
RARELY = (50_000, 20, 100)  # new objects before Python looks for garbage; else 700
KEPT = 8  # parses in one folder: engines, databases, the versions before


def place(words: Sequence[str]) -> Path | None:
    """The file of the parse that this call needs; None when the call is dbt's own business."""
    others = any(re.match("--(no-partial|profile|project|target|partial)", word) for word in words)
    if not words or others or not COMMANDS & set(words) or variables(words) - HARMLESS:
        return None
    folder = Path(os.environ.get("TIEOUT_PARSED") or os.environ["DBT_TARGET_PATH"])
    return folder / f"parsed-{fingerprint()}.msgpack"


def variables(words: Sequence[str]) -> set[str]:
    """The names in --vars."""
    at = words.index("--vars") + 1 if "--vars" in words else len(words)
    try:
        return set(json.loads(words[at])) if at < len(words) else set()
    except (ValueError, TypeError):
        return {"written in another way"}


def fingerprint() -> str:
    """Everything that a parse comes from, as one name."""
    profile = Path(os.environ["DBT_PROFILES_DIR"]) / "profiles.yml"
    said = [str(PROJECT_ROOT), sys.version, *(version(name) for name in PACKAGES)]
    said += [f"{name}={value}" for name, value in read_by(profile)]
    digest = hashlib.sha256("\0".join(said).encode())
    for file in [profile, *project_files()]:
        digest.update(f"\0{file}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:32]


def read_by(profile: Path) -> Iterator[tuple[str, str]]:
    """The variables a profile reads, as far as a parse holds them.

    Of the warehouse's path that is only what dbt calls the database.
    """
    for name in sorted(set(re.findall(r"""env_var\(\s*['"](\w+)""", profile.read_text("utf-8")))):
        value = os.environ.get(name, "")
        if name == "TIEOUT_WAREHOUSE":
            value = Path(value).stem
        if not name.startswith("DBT_ENV_SECRET") and name not in CONNECTION:
            yield name, value


def project_files() -> list[Path]:
    """Every file of the dbt project."""
    places = [PROJECT_ROOT / part for part in PARTS]
    inside = [path for folder in places if folder.is_dir() for path in folder.rglob("*")]
    return sorted(path for path in [*places, *inside] if path.is_file())


def take(file: Path) -> Any:
    """The kept parse, or None; one that read the environment is of no use in another."""
    try:
        manifest = Manifest.from_msgpack(file.read_bytes(), decoder=extended_mashumuro_decoder)
    except Exception:  # noqa: BLE001 - whatever is wrong with the file, dbt can parse
        return None
    if manifest.env_vars or not told(file).exists():
        return None
    with suppress(OSError):
        os.utime(file)
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    return manifest


def told(file: Path) -> Path:
    """The manifest.json of a kept parse."""
    return file.with_suffix(".json")


def keep(file: Path, since: float) -> None:
    """Keeps the parse that dbt has just written, and the last few others."""
    target = Path(os.environ["DBT_TARGET_PATH"])
    written = target / "partial_parse.msgpack"
    with suppress(OSError):
        if written.stat().st_mtime < since or file.stem != f"parsed-{fingerprint()}":
            return  # not of this call, or the project changed meanwhile
        copy(target / "manifest.json", told(file))
        copy(written, file)
        kept = sorted(file.parent.glob("parsed-*.msgpack"), key=lambda path: path.stat().st_mtime)
        for old in kept[:-KEPT]:
            old.unlink()
            told(old).unlink(missing_ok=True)


def copy(file: Path, to: Path) -> None:
    """All of it or nothing, also while others read it."""
    to.parent.mkdir(parents=True, exist_ok=True)
    half = to.with_name(f"{to.name}.{os.getpid()}")
    shutil.copyfile(file, half)
    half.replace(to)


def spare() -> None:
    """What dbt parsed it writes down again when a call ends, and all nodes as a graph beside it.

    The first is there already, the second nobody reads: half of what a small call costs.
    """
    vars(runnable)["write_manifest"] = lambda *_: None
    Linker.write_graph = lambda *_: None  # type: ignore[method-assign]


def remember_secrets() -> None:
    """What dbt must not log it looks up anew in the whole environment for each line: once will do.

    It is a quarter of what a build of small models costs, and the environment stays as it is.
    """
    names = vars(functions)
    secrets = names["env_secrets"]()
    names["env_secrets"] = lambda: secrets


def keep_for_good() -> None:
    """Modules and parse stay to the end: Python need not look for garbage among them again."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(*RARELY)


def main(words: Sequence[str]) -> int:
    """Runs dbt. Returns 0, 1 when a node failed, 2 when dbt could not do what was asked."""
    began = time.time()
    gc.disable()  # until the parse is read
    remember_secrets()
    file = place(words)
    manifest = take(file) if file else None
    if file:
        spare()
    if file and manifest is not None:
        copy(told(file), Path(os.environ["DBT_TARGET_PATH"]) / "manifest.json")
        Linker.find_cycles = lambda _: None  # type: ignore[method-assign]  # none since it was kept
    keep_for_good()
    ended: dbtRunnerResult = dbtRunner(manifest=manifest).invoke(list(words))
    if file and manifest is None and ended.result is not None:
        keep(file, began)
    if ended.exception is None:
        return 0 if ended.success else 1
    if isinstance(ended.exception, DbtUsageException):  # all others are in dbt's log already
        sys.stdout.write(f"{ended.exception}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
