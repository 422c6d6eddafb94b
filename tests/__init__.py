"""Tests: dbt's own in tests/dbt, pytest's in tests/python."""
