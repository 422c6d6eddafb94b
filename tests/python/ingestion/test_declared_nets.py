"""A declared net ties on every row; and PayPal's download as other countries write it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dbt_project.settings import PROJECT_ROOT, ConfigurationError
from tests.python.ingestion.declared import (
    HEADER,
    PROCESSOR,
    Declared,
    declared_in,
    faults,
    lines,
)

NET = "columns:\n  fee: {column: Fee, flip: true}\n  amount: {column: Amount, net: Net}"
PAYPAL = PROJECT_ROOT / "samples" / "sources" / "paypal_activity" / "paypal_activity.yml"
GERMAN = {
    "[Date, Time]": "[Datum, Uhrzeit]",
    "column: Type": "column: Typ",
    "currency: Currency": "currency: Währung",
    "column: Gross": "column: Brutto",
    "net: Net #": "net: Netto #",
    "column: Fee,": "column: Gebühr,",
    "transaction_id: Transaction ID": "transaction_id: Transaktionscode",
    "reference_number: Invoice Number": "reference_number: Rechnungsnummer",
    "column: Balance Impact, debit: [Debit], credit: [Credit]": (
        "column: Auswirkung auf Guthaben, debit: [Soll], credit: [Haben]"
    ),
    "Mobile Payment: charge": "Handyzahlung: charge",
    "Completed: settled": "Abgeschlossen: settled",
    'decimal: ".", group: ","': 'decimal: ",", group: "."',
    "MM/DD/YYYY": "DD.MM.YYYY",
}
GERMAN_ROWS = """\
Datum,Uhrzeit,Zeitzone,Name,Typ,Status,Währung,Brutto,Gebühr,Netto,Transaktionscode,\
Rechnungsnummer,Auswirkung auf Guthaben
15.10.2026,14:32:15,CEST,Ida,Handyzahlung,Abgeschlossen,EUR,"1.025,00","-1,5","1.023,5",G1,R-1,Haben
16.10.2026,09:15:42,CEST,Ida,Handyzahlung,Abgeschlossen,EUR,25,"1,5","23,5",G2,R-2,Haben
17.10.2026,09:15:42,CEST,Ida,Genehmigung,Ausstehend,EUR,-50,0,-50,G3,R-3,Memo
"""


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Declared]:
    folder: Path = tmp_path_factory.mktemp("declared_nets")
    with declared_in(folder) as made:
        yield made


def test_a_net_beside_an_amount_must_tie(declared: Declared) -> None:
    manifest = PROCESSOR.replace("  amount: Amount\n", "").replace("columns:", NET)
    rows = ["A1;05.10.2026;10,00;-0,30;9,70", "A2;05.10.2026;10,00;-0,30;9,71"]
    rows += ["A3;05.10.2026;-4,00;;-4,00", "A4;05.10.2026;1,00;0,00;", "A5;05.10.2026;1,00;0,00;x"]
    result = declared.land(manifest, "\n".join([f"{HEADER};Fee;Net", *rows, ""]))
    assert sorted(faults(result)) == [(3, "NET_MISMATCH", "Net"), (6, "NET_MISMATCH", "Net")]
    found = [(row["transaction_id"], row["fee"]) for row in declared.rows(result)]
    assert found == [("A1", "0.30"), ("A3", None), ("A4", "0.00")]


def test_without_the_net_the_same_rows_land(declared: Declared) -> None:
    """The control: it is the declared net that refuses them."""
    manifest = PROCESSOR.replace("  amount: Amount\n", "").replace("columns:", NET)
    content = f"{HEADER};Fee;Net\nA2;05.10.2026;10,00;-0,30;9,71\n"
    result = declared.land(manifest.replace(", net: Net", ""), content)
    assert (faults(result), len(declared.rows(result))) == ([], 1)


def test_only_an_amount_has_a_net(declared: Declared) -> None:
    manifest = PROCESSOR.replace("transaction_id: No", "transaction_id: {column: No, net: Amount}")
    with pytest.raises(ConfigurationError, match="only an amount has a net"):
        declared.land(manifest, lines("A1;05.10.2026;1,00"))


def test_the_german_paypal_download_needs_other_words_alone(declared: Declared) -> None:
    """A fee without its minus does not tie, and what moves nothing (Memo) is refused."""
    manifest = PAYPAL.read_text(encoding="utf-8")
    for english, german in GERMAN.items():
        assert english in manifest
        manifest = manifest.replace(english, german)
    result = declared.land(manifest, GERMAN_ROWS)
    found = [(row["amount"], row["fee"], row["event_type"]) for row in declared.rows(result)]
    assert found == [("1025.00", "1.5", "charge")]
    assert sorted(faults(result)) == [
        (3, "NET_MISMATCH", "Netto"),
        (4, "VALUE_UNKNOWN", "Auswirkung auf Guthaben"),
    ]
