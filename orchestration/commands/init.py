"""tieout init: the two files a deployment edits, copied from their examples.

Files that exist are left alone, so it is safe to call again.
"""

from __future__ import annotations

import shutil

import typer

from dbt_project.settings import PROJECT_ROOT, config_file
from orchestration.console import console, plain


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog="Example: [b]tieout init[/b], edit tieout.yml, then [b]tieout doctor[/b].")(
        init
    )


def init() -> None:
    """Write tieout.yml and profiles.yml from their examples; never over existing files."""
    out = console()
    home = config_file().parent
    home.mkdir(parents=True, exist_ok=True)
    wanted = {
        "tieout.yml.example": config_file(),
        "profiles.yml.example": home / "profiles.yml",
    }
    for example, target in wanted.items():
        if target.exists():
            out.print(f"kept     {plain(target)} (it exists already)")
        else:
            shutil.copyfile(PROJECT_ROOT / example, target)
            out.print(f"written  {plain(target)}")
    out.print(f"Next: edit {plain(config_file().name)}, then call [b]tieout doctor[/b].")
