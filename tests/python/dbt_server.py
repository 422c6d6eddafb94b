"""The process that has imported dbt and forks for each call: see preloaded.py.

Run as: python -m tests.python.dbt_server SOCKET
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import sys
from pathlib import Path
from typing import Any

import dbt.adapters.duckdb
import dbt.adapters.postgres  # noqa: F401

from dbt_project import parsed

PARSES: dict[Path, Any] = {}


def serve(place: str) -> int:
    """Forks for each call, and says its number and then its exit code to who called.

    Returns in a child alone, which then ends as any process: with its database closed.
    """
    door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    door.bind(place)
    door.listen()
    print("ready", flush=True)  # noqa: T201
    waiting = selectors.DefaultSelector()
    waiting.register(door, selectors.EVENT_READ)
    while True:
        for key, _ in waiting.select():
            if key.fileobj is door:
                line, _address = door.accept()
                words, (output,), *_rest = socket.recv_fds(line, 1 << 20, 1)
                asked = json.loads(words)
                read_parse(asked)
                child = os.fork()
                if not child:
                    door.close()
                    return run(asked, output)
                os.close(output)
                line.send(str(child).encode())
                waiting.register(os.pidfd_open(child), selectors.EVENT_READ, (child, line))
            else:
                child, line = key.data
                waiting.unregister(key.fileobj)
                os.close(key.fd)
                code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                line.send(str(code).encode())
                line.close()


def read_parse(asked: dict[str, Any]) -> None:
    """Reads the kept parse of a call before the fork, once for all calls that need it."""
    os.environ.clear()
    os.environ.update(asked["env"])
    file = parsed.place(asked["words"])
    if file and file.exists() and file not in PARSES:
        PARSES[file] = parsed.take(file)


def run(asked: dict[str, Any], output: int) -> int:
    """One call, in the child."""
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    from_disk = parsed.take
    parsed.take = lambda file: PARSES.get(file) or from_disk(file)
    code = 2
    try:
        code = parsed.main(asked["words"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return code


if __name__ == "__main__":
    sys.exit(serve(sys.argv[1]))
