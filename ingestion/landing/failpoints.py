"""Named places where a test may kill the process: TIEOUT_FAILPOINT=after_archive.

Read once, when the process starts; without the variable a place is one comparison with None. Only
SIGKILL is ever sent, and only to this process: what a crash may do at any time anyway. The driver
is tests/kills/kill_landing.py.
"""

from __future__ import annotations

import os
import signal

NAMES = (
    "before_archive",
    "after_snapshot",
    "after_sidecar",
    "after_archive",
    "after_parse",
    "after_stage",
    "in_transaction",
    "after_rows",
    "after_register",
    "before_commit",
    "after_commit",
    "before_leave",
    "after_leave",
)
_PREFIX = "TIEOUT_"
_ARMED = os.environ.get(f"{_PREFIX}FAILPOINT")


def reached(name: str) -> None:
    """Dies here if this is the place that was asked for."""
    if _ARMED is not None and name == _ARMED:
        os.kill(os.getpid(), signal.SIGKILL)


def arm(name: str | None) -> None:
    """Chooses the place in this process, for drivers that fork. Raises ValueError if unknown."""
    global _ARMED
    if name is not None and name not in NAMES:
        raise ValueError(f"{name}: one of {', '.join(NAMES)}")
    _ARMED = name
