"""Doors that are asked for what is new: payment interfaces, a REST service, a source database.

Each asks for intervals from `start` on, `overlap_hours` back each time, because objects may appear
late; pages of one interval are landed together or not at all.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from dbt_project.settings_doors import Door, FileDoor, WebAddress
from dbt_project.settings_section import SecretName, Section


def in_utc(moment: datetime) -> datetime:
    """A moment in UTC; one without zone is meant so."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, AfterValidator(in_utc)]
Place = Annotated[str, Field(pattern=r"^([A-Za-z0-9_@$-]+(\.[A-Za-z0-9_@$-]+)*)?$")]
Column = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")]


class PolledDoor(Door):
    """What every interface that is asked page by page has in common."""

    start: Moment
    overlap_hours: float = Field(default=48.0, ge=0, le=24 * 90)
    window_days: int = Field(default=31, ge=1, le=366)
    page_limit: int = Field(default=10_000, ge=1, le=1_000_000)
    timeout_seconds: float = Field(default=30.0, gt=0, le=600)
    attempts: int = Field(default=5, ge=1, le=20)


StripeObjects = Literal["balance_transactions", "charges", "refunds", "disputes", "payouts"]
SquareObjects = Literal["payments", "refunds", "payouts", "payout_entries"]


class StripeDoor(PolledDoor):
    """Stripe's API through its own library. A restricted key with read rights is enough."""

    kind: Literal["stripe"] = "stripe"
    key_variable: SecretName
    objects: tuple[StripeObjects, ...] = Field(
        default=("balance_transactions", "charges", "refunds", "disputes", "payouts"), min_length=1
    )
    account: str | None = None
    base_url: WebAddress = "https://api.stripe.com"


class SquareDoor(PolledDoor):
    """Square's API through its own library; every location unless some are named."""

    kind: Literal["square"] = "square"
    token_variable: SecretName
    objects: tuple[SquareObjects, ...] = Field(
        default=("payments", "refunds", "payouts", "payout_entries"), min_length=1
    )
    locations: tuple[str, ...] = ()
    base_url: WebAddress = "https://connect.squareup.com"


class PaypalDoor(PolledDoor):
    """PayPal's transaction search; an interval has at most 31 days there."""

    kind: Literal["paypal"] = "paypal"
    client_id: str = Field(min_length=1)
    secret_variable: SecretName
    window_days: int = Field(default=7, ge=1, le=31)
    overlap_hours: float = Field(default=168.0, ge=0, le=24 * 90)
    base_url: WebAddress = "https://api-m.paypal.com"


class Login(Section):
    """The header that lets us in: `<header>: <scheme> <secret>`."""

    header: str = Field(default="Authorization", pattern=r"^[A-Za-z0-9-]+$")
    scheme: str = Field(default="Bearer", pattern=r"^[A-Za-z0-9-]*$")
    secret_variable: SecretName


class OnePage(Section):
    """The answer is whole."""

    kind: Literal["one"] = "one"


class CursorPages(Section):
    """The answer names the cursor of the next page at `next`; none is the end."""

    kind: Literal["cursor"] = "cursor"
    parameter: str = "cursor"
    next: Place
    more: Place = ""


class LinkPages(Section):
    """The address of the next page stands at `next`, or in the header Link (rel="next")."""

    kind: Literal["link"] = "link"
    next: Place = ""


class NumberedPages(Section):
    """Pages are counted; `total_pages` or `total_items` says the end, else an empty page."""

    kind: Literal["page"] = "page"
    parameter: str = "page"
    first: int = 1
    total_pages: Place = ""
    total_items: Place = ""


class OffsetPages(Section):
    """Items are counted; the end is said by `total_items`, else by an empty page."""

    kind: Literal["offset"] = "offset"
    parameter: str = "offset"
    limit_parameter: str = "limit"
    limit: int = Field(default=100, ge=1, le=100_000)
    total_items: Place = ""


Pages = Annotated[
    OnePage | CursorPages | LinkPages | NumberedPages | OffsetPages, Field(discriminator="kind")
]


class RestDoor(PolledDoor):
    """A service of your own: `url` with {since} and {until}, and where its answers hold the items.

    `error` names a key that only an answer about a failure has. `lands`: the whole page, for a
    source that reads JSON responses, or its items as JSON lines, for one that reads rows.
    """

    kind: Literal["rest"] = "rest"
    url: WebAddress
    items: Place
    pages: Pages
    login: Login | None = None
    error: Place = "error"
    lands: Literal["page", "items"] = "page"
    moment_format: str = "%Y-%m-%dT%H:%M:%SZ"

    @model_validator(mode="after")
    def _has_known_places(self) -> Self:
        unknown = sorted(set(re.findall(r"{([^}]*)}", self.url)) - {"since", "until"})
        if unknown:
            raise ValueError(f"url: {{since}} and {{until}} are filled in, not {unknown}")
        return self

    @property
    def secrets(self) -> tuple[str, ...]:
        """The variable of its login."""
        return (self.login.secret_variable,) if self.login else ()


class Watermark(Section):
    """The column that says how new a row is, and how far back each look goes."""

    column: Column
    type: Literal["timestamptz", "timestamp", "date", "bigint"] = "timestamptz"
    start: str
    overlap: str = Field(pattern=r"^[0-9]+( (seconds?|minutes?|hours?|days?))?$")

    @model_validator(mode="after")
    def _overlap_is_of_its_type(self) -> Self:
        if self.overlap.isdecimal() != (self.type == "bigint"):
            raise ValueError("overlap is a number for bigint, else a time like `2 hours`")
        return self


class SqlDoor(Door):
    """A query of a PostgreSQL database, read only; all of it, or what is new by a watermark."""

    kind: Literal["sql"] = "sql"
    host: str = Field(min_length=1)
    port: int = 5432
    database: str = Field(min_length=1)
    user: str = Field(min_length=1)
    password_variable: SecretName | None = None
    sslmode: Literal["disable", "require", "verify-ca", "verify-full"] = "verify-full"
    query: str = Field(min_length=6)
    watermark: Watermark | None = None
    timeout_seconds: float = Field(default=300.0, gt=0, le=86_400)


POLLED = (PolledDoor, SqlDoor)


def told_apart(doors: tuple[Door, ...]) -> tuple[Door, ...]:
    """Refuses two doors that would share a cursor or a name."""
    keys = [door.key for door in doors if door.name or isinstance(door, POLLED)]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"two doors are called {', '.join(twice)}; give each a name of its own")
    return doors


AnyDoor = Annotated[
    FileDoor | StripeDoor | SquareDoor | PaypalDoor | RestDoor | SqlDoor,
    Field(discriminator="kind"),
]
Doors = Annotated[tuple[AnyDoor, ...], AfterValidator(told_apart)]
