"""The one Python handle to the dbt project: settings, paths, the warehouse, and running dbt."""
