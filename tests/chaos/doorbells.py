"""The project's own schedule, rung fast enough for a run of a minute and not of an hour."""

from casemgr.celery import app

PACE = {"deadlines.sweep_reminders": 1.0}  # seconds; the file broker hands each worker two messages a second

app.conf.beat_schedule = {
    name: {**entry, "schedule": PACE.get(entry["task"], 3.0)} for name, entry in app.conf.beat_schedule.items()
}
app.conf.beat_max_loop_interval = 0.5

__all__ = ["app"]
