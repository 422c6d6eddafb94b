"""Writes a run's reports into a folder of its own, and copies them to a bucket when one is set.

In: Settings and the facts of the run. Out: Delivered. Files: report.html, executive_summary.txt,
report.json, breaks.csv, matched.csv, proposed.csv. The folder keeps them whether a bucket took
them or not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from dbt_project.settings import ConfigurationError, Settings
from dbt_project.warehouse import open_warehouse
from delivery.contents import read_contents
from delivery.document import document
from delivery.executive import executive_summary
from delivery.exports import write_breaks, write_matched, write_proposed
from delivery.facts import Delivered, RunFacts
from delivery.files import written
from delivery.page import page
from delivery.upload import upload


def write_reports(settings: Settings, facts: RunFacts) -> Delivered:
    """Writes every report of the run; uploads them when the settings name a bucket.

    Raises ConfigurationError when the run's folder would lie outside settings.reports.
    """
    folder = report_folder(settings, facts)
    with open_warehouse(settings, read_only=True) as warehouse:
        contents = read_contents(warehouse, facts, settings.tenant)
        texts = {
            "report.html": page(contents),
            "executive_summary.txt": executive_summary(contents),
            "report.json": _json(document(contents)),
        }
        files = (
            *(written(folder, name, _filler(text)) for name, text in texts.items()),
            written(folder, "breaks.csv", lambda file: write_breaks(warehouse, file)),
            written(folder, "matched.csv", lambda file: write_matched(warehouse, file)),
            written(folder, "proposed.csv", lambda file: write_proposed(warehouse, file)),
        )
    if settings.delivery is None:
        return Delivered(folder, files, None, "kept here; no bucket is set")
    day = f"{facts.moment:%Y-%m-%d}"
    address, note = upload(settings.delivery, files, f"{day}/{folder.name}")
    return Delivered(folder, files, address, note)


def report_folder(settings: Settings, facts: RunFacts) -> Path:
    """reports/<as of>_<run>, made if missing; a link that leads elsewhere is refused."""
    reports = settings.reports.resolve()
    name = re.sub(r"[^A-Za-z0-9_-]", "_", f"{facts.moment:%Y-%m-%d_%H%M}_{facts.run_id}")[:120]
    folder = reports / name
    folder.mkdir(parents=True, exist_ok=True)
    if not folder.resolve().is_relative_to(reports) or folder.is_symlink():
        raise ConfigurationError(
            f"{folder} leads out of {reports}; remove the link or set another `reports` folder."
        )
    return folder


def _filler(text: str) -> Callable[[Path], int]:
    return lambda file: file.write_bytes(text.encode())


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
