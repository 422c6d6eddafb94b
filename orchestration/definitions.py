"""Dagster's table of contents: everything it knows of Tieout is named here.

Run: `dagster dev` in the checkout, then http://127.0.0.1:3000. See docs/running.md.
"""

from dagster import Definitions

from orchestration.schedule.after import AFTER
from orchestration.schedule.alerts import alert_sensor
from orchestration.schedule.inbox import inbox_sensor
from orchestration.schedule.jobs import JOBS, SCHEDULES
from orchestration.schedule.models import dbt_build
from orchestration.schedule.raw import LOADERS
from orchestration.schedule.rewards import rewards_close, rewards_schedule, workbook_sensor

defs = Definitions(
    assets=[*LOADERS, dbt_build, *AFTER],
    jobs=[*JOBS.values(), rewards_close],
    schedules=[*SCHEDULES, rewards_schedule],
    sensors=[inbox_sensor, alert_sensor, workbook_sensor],
)
