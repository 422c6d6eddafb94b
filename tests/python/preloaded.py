"""dbt for the tests, without its imports and parse: four of the six CPU seconds of a small call.

A process imports dbt once (dbt_server.py) and forks itself for each call; the child is what
`python -m dbt_project.parsed` would have been, with an environment and an output of its own. What
is tested as a command in a process of its own starts dbt as users do.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Any

MODULE = "dbt_project.parsed"


class Dbt:
    """A call of dbt; what Popen is for a process of its own."""

    def __init__(self, place: Path, command: list[str], cwd: Path, env: dict[str, str]) -> None:
        ours, theirs = os.pipe()
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.connect(str(place))
        words = command[command.index(MODULE) + 1 :]
        asked = json.dumps({"words": words, "cwd": str(cwd), "env": env})
        socket.send_fds(self._line, [asked.encode()], [theirs])
        os.close(theirs)
        self.pid = int(self._line.recv(64))
        self.stdout = os.fdopen(ours, encoding="utf-8")
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code."""
        if self.returncode is None:
            self._line.settimeout(timeout)
            try:
                self.returncode = int(self._line.recv(64))
            except TimeoutError as error:
                raise subprocess.TimeoutExpired(MODULE, timeout or 0) from error
        return self.returncode

    def terminate(self) -> None:
        """Asks it to end."""
        os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """Ends it."""
        os.kill(self.pid, signal.SIGKILL)

    def __enter__(self) -> Dbt:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stdout.close()
        self.wait()
        self._line.close()


class Preloaded:
    """The process that imported dbt; started with the first call."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tieout-dbt-")
        self._place = Path(self._folder.name) / "dbt"
        self._process: subprocess.Popen[bytes] | None = None

    def call(self, command: list[str], *, cwd: Path, env: dict[str, str], **_: Any) -> Dbt:
        """Popen's words; its output is always one text."""
        if self._process is None:
            # a parse holds a lock, which nobody gives back when the process is killed
            words = [sys.executable, "-W", "ignore:resource_tracker"]
            words += ["-m", "tests.python.dbt_server", str(self._place)]
            self._process = subprocess.Popen(words, cwd=cwd, stdout=subprocess.PIPE)
            assert self._process.stdout is not None
            assert self._process.stdout.readline() == b"ready\n"
        return Dbt(self._place, command, cwd, env)

    def as_subprocess(self) -> SimpleNamespace:
        """What stands for the module `subprocess` where dbt is called."""
        names = ("PIPE", "STDOUT", "TimeoutExpired")
        return SimpleNamespace(
            Popen=self.call, **{name: getattr(subprocess, name) for name in names}
        )

    def stop(self) -> None:
        """Ends the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()
