"""How the command line speaks: results to standard output, troubles to standard error.

In: values of the pipeline. Out: lines and tables. Nothing here decides anything.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import Annotated, Any, Literal

import structlog
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dbt_project.settings import Settings, load_settings

Engine = Literal["duckdb", "postgres"]
Target = Annotated[Engine | None, typer.Option(help="The engine of this call, else as configured.")]

_PIPE_WIDTH = 160  # a pipe has no width; a table must not be cut for it

_STATE_STYLE = {
    "landed": "green",
    "duplicate": "dim",
    "superseded": "dim",
    "held": "yellow",
    "rejected": "red",
    "error": "red",
    "failed": "red",
    "warn": "yellow",
    "attention": "yellow",
    "succeeded": "green",
    "ok": "green",
}


def console() -> Console:
    """Standard output, as wide as the screen, or wide enough for a pipe."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)


def complaints() -> Console:
    """Standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def styled(word: str) -> str:
    """A state in its colour, safe as rich markup."""
    style = _STATE_STYLE.get(word)
    return f"[{style}]{escape(word)}[/{style}]" if style else escape(word)


def plain(value: Any) -> str:
    """Any value as text that rich does not read as markup; nothing for None."""
    return "" if value is None else escape(str(value))


def reason(code: str | None, message: str | None) -> str:
    """Why a file is not landed: the message, with its code in front unless it names it."""
    words = [] if not code or code in (message or "") else [code]
    return plain(" ".join([*words, message or ""]).strip())


def table(title: str, columns: list[str], numbers: tuple[str, ...] = ()) -> Table:
    """An empty table; columns in `numbers` are right-aligned."""
    made = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        pad_edge=False,
        box=SIMPLE_HEAD,
        show_header=any(columns),
    )
    for name in columns:
        made.add_column(name, justify="right" if name in numbers else "left", overflow="fold")
    return made


def settings_for(target: Engine | None = None) -> Settings:
    """The deployment's settings, on another target when one is named."""
    settings = load_settings()
    return settings.model_copy(update={"target": target}) if target else settings


def configure_logs(is_json: bool) -> None:
    """JSON log lines on standard error, only when asked for (--log-json or TIEOUT_LOG)."""
    level = os.environ.get("TIEOUT_LOG", "info" if is_json else "").lower()
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    is_asked = is_json or bool(level)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            number if is_asked else logging.CRITICAL
        ),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
