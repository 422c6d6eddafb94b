"""A manifest is checked before a file is read, and found again when it changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dbt_project.settings import ConfigurationError
from ingestion.catalogue import catalogue
from ingestion.known_sources import known_sources, spec_of
from tests.python.ingestion.declared import PROCESSOR, Declared, declared_in, lines


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Declared]:
    with declared_in(tmp_path_factory.mktemp("declared")) as made:
        yield made


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("transaction_id: No", "transaction_idd: No"), '_idd: .*"transaction_id"'),
        (("delimiter", "delimitr"), ':2: delimitr: no such key; nearest is "delimiter"'),
        (
            ("amount: Amount", "amount: {column: A, flipp: true}"),
            ':8: columns.amount.flipp: .*"flip"',
        ),
        (("  amount: Amount\n", ""), ":5: columns.amount: must be given"),
        (("dates: [DD.MM.YYYY]\n", ""), r":\d+: columns.transaction_date: say how dates"),
        (("DD.MM.YYYY", "DD.MM.YYYY, MM.DD.YYYY"), "one date would fit two of these"),
        (('group: "."', 'group: ","'), "the same"),
        (("title: Test Pay", "title: a\ntitle: b"), ":2: not readable: title stands twice"),
        (("columns:", "statement: {order: newest_first}\ncolumns:"), ":5: statement: only"),
        (("columns:", "numeric_ids: [order]\ncolumns:"), ':5: numeric_ids: order .*"order_id"'),
        (("columns:", "control: {line: Sum, rows: 2}\ncolumns:"), "list them under totals"),
    ],
)  # fmt: skip
def test_a_wrong_manifest_names_file_line_key_and_the_nearest_name(
    declared: Declared, change: tuple[str, str], words: str
) -> None:
    manifest = PROCESSOR.replace(*change)
    assert manifest != PROCESSOR
    settings = declared.settings(manifest)
    with pytest.raises(ConfigurationError, match=words) as error:
        known_sources(settings)
    assert str(settings.sources["test_pay"].manifest) in str(error.value)


def test_a_declared_source_may_not_be_called_like_a_built_in_one(declared: Declared) -> None:
    for name in catalogue():
        with pytest.raises(ConfigurationError, match="built-in"):
            known_sources(declared.settings(PROCESSOR, name))


def test_manifests_are_found_in_their_folder_and_by_name(
    declared: Declared, tmp_path: Path
) -> None:
    (tmp_path / "north_pay.yml").write_text(PROCESSOR)
    settings = declared.settings(PROCESSOR).model_copy(update={"manifests": tmp_path})
    assert set(known_sources(settings)) - set(catalogue()) == {"north_pay", "test_pay"}
    with pytest.raises(ConfigurationError, match="Nearest is north_pay"):
        spec_of(settings, "nort_pay")


def test_a_changed_manifest_is_read_again(declared: Declared, tmp_path: Path) -> None:
    settings = declared.settings(PROCESSOR).model_copy(update={"manifests": tmp_path})
    file = tmp_path / "north_pay.yml"
    file.write_text(PROCESSOR)
    before = spec_of(settings, "north_pay").parser_version
    file.write_text(PROCESSOR.replace("Test Pay", "Another"))
    assert spec_of(settings, "north_pay").parser_version != before


def test_a_manifest_declares_ids_that_are_numbers(declared: Declared) -> None:
    """Else a number like a card's refuses the file, in a bank's rows too."""
    sent = lines("4111111111111111;01.10.2026;1,00")
    assert declared.land(PROCESSOR, sent).code == "PAN_FOUND"
    numeric = PROCESSOR + "numeric_ids: [transaction_id]\n"
    assert declared.land(numeric, sent).state == "landed"
    bank = PROCESSOR.replace("columns:", "target: bank\ncolumns:\n  servicer_reference: No")
    bank = bank.replace("transaction_id: No", "account: {value: A1}").replace(
        "transaction_date", "booking_date"
    )
    assert declared.land(bank, sent).code == "PAN_FOUND"
    assert declared.land(bank + "numeric_ids: [servicer_reference]\n", sent).state == "landed"


def test_a_manifest_that_is_a_link_out_of_its_folder_is_refused(
    declared: Declared, tmp_path: Path
) -> None:
    """A link inside the folder is one, as where a cluster mounts its configuration."""
    folder = tmp_path / "sources"
    (folder / "..data").mkdir(parents=True)
    (folder / "..data" / "north_pay.yml").write_text(PROCESSOR)
    (folder / "north_pay.yml").symlink_to("..data/north_pay.yml")
    settings = declared.desk.settings.model_copy(update={"manifests": folder})
    assert "north_pay" in known_sources(settings)
    (tmp_path / "elsewhere.yml").write_text(PROCESSOR)
    (folder / "south_pay.yml").symlink_to(tmp_path / "elsewhere.yml")
    with pytest.raises(ConfigurationError, match=r"south_pay\.yml: the manifest is a link out of"):
        known_sources(settings)
