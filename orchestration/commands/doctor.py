"""tieout doctor: is everything in place? A line a check, and the way out where it is not."""

from __future__ import annotations

import typer

from orchestration.console import complaints, console, plain, styled
from orchestration.doctor import examine
from orchestration.outcome import Exit


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog="Example: [b]tieout doctor[/b]. Exit 1: at least one line failed.")(doctor)


def doctor() -> None:
    """Check Python, packages, rights, disk, lock, connections, configuration; changes nothing."""
    out = console()
    failed = 0
    for check in examine():
        word = styled("ok" if check.is_ok else "failed")
        out.print(f"{word:<6} {plain(check.name)}: {plain(check.detail)}")
        if not check.is_ok:
            failed += 1
            out.print(f"       → {plain(check.way_out)}")
    if failed:
        complaints().print(f"[red]{failed} of the checks failed[/red]")
        raise typer.Exit(Exit.FAILED)
