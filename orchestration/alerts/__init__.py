"""Who is told when a run breaks or a dbt test fails: once, however often delivery is tried."""
