"""What an export is of, and the condition that finds it in the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dbt_project.months import bounds
from delivery.ledger.journals import JOURNALS, Journal


@dataclass(frozen=True)
class Selection:
    """Which entries: of a month, one of them, some currencies, or those recorded after a moment.

    `recorded_until` keeps out what is recorded while files are being written. `books` is
    `transaction`, each amount in its own currency, or `functional`, all in the tenant's.
    """

    target: str
    tenant: str
    period: str
    entry: str = ""
    currencies: tuple[str, ...] = ()
    recorded_after: datetime | None = None
    books: str = "transaction"
    recorded_until: datetime | None = None

    @property
    def journal(self) -> Journal:
        """Where its lines and balances stand."""
        return JOURNALS[self.books]

    @property
    def is_whole(self) -> bool:
        """Whether every entry of the month is in it, so that it ties to the balances."""
        return not self.entry and self.recorded_after is None

    @property
    def stem(self) -> str:
        """What its folder and files are called: another name for all that is asked otherwise."""
        after = self.recorded_after
        books = "" if self.books == "transaction" else f"{self.books}-"
        since = f"-after-{after:%Y%m%dT%H%M%S}" if after else ""
        if after and after.microsecond:
            since += f"_{after:%f}"
        names = "".join(f"-{name}" for name in sorted(set(self.currencies)))
        return f"{self.target}-{books}{self.entry or self.period}{since}{names}"

    def where(self, currency: str | None = None) -> tuple[str, list[Any]]:
        """The condition and its parameters."""
        words = ["tenant_id = $1", "posting_period = $2"]
        values: list[Any] = [self.tenant, bounds(self.period)[0]]
        for column, value in (
            ("entry_id =", self.entry or None),
            ("recorded_at >", self.recorded_after),
            ("recorded_at <=", self.recorded_until),
            ("currency =", currency),
        ):
            if value is not None:
                values.append(value)
                words.append(f"{column} ${len(values)}")
        if self.currencies and currency is None:
            names = [f"${len(values) + place}" for place in range(1, len(self.currencies) + 1)]
            values += self.currencies
            words.append(f"currency in ({', '.join(names)})")
        return " and ".join(words), values
