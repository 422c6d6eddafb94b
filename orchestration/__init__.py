"""When things run and who is told: the pipeline, its command line, Dagster and alerts."""
