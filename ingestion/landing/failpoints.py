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
    "after_removal",
    "after_rows",
    "after_register",
    "after_decision",
    "before_commit",
    "after_commit",
    "before_leave",
    "after_leave",
    "after_pages",
    "after_bind",
    "before_close",
    "after_close",
)
_PREFIX = "TIEOUT_"
_ARMED = os.environ.get(f"{_PREFIX}FAILPOINT")
_SPARED = 0  # how often the place is passed unhurt before


def reached(name: str) -> None:
    """Dies here if this is the place that was asked for."""
    if _ARMED is not None and name == _ARMED:
        _die_in_turn()


def _die_in_turn() -> None:
    global _SPARED
    if _SPARED == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    _SPARED -= 1


def arm(name: str | None, spared: int = 0) -> None:
    """Chooses the place in this process, for drivers that fork, and how often it is passed before.

    Raises ValueError if unknown.
    """
    global _ARMED, _SPARED
    if name is not None and name not in NAMES:
        raise ValueError(f"{name}: one of {', '.join(NAMES)}")
    _ARMED, _SPARED = name, spared
