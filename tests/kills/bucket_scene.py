"""The scene of an archive that is a bucket, on a real S3 server in a process of its own."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from dbt_project.settings_archive import ArchiveBucket
from dbt_project.warehouse import open_warehouse
from ingestion.landing.archive import is_kept
from ingestion.landing.bucket_store import Bucket
from tests.kills.arena import LEAVE, Arena
from tests.kills.loader import fork, wait


class Bucketed(Arena):
    """Files that land from a folder into an archive that is a bucket."""

    weak = ("after_commit", *LEAVE)

    def words(self) -> dict[str, Any]:
        """A store in a process of its own."""
        os.environ["AWS_ACCESS_KEY_ID"] = os.environ["AWS_SECRET_ACCESS_KEY"] = "testing"
        address = self.folder / "address"
        self._store = fork(lambda: _store(address))
        while not address.exists():
            time.sleep(0.01)
        place = ArchiveBucket(bucket="kills", prefix="books/", endpoint_url=address.read_text())
        return {**super().words(), "archive_bucket": place}

    def unguard(self) -> None:
        """Objects go up when everything is landed, not before."""
        late: list[Any] = []
        real, work = Bucket.put, self.act
        Bucket.put = lambda *words: late.append(words)  # type: ignore[method-assign]

        def act() -> None:
            work()
            for bucket, *words in late:
                real(bucket, *words)

        self.act = act  # type: ignore[method-assign]

    def look(self, is_over: bool) -> list[str]:
        """As for a folder; and whatever is registered is in the bucket, read again, whole."""
        found = super().look(is_over)
        with open_warehouse(self.settings) as warehouse:
            rows = warehouse.rows("select sha256, archived_as from ops.documents")
        last = rows if is_over else rows[-8:]
        lost = [r for r in last if not is_kept(self.settings, r["archived_as"], r["sha256"])]
        return found + [f"registered and not in the bucket: {row}" for row in lost]

    def stop(self) -> None:
        """Ends the store."""
        os.kill(self._store, signal.SIGKILL)
        wait(self._store)


def _store(address: Path) -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1").create_bucket(
        Bucket="kills"
    )
    whole = address.with_suffix(".new")
    whole.write_text(f"http://{host}:{port}")
    whole.rename(address)
    threading.Event().wait()
