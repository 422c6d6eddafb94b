"""tieout load: files that come in by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ingestion.known_sources import known_sources
from ingestion.landing.archive import MANIFEST
from ingestion.landing.land import LandingResult
from orchestration import pipeline
from orchestration.console import Target, complaints, console, plain, reason, settings_for, styled
from orchestration.outcome import Exit


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(
        epilog="Examples: [b]tieout load stripe october.csv[/b] · "
        "[b]tieout load bank statements/[/b] (every file in the folder) · then "
        "[b]tieout build[/b]. The same bytes twice are landed once. Exit 1: a file was "
        "rejected; 3: a file is held or rows are quarantined; each line says why."
    )(load)


def load(
    source: Annotated[
        str, typer.Argument(help="Whose files: a source of the catalogue or a manifest.")
    ],
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.", metavar="PATH…")],
    target: Target = None,
) -> None:
    """Land files of one source: archive the bytes, check every row, keep what is right."""
    settings = settings_for(target)
    known = known_sources(settings)
    if source not in known:
        raise typer.BadParameter(f"{source}: no such source; one of {', '.join(known)}")
    files = files_of(paths)
    out = console()
    results = []
    with _progress(len(files)) as progress:
        task = progress.add_task("Landing", total=len(files))
        for result in pipeline.land(settings, source, files):
            results.append(result)
            out.print(line_of(result))
            progress.advance(task)
    out.print(summary_of(results))
    raise typer.Exit(exit_of(results))


def exit_of(results: Sequence[LandingResult]) -> Exit:
    """A file named by hand that was rejected is a failure; held or quarantined wants a person."""
    if any(result.state == "rejected" for result in results):
        return Exit.FAILED
    return pipeline.landing_exit(results)


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The files named, folders opened, in a fixed order. Wrong usage when there is none."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (file for file in path.rglob("*") if file.is_file())
            files += sorted(file for file in inside if is_data(file))
        elif path.is_file():
            files.append(path)
        else:
            raise typer.BadParameter(f"{path}: no such file or folder")
    if not files:
        raise typer.BadParameter(f"no files in {', '.join(str(path) for path in paths)}")
    return files


def is_data(file: Path) -> bool:
    """Whether a file in a folder is one to land: not hidden, not another file's manifest."""
    return not file.name.startswith(".") and not file.name.endswith(MANIFEST)


def line_of(result: LandingResult) -> str:
    """One landed file in one line, as rich markup."""
    words = [f"{styled(result.state)} {plain(result.name)}:"]
    if result.state == "landed" or result.landed_rows:
        words.append(f"{result.landed_rows} rows landed,")
    if result.quarantined_rows:
        words.append(f"[yellow]{result.quarantined_rows} quarantined[/yellow],")
    words.append(plain(result.document_id))
    if why := reason(result.code, result.message):
        return f"{' '.join(words)}\n    {why}"
    if result.quarantined_rows:
        words.append(f"(each refused line: tieout explain {plain(result.document_id)})")
    return " ".join(words)


def summary_of(results: Sequence[LandingResult]) -> str:
    """The last line: files by state and rows."""
    counts = pipeline.landing_counts(results)
    rows, quarantined = counts.pop("rows"), counts.pop("quarantined_rows")
    files = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    return f"{len(results)} files: {files or 'none'}; {rows} rows landed, {quarantined} quarantined"


def _progress(total: int) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=complaints(),
        transient=True,
        disable=total < 2 or not complaints().is_terminal,
    )
