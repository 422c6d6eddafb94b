"""A file appears whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def written(folder: Path, name: str, fill: Callable[[Path], object]) -> Path:
    """Fills a file beside its final name, then gives it that name: no reader sees half of one."""
    final, fresh = folder / name, folder / f".{name}.{os.getpid()}"
    try:
        fill(fresh)
        fresh.replace(final)
    finally:
        fresh.unlink(missing_ok=True)
    return final
