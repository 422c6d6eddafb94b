"""dbt's documentation of every model as one page that needs no server.

In: the project, and the warehouse for column types. Out: <target>/static_index.html.
Run: python -m orchestration.docs (make docs)
"""

from __future__ import annotations

import sys
from pathlib import Path

from dbt_project.project import run_dbt
from dbt_project.settings import ConfigurationError, Settings, load_settings
from dbt_project.warehouse import WarehouseBusyError
from orchestration.console import complaints, console, plain
from orchestration.outcome import Exit


def write_docs(settings: Settings) -> Path:
    """Writes the page. Raises ConfigurationError with dbt's words when it could not."""
    done = run_dbt(settings, ["docs", "generate", "--static"])
    page = settings.target_path / "static_index.html"
    if not done.succeeded or not page.exists():
        raise ConfigurationError(f"dbt wrote no documentation:\n{done.output}")
    return page


def main() -> int:
    """Writes the page and says where it is."""
    try:
        page = write_docs(load_settings())
    except (ConfigurationError, WarehouseBusyError) as error:
        complaints().print(f"[red]docs:[/red] {plain(error)}")
        return Exit.FAILED
    console().print(f"The documentation is one page: [b]{plain(page)}[/b] (open it in a browser)")
    return Exit.GOOD


if __name__ == "__main__":
    sys.exit(main())
