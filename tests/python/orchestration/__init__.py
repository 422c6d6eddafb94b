"""Tests of the command line, Dagster and alerts."""
