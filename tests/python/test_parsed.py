"""A kept parse is used only for the project it was made of: dbt_project/parsed.py."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from dbt_project import parsed
from dbt_project.project import manifest, run_dbt
from dbt_project.settings import Settings

PROFILE = """
path: "{{ env_var('TIEOUT_WAREHOUSE') }}"
target: "{{ env_var('TIEOUT_TARGET') }}"
host: "{{ env_var('TIEOUT_POSTGRES__HOST') }}"
dbname: "{{ env_var('TIEOUT_POSTGRES__DATABASE') }}"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of a few files, and the environment of a call."""
    for name in ("models/a.sql", "macros/b.sql", "seeds/c.csv", "tests/dbt/d.sql"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("select 1", encoding="utf-8")
    (tmp_path / "dbt_project.yml").write_text("name: x", encoding="utf-8")
    (tmp_path / "profiles.yml").write_text(PROFILE, encoding="utf-8")
    monkeypatch.setattr(parsed, "PROJECT_ROOT", tmp_path)
    for name, value in {
        "DBT_PROFILES_DIR": str(tmp_path),
        "DBT_TARGET_PATH": str(tmp_path / "target"),
        "TIEOUT_PARSED": str(tmp_path / "kept"),
        "TIEOUT_WAREHOUSE": str(tmp_path / "books.duckdb"),
        "TIEOUT_TARGET": "duckdb",
    }.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def parse(project: Path) -> Path:
    """What dbt leaves when it has parsed."""
    written = project / "target" / "partial_parse.msgpack"
    written.parent.mkdir()
    written.write_bytes(b"parsed")
    written.with_name("manifest.json").write_bytes(b"told")
    return written


FILES = ["models/a.sql", "models/new.yml", "macros/b.sql", "seeds/c.csv", "tests/dbt/d.sql"]


@pytest.mark.parametrize("name", [*FILES, "dbt_project.yml", "profiles.yml"])
def test_a_file_that_changed_asks_for_another_parse(project: Path, name: str) -> None:
    before = parsed.place(["build"])
    assert before == parsed.place(["build"])
    with (project / name).open("a", encoding="utf-8") as file:
        file.write(" -- changed")
    assert parsed.place(["build"]) != before


def test_a_file_that_went_or_moved_asks_for_another_parse(project: Path) -> None:
    found = {parsed.place(["build"])}
    (project / "models" / "a.sql").rename(project / "models" / "moved.sql")
    found.add(parsed.place(["build"]))
    (project / "models" / "moved.sql").unlink()
    found.add(parsed.place(["build"]))
    assert len(found) == 3


def test_engine_and_database_are_part_of_a_parse_and_the_folder_is_not(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = parsed.place(["build"])
    monkeypatch.setenv("TIEOUT_WAREHOUSE", "/elsewhere/books.duckdb")
    assert parsed.place(["build"]) == before
    monkeypatch.setenv("TIEOUT_WAREHOUSE", "/elsewhere/others.duckdb")
    assert parsed.place(["build"]) != before
    monkeypatch.setenv("TIEOUT_WAREHOUSE", "/elsewhere/books.duckdb")
    monkeypatch.setenv("TIEOUT_TARGET", "postgres")
    assert parsed.place(["build"]) != before


@pytest.mark.usefixtures("project")
def test_the_server_s_database_is_part_of_a_parse_and_its_address_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = parsed.place(["build"])
    monkeypatch.setenv("TIEOUT_POSTGRES__HOST", "elsewhere")
    assert parsed.place(["build"]) == before
    monkeypatch.setenv("TIEOUT_POSTGRES__DATABASE", "others")
    assert parsed.place(["build"]) != before


@pytest.mark.usefixtures("project")
def test_only_plain_calls_get_a_kept_parse() -> None:
    plain = parsed.place(["--no-use-colors", "build", "--select", "x"])
    assert plain == parsed.place(["run", "--vars", '{"as_of": "2026-11-01 04:00:00"}'])
    assert plain is not None
    for words in (
        ["parse"],
        ["docs", "generate"],
        ["build", "--no-partial-parse"],
        ["build", "--target", "other"],
        ["build", "--project-dir=elsewhere"],
        ["build", "--vars", '{"as_of": "2026-11-01 04:00:00", "other": "1"}'],
        ["build", "--vars", "other: 1"],
    ):
        assert parsed.place(words) is None, words


def test_a_parse_is_kept_only_from_this_call_and_for_this_project(project: Path) -> None:
    file = parsed.place(["build"])
    assert file is not None
    written = parse(project)
    parsed.keep(file, since=written.stat().st_mtime + 1)  # dbt wrote none in this call
    assert not file.exists()
    parsed.keep(project / "kept" / "parsed-of-another-day.msgpack", since=0)
    assert not (project / "kept").exists()
    parsed.keep(file, since=0)
    assert file.read_bytes() == b"parsed"
    assert parsed.told(file).read_bytes() == b"told"


def test_the_last_used_parses_are_kept_and_no_more(project: Path) -> None:
    parse(project)
    (project / "kept").mkdir()
    for day in range(parsed.KEPT + 3):
        old = project / "kept" / f"parsed-{day}.msgpack"
        old.write_bytes(b"old")
        os.utime(old, (day, day))
        parsed.told(old).write_bytes(b"old")
    file = parsed.place(["build"])
    assert file is not None
    parsed.keep(file, since=0)
    kept = sorted(path.name for path in (project / "kept").iterdir())
    assert len(kept) == 2 * parsed.KEPT
    assert file.name in kept
    assert "parsed-3.msgpack" not in kept


def test_a_broken_parse_is_as_good_as_none(project: Path) -> None:
    broken = project / "parsed-x.msgpack"
    broken.write_bytes(b"\x93broken")
    assert parsed.take(broken) is None
    assert parsed.take(project / "parsed-none.msgpack") is None


# What differs from run to run must not stand in a config: a kept parse holds the first run's.
A_RUN_S_OWN = re.compile(r"as_of|run_started_at|invocation_id|env_var|\bvar\(")


def configs(text: str) -> list[str]:
    """What stands between the brackets of each config(…)."""
    found = []
    for start in re.finditer(r"\bconfig\(", text):
        depth, end = 1, start.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        found.append(text[start.end() : end])
    return found


def test_no_config_says_what_only_one_run_knows() -> None:
    read = 0
    for file in parsed.project_files():
        if file.suffix == ".sql":
            said = configs(file.read_text("utf-8"))
            read += len(said)
            assert not [text for text in said if A_RUN_S_OWN.search(text)], file
        elif file.suffix == ".yml":
            lines = file.read_text("utf-8").splitlines()
            told = [line for line in lines if "config:" in line or "meta:" in line]
            assert not [line for line in told if "{{" in line and A_RUN_S_OWN.search(line)], file
    assert read > 10  # the files were found
    assert A_RUN_S_OWN.search(*configs("{{ config(valid_at=(as_of())) }} as_of"))


def test_a_kept_parse_comes_with_the_manifest_of_the_project(duckdb_settings: Settings) -> None:
    """Another folder, another moment: the manifest is there, names no run's SQL, and is enough."""
    told = []
    for name, moment in (("first", "2026-11-01 04:00:00"), ("second", "2026-11-02 04:00:00")):
        place = duckdb_settings.target_path / name
        own = duckdb_settings.model_copy(update={"target_path": place})
        ran = run_dbt(own, ["seed", "--select", "currencies"], {"as_of": moment})
        assert [result.name for result in ran.results] == ["currencies"]
        told.append(manifest(own)["nodes"])
        assert not (place / "graph.gpickle").exists()
    assert told[0] == told[1]
    assert not [node for node in told[1].values() if node.get("compiled_code")]
