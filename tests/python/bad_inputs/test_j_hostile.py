"""Names, values and settings that mean harm (J2–J9), and card data (J5)."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import psycopg.conninfo
import pytest
import structlog

from dbt_project.project import run_dbt
from dbt_project.settings import ConfigurationError, Postgres, Settings, Source, load_settings
from dbt_project.warehouse import open_warehouse, postgres_dsn
from delivery.csv_export import defused
from ingestion.landing.card_secrets import is_card_secret
from ingestion.landing.land import ensure_schema
from ingestion.landing.mapping import PSEUDONYM_KEY
from orchestration.console import configure_logs
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import BOOKS, EARNED, books, cash

PAN = "4000056655665556"
FORGED = 'paid\n{"event": "all_is_well", "level": "info"}\x1b[2K\r'


def test_j4_a_value_cannot_forge_a_line_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(is_json=True)
    try:
        structlog.get_logger().warning("file_refused", name=FORGED)
    finally:
        structlog.reset_defaults()
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["name"] == FORGED
    assert "\x1b" not in line


def test_j4_nor_a_line_of_a_message(desk: Desk) -> None:
    result = desk.land("internal", books({"amount": FORGED}, {}), f"a{FORGED.strip()[-9:]}.csv")
    told = result.faults[0].describe(result.name)
    assert told.isprintable()
    (row,) = desk.warehouse.rows(
        "select message, masked_value from ops.quarantine where document_id = $1",
        [result.document_id],
    )
    assert all(str(value).isprintable() for value in row.values())


CARD_DATA = {
    "a column": books({"cvv": "123"}),
    "another spelling": books({"Card Verification Value": "1234"}),
    "a track": books({"track_2": ";4000056655665556=29051010000?"}),
    "track 1 in a text": books({"description": "%B4000056655665556^DOE/JO^2905101?"}),
    "track 2 in an id": books({"order_id": ";4000056655665556=29051010000012300000?"}),
    "a PIN block": books({"pin_block": "0412AC89ABCDEF67"}),
}


@pytest.mark.parametrize("name", CARD_DATA)
def test_j5_what_nobody_may_keep_is_refused_before_it_is_archived(
    fresh_desk: Desk, name: str
) -> None:
    result = fresh_desk.land("internal", CARD_DATA[name])
    assert (result.state, result.code) == ("rejected", "PAN_FOUND")
    assert fresh_desk.document(result)["archived_as"] is None
    assert not [p for p in fresh_desk.settings.archive.rglob("*") if p.is_file()]


def test_j5_in_json_too(fresh_desk: Desk) -> None:
    line = json.dumps({**BOOKS, "card": {"last4": "5556", "cvc": "123"}})
    assert fresh_desk.land("internal", f"{line}\n".encode(), "b.ndjson").code == "PAN_FOUND"


def test_j5_the_control_what_only_sounds_like_it_lands(fresh_desk: Desk) -> None:
    row = {"cvc_check": "pass", "cvv": "", "security_code": "***", "note": "a=1234567"}
    assert fresh_desk.land("internal", books(row)).state == "landed"
    assert not is_card_secret('{"cvc_check": "pass", "id": "txn=1234"}')


def everything_written(folder: Path) -> bytes:
    """Every byte of every file under a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_j5_a_planted_card_number_is_in_no_log_state_or_artifact(
    duckdb_settings: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Where a number may stand it is no card to the scan, so it must be masked or kept away."""
    configure_logs(is_json=True)
    caplog.set_level(logging.DEBUG)
    with open_warehouse(duckdb_settings) as warehouse:
        ensure_schema(warehouse)
        desk = Desk(duckdb_settings, warehouse, tmp_path / "sent")
        (tmp_path / "sent").mkdir()
        places = ["description", "amount", "transaction_date", "currency", "status"]
        results = [desk.land("internal", books({place: PAN}), f"{place}.csv") for place in places]
        told = [str(r.message) + "".join(f.describe(r.name) for f in r.faults) for r in results]
        noted = warehouse.rows("select message, masked_value from ops.quarantine")
    run = run_dbt(duckdb_settings, ["compile", "--select", "stg_internal__transactions"])
    structlog.reset_defaults()
    out = capfd.readouterr()
    assert PAN not in "".join([*told, str(noted), run.output, out.out, out.err, caplog.text])
    assert PAN.encode() not in everything_written(duckdb_settings.target_path)
    assert PAN.encode() in everything_written(tmp_path / "sent")  # the control: it was there


def test_j5_names_are_keyed_hashes_unless_a_deployment_keeps_them(
    fresh_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PSEUDONYM_KEY, "k" * 40)
    hashed = fresh_desk.land("thrive_cash", cash(EARNED), "a.xlsx")
    (row,) = fresh_desk.raw(hashed, "thrive_cash_customers")
    assert len(row["email"]) == 64
    sources = {"thrive_cash": Source(currency="EUR", keep_personal=True)}
    fresh_desk.settings = fresh_desk.settings.model_copy(update={"sources": sources})
    kept = fresh_desk.land("thrive_cash", cash(EARNED, (2, *EARNED[1:])), "b.xlsx")
    (row,) = fresh_desk.raw(kept, "thrive_cash_customers")
    assert row["email"] == "Jo@example.org"


HARM = ['a"; drop schema raw; --', "A", "a-b", "a b", "1a", "a" * 42, "ä", "", "a\n", "../a"]


@pytest.mark.parametrize("name", HARM)
@pytest.mark.parametrize(
    "text",
    [
        "tenant: {name}",
        "sources: {{{name}: {{}}}}",
        "doors: [{{kind: folder, source: {name}, path: x}}]",
        "webhooks: {{providers: [{{name: {name}, scheme: stripe, source: stripe,"
        " secret_variables: [TIEOUT_SECRET_A]}}]}}",
    ],
)
def test_j6_a_name_in_the_settings_is_a_plain_word_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, name: str
) -> None:
    file = tmp_path / "tieout.yml"
    file.write_text(text.format(name=json.dumps(name)), encoding="utf-8")
    monkeypatch.setenv("TIEOUT_CONFIG", str(file))
    with pytest.raises(ConfigurationError, match=r"tieout\.yml:1"):
        load_settings()


def test_j7_a_variable_of_dbt_is_a_moment_and_no_sql(duckdb_settings: Settings) -> None:
    moment = "2026-10-31 00:00:00' as timestamp), (select current_user) --"
    words = ["compile", "--select", "stg_documents__register"]
    with pytest.raises(ConfigurationError, match="as_of must look like"):
        run_dbt(duckdb_settings, words, {"as_of": moment})


@pytest.mark.parametrize("password", ["p@ss:w/ord#%?&", "sp ace'quote\\", "=host=evil", "ü€"])
def test_j9_any_password_is_one_word_of_the_connection(
    monkeypatch: pytest.MonkeyPatch, password: str, duckdb_settings: Settings
) -> None:
    monkeypatch.setenv("DBT_ENV_SECRET_POSTGRES_PASSWORD", password)
    settings = duckdb_settings.model_copy(update={"postgres": Postgres(host="db1")})
    words = psycopg.conninfo.conninfo_to_dict(postgres_dsn(settings))
    assert (words["password"], words["host"]) == (password, "db1")
    assert password not in repr(settings) + settings.model_dump_json()


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1 off", "@x", "\t=1", "\r=1,"])
def test_j2_no_text_of_a_file_starts_a_formula(desk: Desk, text: str) -> None:
    """What lands stays as it came; what leaves as CSV for a spreadsheet is defused."""
    result = desk.land("internal", books({"merchant_id": text}))
    (row,) = desk.raw(result, "internal_transactions")
    assert row["merchant_id"] == text
    assert defused(text) == f"'{text}"
