"""The project's macros as SQL text of an engine, without a run of dbt.

In: an expression in Jinja that uses macros of this project. Out: SQL. Only macros that need nothing
of dbt but dispatch and return can be asked.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import Environment

from dbt_project.settings import PROJECT_ROOT

FOLDERS = ("text", "dialect", "money")


class _Adapter:
    """dbt's dispatch: the macro of the engine."""

    def __init__(self, macros: dict[str, Any], engine: str) -> None:
        self._macros, self._engine = macros, engine

    def dispatch(self, name: str, _: str) -> Any:
        """The body of a dispatched macro."""
        return self._macros[f"{self._engine}__{name}"]


@lru_cache(maxsize=2)
def _environment(engine: str) -> Environment:
    made = Environment(extensions=["jinja2.ext.do"])  # noqa: S701 (SQL, not HTML)
    made.globals["return"] = lambda text: text
    made.globals["adapter"] = _Adapter(made.globals, engine)
    files = [f for folder in FOLDERS for f in (PROJECT_ROOT / "macros" / folder).glob("*.sql")]
    files += (PROJECT_ROOT / "macros").glob("normalised_reference.sql")
    for file in files * 2:  # a macro knows those that were read before it
        module = made.from_string(file.read_text(encoding="utf-8")).make_module()
        made.globals |= {n: m for n, m in vars(module).items() if callable(m)}
    return made


def sql_of(engine: str, expression: str) -> str:
    """The SQL an expression becomes on an engine."""
    return _environment(engine).from_string(expression).render().strip()
