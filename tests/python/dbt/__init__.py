"""Tests that build dbt models on rows written by the test itself."""
