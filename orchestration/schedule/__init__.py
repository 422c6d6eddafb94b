"""What Dagster runs and when: assets, jobs, timetable, inbox and alerts."""
