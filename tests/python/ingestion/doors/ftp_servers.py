"""FTPS servers that run for a test: pyftpdlib, and ProFTPD, which insists on one TLS session."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import TLS_FTPHandler
from pyftpdlib.servers import ThreadedFTPServer

from tests.python.orchestration.mail_server import free_port

PASSWORD = "let me in"
PROFTPD = shutil.which("proftpd") or "/usr/sbin/proftpd"


class Implicit(TLS_FTPHandler):  # type: ignore[misc]
    """TLS from the first byte on."""

    def handle(self) -> None:
        self.secure_connection(self.ssl_context)

    def handle_ssl_established(self) -> None:
        TLS_FTPHandler.handle(self)

    def ftp_AUTH(self, arg: str) -> None:  # noqa: N802 – pyftpdlib's name
        self.respond("502 TLS is on already.")


@contextmanager
def serving(files: Path, base: type[TLS_FTPHandler] = TLS_FTPHandler) -> Iterator[int]:
    """pyftpdlib until the block ends; its port."""
    users = DummyAuthorizer()
    users.add_user("tieout", PASSWORD, str(files.parent), perm="elradfmw")

    class Handler(base):  # type: ignore[misc, valid-type]
        """This test's server."""

        certfile = str(files.parent.parent / "server.pem")
        authorizer = users
        tls_control_required = base is TLS_FTPHandler
        tls_data_required = True
        ssl_context = None

    server = ThreadedFTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"timeout": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.address[1]
    finally:
        server.close_all()
        thread.join(5)


CONFIGURATION = """
ModulePath /usr/lib/proftpd
LoadModule mod_tls.c
ServerName strict
ServerType standalone
Port {port}
DefaultAddress 127.0.0.1
UseIPv6 off
User root
Group root
RootLogin on
RequireValidShell off
AuthOrder mod_auth_file.c
AuthUserFile {home}/users
DefaultRoot {root}
ScoreboardFile {home}/scoreboard
PidFile {home}/pid
SystemLog {home}/system.log
WtmpLog off
TLSEngine on
TLSRequired on
TLSProtocol {protocol}
TLSLog {home}/tls.log
TLSRSACertificateFile {home}/server.pem
TLSRSACertificateKeyFile {home}/server.pem
"""


@contextmanager
def strict(files: Path, protocol: str = "TLSv1.2") -> Iterator[int]:
    """ProFTPD, which by default takes only data connections of the control connection's session."""
    home, port = files.parent.parent, free_port()
    hashed = subprocess.run(
        [str(shutil.which("openssl")), "passwd", "-6", PASSWORD],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    (home / "users").write_text(f"tieout:{hashed}:0:0::{files.parent}:/bin/sh\n")
    (home / "users").chmod(0o600)
    words = {"port": port, "home": home, "root": files.parent, "protocol": protocol}
    (home / "proftpd.conf").write_text(CONFIGURATION.format(**words))
    process = subprocess.Popen(
        [PROFTPD, "-n", "-q", "-c", str(home / "proftpd.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)
