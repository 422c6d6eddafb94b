"""The landing desks, as the tests of landing use them; and both engines, open and empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dbt_project.warehouse import Warehouse, open_warehouse
from tests.python.conftest import make_settings, new_database
from tests.python.ingestion.conftest import desk, engine_desk, fresh_desk

__all__ = ["desk", "engine_desk", "engines", "fresh_desk"]


@pytest.fixture(scope="module")
def engines(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: object
) -> Iterator[tuple[Warehouse, Warehouse]]:
    """Both engines, open."""
    folder = tmp_path_factory.mktemp("engines")
    server = new_database(postgres_server, "both_engines")
    with (
        open_warehouse(make_settings(folder)) as one,
        open_warehouse(make_settings(folder, target="postgres", postgres=server)) as other,
    ):
        yield one, other
