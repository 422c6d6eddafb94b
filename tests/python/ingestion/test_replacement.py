"""A file that replaces another by its name: corrected rows may change, they may not vanish."""

from __future__ import annotations

import pytest

from ingestion.landing.land import release
from tests.python.ingestion import make_paypal as paypal
from tests.python.ingestion.conftest import Desk
from tests.python.ingestion.make import books
from tests.python.ingestion.test_nacha import ach, entry, returned

MONDAY = books(*[{"transaction_id": f"MON-{n}"} for n in range(10)])
TUESDAY = books(*[{"transaction_id": f"TUE-{n}"} for n in range(10)])


@pytest.fixture
def strict_desk(engine_desk: Desk) -> Desk:
    """A desk with the limit that deployments have by default."""
    limits = engine_desk.settings.limits.model_copy(update={"max_vanished_percent": 50.0})
    engine_desk.settings = engine_desk.settings.model_copy(update={"limits": limits})
    return engine_desk


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("report.csv", TUESDAY, id="the next day under the same name"),
        pytest.param("report.v2.csv", books({"transaction_id": "MON-1"}), id="corrected row alone"),
        pytest.param("report.csv", books() + b"TRAILER,0\n", id="an empty day"),
    ],
)
def test_rows_do_not_leave_the_books_by_a_name(
    strict_desk: Desk, name: str, content: bytes
) -> None:
    assert strict_desk.land("internal", MONDAY, "report.csv").state == "landed"
    held = strict_desk.land("internal", content, name)
    assert (held.state, held.code) == ("held", "ROWS_VANISH")
    assert strict_desk.count("raw.internal_transactions") == 10
    own = strict_desk.land("internal", content, "own_name.csv")
    assert own.state == "landed"


def test_a_person_may_let_the_rows_go(strict_desk: Desk) -> None:
    strict_desk.land("internal", MONDAY, "report.csv")
    held = strict_desk.land("internal", TUESDAY, "report.csv")
    assert release(strict_desk.settings, strict_desk.warehouse, held.document_id).state == "landed"


def test_a_correction_lands_whichever_comes_first(strict_desk: Desk) -> None:
    fewer = books(*[{"transaction_id": f"MON-{n}", "amount": "7.00"} for n in range(6)])
    assert strict_desk.land("internal", MONDAY, "report.csv").state == "landed"
    assert strict_desk.land("internal", fewer, "report.csv").state == "landed"
    assert strict_desk.land("internal", TUESDAY, "other.v2.csv").state == "landed"
    late = books(*[{"transaction_id": f"OLD-{n}"} for n in range(3)])
    assert strict_desk.land("internal", late, "other.csv").state == "landed"


def test_a_second_file_of_the_day_is_no_correction_because_its_entries_are_counted_alike(
    strict_desk: Desk,
) -> None:
    """Some banks call every file of a day A and write no time: their headers are the same."""
    first, second, more = (
        "\n".join(ach(*lines)).encode()
        for lines in (
            (entry("26", 12354), returned("R01")),
            (entry("26", 700, "021000020000999"), returned("R01")),
            (
                entry("26", 12354),
                returned("R02"),
                entry("26", 9, "021000020000902"),
                returned("R03"),
            ),
        )
    )
    assert strict_desk.land("nacha", first, "returns_1.ach").state == "landed"
    held = strict_desk.land("nacha", second, "returns_2.ach")
    assert (held.state, held.code) == ("held", "ROWS_VANISH")
    assert strict_desk.land("nacha", more, "returns_1_corrected.ach").state == "landed"


def test_a_paypal_report_that_comes_again_without_most_of_its_rows_is_held(
    strict_desk: Desk,
) -> None:
    """The report, window and file number are the same, so that it would replace the first one."""
    rows = [paypal.row(number) for number in range(1, 11)]
    assert strict_desk.land("paypal", paypal.whole(*rows), "STL-20261005.01.009.CSV").state == (
        "landed"
    )
    held = strict_desk.land("paypal", paypal.whole(*rows[:3]), "STL-20261005.01.009.CSV")
    assert (held.state, held.code) == ("held", "ROWS_VANISH")
    assert strict_desk.count("raw.paypal_transactions") == 10
    corrected = paypal.whole(*rows[:-1], paypal.row(10, amount="4900"))
    again = strict_desk.land("paypal", corrected, "STL-20261005.01.009.CSV")
    assert again.state == "landed", again.message
