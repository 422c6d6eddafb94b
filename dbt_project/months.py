"""A month as people name it, 2026-10: what is closed, reported and exported goes by months."""

from __future__ import annotations

import re
from datetime import date

from dbt_project.settings import ConfigurationError


def bounds(period: str) -> tuple[date, date]:
    """The first day of a month, 2026-10, and of the next. Raises ConfigurationError."""
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", period):
        raise ConfigurationError(f"{period}: a period is a month, as 2026-10.")
    year, month = int(period[:4]), int(period[5:])
    if not 1 <= year < 9999:
        raise ConfigurationError(f"{period}: no such year.")
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
