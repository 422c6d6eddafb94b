"""What should have come and is not in the books: expected files, and numbers that nobody sent.

In: an open warehouse after a build. Out: Gaps, the latest day first. `tieout status` lists them,
and each is told once (alerts/gaps.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dbt_project.warehouse import Warehouse
from delivery.contents import FILE_GAPS, INCOMPLETE_DAYS
from orchestration.register import has_table


@dataclass(frozen=True)
class Gap:
    """One thing that did not come, in words. `key` makes it the same gap in the next run."""

    key: str
    source: str
    what: str
    day: str
    state: str
    since: str
    to_do: str

    @property
    def line(self) -> str:
        """The gap in one line."""
        day = f"{self.day} " if self.day else ""
        return f"{day}{self.source} {self.what}: {self.state}, {self.since}"


def gaps_of(warehouse: Warehouse) -> list[Gap]:
    """What the last build missed; nothing before the first build."""
    found: list[Gap] = []
    if has_table(warehouse, "marts", "expected_files"):
        found += [_of_file(row) for row in warehouse.rows(INCOMPLETE_DAYS)]
    if has_table(warehouse, "marts", "file_gaps"):
        found += [_of_numbers(row) for row in warehouse.rows(FILE_GAPS)]
    return found


def _of_file(row: dict[str, Any]) -> Gap:
    state, day = row["state"], str(row["business_date"])
    to_do = _to_do_held(row) if state == "held" else _to_do_missing(row, day)
    return Gap(
        key=f"{state}:{row['expected_file_id']}",
        source=row["source"],
        what=row.get("expected_name") or row["name_pattern"],  # marts of an older version
        day=day,
        state=state,
        since=f"due {_local(row['due_at'], row.get('time_zone'))}",
        to_do=to_do,
    )


def _to_do_held(row: dict[str, Any]) -> str:
    return (
        f"{row['name']} came and is held. `tieout files --state held` says why; then "
        f"`tieout release {row['document_id']}`, or `tieout reject {row['document_id']} "
        "--reason …` and ask the sender for a good one."
    )


def _to_do_missing(row: dict[str, Any], day: str) -> str:
    calendar = row.get("calendar")
    holiday = (
        f"enter {calendar},{day} in seeds/holidays.csv"
        if calendar
        else f"give the expectation a calendar and enter {day} in seeds/holidays.csv"
    )
    return (
        f"ask the sender for it and put it where {row['source']}'s files arrive, or call "
        f"`tieout load {row['source']} FILE`; the next run takes it and the day is whole. "
        f"If there was none for a reason, {holiday}."
    )


def _of_numbers(row: dict[str, Any]) -> Gap:
    first, last = row["first_missing"], row["last_missing"]
    numbers = f"number {first}" if first == last else f"numbers {first} to {last}"
    scope = f" of {row['sequence_scope']}" if row["sequence_scope"] else ""
    return Gap(
        key=f"{row['file_gap_id']}:{first}:{last}",
        source=row["source"],
        what=f"{numbers}{scope}",
        day="",
        state="missing",
        since=f"known since {_moment(row['known_since'])} UTC",
        to_do=(
            f"ask the sender for {numbers}{scope}, between {row['file_before']} and "
            f"{row['file_after']}, and put them where {row['source']}'s files arrive."
        ),
    )


def _local(moment: datetime, zone: str | None) -> str:
    """A moment as its sender would say it, and in UTC."""
    if not zone or zone == "UTC":
        return f"{_moment(moment)} UTC"
    there = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return f"{_moment(there)} {zone} ({_moment(moment)} UTC)"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
