"""The demonstration: one merchant's month, from the files of samples/ through the real doors.

In: samples/inbox and samples/tieout.yml (its clock is pinned). Out: a fresh demo/ folder with
warehouse, published copy and reports, and the story on the screen. Exit 0 when everything ran: the
breaks in the samples are the story. Run: make demo (python -m orchestration.demo)
"""

from __future__ import annotations

import os
import shutil
import sys
import time

from rich.console import Console

from dbt_project.settings import PROJECT_ROOT, ConfigurationError, Settings, load_settings
from dbt_project.warehouse import Warehouse, WarehouseBusyError, open_warehouse
from orchestration import pipeline
from orchestration.build import BuildRequest
from orchestration.commands.load import line_of
from orchestration.commands.run import advance, progress_of, show_build
from orchestration.console import complaints, configure_logs, console, plain
from orchestration.demo_story import tell
from orchestration.outcome import Exit

SAMPLES = PROJECT_ROOT / "samples"


def fresh_settings() -> Settings:
    """The demo's settings, over an empty demo folder with the samples in its inbox."""
    for name in [name for name in os.environ if name.startswith("TIEOUT_")]:
        del os.environ[name]  # a deployment of one's own has no part in the demo
    os.environ["TIEOUT_CONFIG"] = str(SAMPLES / "tieout.yml")
    settings = load_settings()
    shutil.rmtree(settings.inbox.parent, ignore_errors=True)
    shutil.copytree(SAMPLES / "inbox", settings.inbox)
    return settings


def run(settings: Settings, out: Console) -> pipeline.RunOutcome:
    """Lands, builds, publishes and reports, as `tieout run` does."""
    with progress_of() as (progress, task):
        return pipeline.run(
            settings,
            BuildRequest(),
            watch=pipeline.Watch(
                stage=lambda name: progress.update(task, description=name, completed=0, total=None),
                landed=lambda result: out.print(line_of(result)),
                line=lambda line: advance(progress, task, line),
            ),
        )


def main() -> int:
    """Runs the demonstration. Returns 0, or 1 when something did not work."""
    configure_logs(is_json=False)
    began = time.monotonic()
    out = console()
    try:
        settings = fresh_settings()
        out.rule("[b]Files[/b], as they came", align="left")
        outcome = run(settings, out)
        out.rule("[b]Built and tested[/b]", align="left")
        show_build(outcome.build)
        with open_warehouse(settings, read_only=True) as warehouse:
            _finish(out, settings, warehouse, outcome)
    except (ConfigurationError, WarehouseBusyError) as error:
        complaints().print(f"[red]demo:[/red] {plain(error)}")
        return Exit.FAILED
    out.print(f"\n{time.monotonic() - began:.0f} seconds.")
    return Exit.FAILED if outcome.exit_code == Exit.FAILED else Exit.GOOD


def _finish(
    out: Console, settings: Settings, warehouse: Warehouse, outcome: pipeline.RunOutcome
) -> None:
    if not outcome.is_published:
        out.print("[red]The build failed, so there is no story to tell.[/red]")
        return
    tell(out, settings, warehouse, outcome.delivered.folder)


if __name__ == "__main__":
    sys.exit(main())
