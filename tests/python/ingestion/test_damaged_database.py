"""A DuckDB file or its WAL that was cut or changed: it says so, or the archive shows what is gone.

DuckDB opens a cut WAL without a word and without its last files. Landing leaves nothing in the WAL
alone; these tests take its checkpoint away, so that there is something to lose (F22).
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from dataclasses import dataclass

import duckdb
import pytest

from dbt_project.settings import Settings
from dbt_project.warehouse import DuckDBWarehouse, WarehouseDamagedError, open_warehouse
from ingestion.landing import commit
from ingestion.landing.again import lost, reland
from ingestion.landing.land import ensure_schema
from tests.python.conftest import make_settings
from tests.python.ingestion.conftest import WORDS
from tests.python.ingestion.test_reland import fingerprint, land_five, missing

CUTS, FLIPS = 5, 12


@dataclass(frozen=True)
class Harmed:
    """A deployment of five files, its database file and its WAL as they were at a kill."""

    settings: Settings
    before: dict[str, list[str]]
    database: bytes
    wal: bytes

    def opened_with(self, database: bytes, wal: bytes | None) -> tuple[int, list[str]] | None:
        """How many files are gone, and what re-landing came to; None when it does not open."""
        place = self.settings.warehouse
        log = place.with_name(place.name + ".wal")
        place.write_bytes(database)
        log.unlink(missing_ok=True)
        if wal is not None:
            log.write_bytes(wal)
        try:
            with open_warehouse(self.settings) as warehouse:
                ensure_schema(warehouse)
                gone = len(lost(self.settings, warehouse))
                states = [result.state for result in reland(self.settings, warehouse, "test")]
                assert fingerprint(warehouse) == self.before
                assert missing(self.settings, warehouse) == 0
        except WarehouseDamagedError as error:
            is_helpful = str(place) in str(error) and "tieout reland" in str(error)
            return None if is_helpful else (-1, [str(error)])
        return gone, states


@pytest.fixture(scope="module")
def harmed(tmp_path_factory: pytest.TempPathFactory) -> Harmed:
    """Five files that are in the WAL alone."""
    folder = tmp_path_factory.mktemp("harmed")
    settings = make_settings(folder, **WORDS)
    with pytest.MonkeyPatch.context() as patch, open_warehouse(settings) as warehouse:
        patch.setattr(commit, "_checkpoint", lambda _: None)
        ensure_schema(warehouse)
        assert isinstance(warehouse, DuckDBWarehouse)
        warehouse.connection.execute("checkpoint")
        warehouse.connection.execute("set checkpoint_threshold = '1GB'")
        land_five(settings, warehouse, folder, 0, 5)
        before = fingerprint(warehouse)
        files = [settings.warehouse, settings.warehouse.with_name("tieout.duckdb.wal")]
        for file in files:
            shutil.copyfile(file, file.with_suffix(".copy" + file.suffix))
    database, wal = (file.with_suffix(".copy" + file.suffix).read_bytes() for file in files)
    return Harmed(settings, before, database, wal)


def test_fault_f22_a_cut_wal_loses_files_without_a_word_and_the_archive_brings_them_back(
    harmed: Harmed,
) -> None:
    assert harmed.opened_with(harmed.database, harmed.wal) == (0, [])  # the control: unharmed
    chance = random.Random(1)
    lengths = [0, *(chance.randrange(len(harmed.wal)) for _ in range(CUTS - 1))]
    found = [harmed.opened_with(harmed.database, harmed.wal[:length]) for length in lengths]
    gone = harmed.opened_with(harmed.database, None)
    assert gone == (5, ["landed"] * 5)
    for answer in found:
        assert answer is not None  # DuckDB sees nothing; the archive's listing does
        assert answer[1] == ["landed"] * answer[0]
    assert max(answer[0] for answer in found if answer) == 5


def test_fault_f22_a_changed_wal_or_database_says_so_with_a_way_out_or_is_made_whole(
    harmed: Harmed,
) -> None:
    chance, ends = random.Random(2), Counter[str]()
    for number in range(FLIPS):
        is_wal = number % 2 == 0
        changed = bytearray(harmed.wal if is_wal else harmed.database)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        database, wal = (harmed.database, changed) if is_wal else (changed, harmed.wal)
        answer = harmed.opened_with(bytes(database), bytes(wal))
        ends["said" if answer is None else "whole"] += 1
    assert ends["said"] >= FLIPS // 2


@pytest.mark.parametrize("keep", [100, 20_000])
def test_fault_f22_a_cut_database_says_so_and_is_made_anew_from_the_archive(
    harmed: Harmed, keep: int
) -> None:
    assert harmed.opened_with(harmed.database[:keep], None) is None
    harmed.settings.warehouse.unlink()  # the way out that the message names
    with open_warehouse(harmed.settings) as warehouse:
        ensure_schema(warehouse)
        assert [r.state for r in reland(harmed.settings, warehouse, "test")] == ["landed"] * 5
        assert fingerprint(warehouse) == harmed.before


def test_control_duckdb_itself_opens_a_database_whose_wal_was_cut(harmed: Harmed) -> None:
    """Why the archive is looked at from outside: nothing else would notice."""
    harmed.settings.warehouse.write_bytes(harmed.database)
    log = harmed.settings.warehouse.with_name("tieout.duckdb.wal")
    log.write_bytes(harmed.wal[: len(harmed.wal) // 2])
    with duckdb.connect(str(harmed.settings.warehouse)) as database:
        (count,) = database.execute("select count(*) from ops.documents").fetchone() or (5,)
    assert count < 5
