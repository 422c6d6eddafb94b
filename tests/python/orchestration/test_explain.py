"""`tieout explain`: file and line, rule or reason, break, ledger; and what the demo prints."""

from __future__ import annotations

import json
import re
from io import StringIO

from rich.console import Console

from dbt_project.settings import Settings
from dbt_project.warehouse import open_warehouse
from orchestration.commands.explain import _tree
from orchestration.demo_story import CHAPTERS, tell
from orchestration.explain import Story, explain
from tests.python.orchestration.conftest import Tieout
from tests.python.orchestration.life import one


def stories(tieout: Tieout, identity: str) -> dict[str, dict[str, dict[str, str]]]:
    answer = tieout("explain", identity, "--json")
    assert answer.code == 0, answer.err
    return {
        story["identity"]: {door["name"]: dict(door["facts"]) for door in story["doors"]}
        for story in json.loads(answer.out)
    }


def test_explain_walks_every_door_of_a_matched_payment(settings: Settings, tieout: Tieout) -> None:
    found = stories(tieout, "ch_kw5001")
    assert len(found) == 2  # our books and the processor
    for doors in found.values():
        assert doors["file"]["name"].endswith(".csv")
        assert int(doors["file"]["line"]) > 1
        assert doors["match in books_processor"]["rule_id"] == "books_exact"
        assert doors["match in books_processor"]["explanation"]
        assert ".csv:" in doors["match in books_processor"]["partner"]
        assert any(name.startswith("raw line") for name in doors)
        assert any(name.startswith("staging ") for name in doors)
        assert doors["ledger"]


def test_explain_says_of_a_break_its_file_and_line_and_why(
    settings: Settings, tieout: Tieout
) -> None:
    identity = one(
        settings, "select discrepancy_id from marts.discrepancies where kind = 'missing_at_bank'"
    )
    (doors,) = stories(tieout, identity).values()
    assert doors["file"]["name"] == "Itemised_payouts_2026-10-01_to_2026-10-31_UTC.csv"
    assert doors["file"]["line"] == "5"
    assert doors["open in payout_bank"]["state"] == "missing"
    assert doors["open in payout_bank"]["reason"]
    assert doors["break: missing_at_bank"]["what_to_do"]


def test_explain_says_what_a_payout_is_made_of(settings: Settings, tieout: Tieout) -> None:
    (doors,) = (story for story in stories(tieout, "po_kw1026eur").values() if "made of" in story)
    assert doors["made of"] == {
        "charge": "317.23 (8: gross 324.10, fee 6.87), 97.84 %",
        "dispute_reversal": "129.00 (1: gross 129.00, fee 0.00), 39.79 %",
        "terminal_rental": "-4.00 (1: gross -4.00, fee 0.00), -1.23 %",
        "fee": "-9.00 (1: gross -9.00, fee 0.00), -2.78 %",
        "dispute": "-109.00 (1: gross -89.00, fee 20.00), -33.62 %",
    }
    assert doors["payout"]["explained_by"] == "members"
    assert list(doors["on bank lines"].values()) == ["324.23, matched"]


def test_explain_says_how_many_rivals_an_ambiguous_one_has(
    settings: Settings, tieout: Tieout
) -> None:
    identity = one(
        settings,
        "select transaction_id from marts.open_items where state = 'ambiguous' and rivals > 1"
        " order by transaction_id limit 1",
    )
    (doors,) = stories(tieout, identity).values()
    assert int(doors["open in books_processor"]["rivals"]) > 1
    told = doors["candidates in books_processor, and why not"]
    assert "amount differs by 0.50 EUR, tolerance 0.00 EUR" in told["1"]
    assert "[books_reference, pass 2]" in told["1"]
    assert "they do not agree" in told["tried"]


def test_explain_shows_every_gate_of_a_match_with_its_numbers(
    settings: Settings, tieout: Tieout
) -> None:
    identity = one(settings, "select match_id from marts.matches where rule_id = 'books_reference'")
    found = stories(tieout, identity)
    assert len(found) == 2  # one a side
    for doors in found.values():
        told = doors["rule books_reference version 1, pass 2 (reference): its gates"]
        assert "equal amounts; 14 days before to 14 after" in told["asks"]
        assert told["key"].startswith("passed: reference ")
        assert re.fullmatch(
            r"passed: [\d.]+ against [\d.]+ EUR, difference 0.00; tolerance 0.00", told["amount"]
        )
        assert re.fullmatch(r"passed: -?\d+ apart, window -14\.\.\+14", told["days"])
        assert told["confidence"] == "90, stands by itself from 90"


def test_explain_says_of_a_missing_one_that_nothing_came_near(
    settings: Settings, tieout: Tieout
) -> None:
    (doors,) = stories(tieout, "txn_kw5014").values()
    assert "no row of the other side" in doors["candidates in books_processor, and why not"]["none"]


def test_explain_says_of_a_duplicate_who_came_first(settings: Settings, tieout: Tieout) -> None:
    identity = one(
        settings,
        "select transaction_id from marts.open_items where reason_code = 'duplicate'"
        " order by transaction_id limit 1",
    )
    (doors,) = stories(tieout, identity).values()
    told = doors["candidates in books_processor, and why not"]["1"]
    assert "already matched with bk_" in told
    assert " by rule books_exact pass 1 (mat_" in told
    match = re.search(r"mat_\w+", told)
    assert match
    for winner in stories(tieout, match.group()).values():
        assert "came second" in winner["rivals it beat in books_processor"]["1"]


def test_explain_fits_a_terminal_of_a_hundred_columns(settings: Settings) -> None:
    with open_warehouse(settings, read_only=True) as warehouse:
        (story,) = explain(warehouse, "bk_5046")
    told = [door for door in story.doors if door.name.startswith("candidates")]
    out = Console(file=StringIO(), width=100)
    out.print(_tree(Story(story.identity, story.title, tuple(told))))
    assert isinstance(out.file, StringIO)
    lines = out.file.getvalue().splitlines()
    assert len(lines) > 4
    assert max(len(line) for line in lines) <= 100
    assert "txn_kw5046b" in out.file.getvalue()


def test_explain_knows_rewards_and_documents(settings: Settings, tieout: Tieout) -> None:
    reward = one(settings, "select trans_id from marts.reward_transactions where allocated > 0")
    assert any("reward" in doors for doors in stories(tieout, reward).values())
    refused = one(settings, "select document_id from ops.quarantine limit 1")
    (doors,) = stories(tieout, refused).values()
    assert any(name.startswith("refused line") for name in doors)


def test_explain_of_nothing_is_a_failure_that_helps(settings: Settings, tieout: Tieout) -> None:
    answer = tieout("explain", "txn_of_nobody")
    assert answer.code == 1
    assert "tieout files" in answer.err


def test_the_demonstration_tells_every_chapter(settings: Settings) -> None:
    out = Console(file=StringIO(), width=200)
    with open_warehouse(settings, read_only=True) as warehouse:
        tell(out, settings, warehouse, settings.reports / "last")
    assert isinstance(out.file, StringIO)
    told = out.file.getvalue()
    for title, *_ in CHAPTERS:
        assert title in told
    assert re.search(r"missing_at_bank +EUR +1 +169\.94", told)
    assert re.search(r"books_exact +JPY +1 +4800 +0 ", told)
    assert re.search(r"books_exact +KWD +1 +12\.500 +0\.000", told)
    assert "tieout explain brk_" in told
