"""The landing desks, as the tests of landing use them."""

from tests.python.ingestion.conftest import desk, engine_desk, fresh_desk

__all__ = ["desk", "engine_desk", "fresh_desk"]
