"""Times that a clock showed twice: the hour that comes again when summer time ends.

In: the rows that will land, the source's zone. Out: a note for the register, nothing is refused.
Staging takes the second of the two (standard time) on every engine; only an offset can say better.
Columns whose name ends in _utc are in UTC whatever the zone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dbt_project.settings import ConfigurationError
from ingestion.catalogue import SourceSpec
from ingestion.faults import Suspicion
from ingestion.formats.parsed import Scratch
from ingestion.landing.stage import Staged

FIRST, LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
SAYS_ITSELF = r"(Z|[+-][0-9]{2}:?[0-9]{2})$"
Repeated = tuple[tuple[str, str], ...]


def repeated_times(
    scratch: Scratch, staged: Staged, spec: SourceSpec, zone: str
) -> list[Suspicion]:
    """AMBIGUOUS_LOCAL_TIME with the first such line; nothing when there is none."""
    hours = repeated_hours(zone)
    if not hours:
        return []
    found = [
        (line, column.name, count)
        for table in staged.tables
        for column in spec.records[table.record].columns
        if column.kind == "timestamp" and not column.name.endswith("_utc")
        for count, line in _asked(scratch, table.table, column.name, hours)
        if count
    ]
    if not found:
        return []
    line, column, _ = min(found)
    return [
        Suspicion(
            "AMBIGUOUS_LOCAL_TIME",
            f"{sum(count for *_, count in found)} times of {zone} were on the clock twice, first on"
            f" line {line} ({column}); the second one, standard time, is taken. Ask the sender for"
            " times with an offset",
        )
    ]


def zone_of(name: str, source: str) -> str:
    """The source's zone. Raises ConfigurationError when it is none."""
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError) as error:
        raise ConfigurationError(
            f"sources.{source}.time_zone: {name} is no IANA zone like Europe/Berlin"
        ) from error


@lru_cache(maxsize=64)
def repeated_hours(zone: str) -> Repeated:
    """Start and end, local and half-open, of every stretch that a zone's clocks show twice."""
    place, hours, day = ZoneInfo(zone), [], FIRST
    before = _offset(place, day)
    while day < LAST:
        following = day + timedelta(days=1)
        after = _offset(place, following)
        if after < before:
            turn = _turn(place, day, following, before)
            hours.append((_text(turn + after), _text(turn + before)))
        day, before = following, after
    return tuple(hours)


def _asked(scratch: Scratch, table: str, column: str, hours: Repeated) -> list[tuple[int, int]]:
    days = ", ".join(f"'{moment[:10]}'" for stretch in hours for moment in stretch)
    local = f"replace(substr({column}, 1, 19), 'T', ' ')"
    stretches = " or ".join(f"{local} >= '{a}' and {local} < '{b}'" for a, b in hours)
    return scratch.all(
        f"select count(*), min(_source_line) from (select * from {table}"
        f" where substr({column}, 1, 10) in ({days}) and length({column}) >= 19"
        f" and not regexp_matches({column}, '{SAYS_ITSELF}')) where {stretches}"
    )


def _turn(place: ZoneInfo, start: datetime, end: datetime, before: timedelta) -> datetime:
    """The second in which the offset changes between two moments."""
    while end - start > timedelta(seconds=1):
        middle = start + timedelta(seconds=int((end - start).total_seconds()) // 2)
        if _offset(place, middle) == before:
            start = middle
        else:
            end = middle
    return end


def _offset(place: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(place).utcoffset() or timedelta(0)


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")
