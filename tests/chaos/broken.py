"""The control: workers whose sweep lacks the guard. It marks what is due as told, commits, and only then tells."""

import time
from datetime import datetime
from importlib import import_module

from celery.signals import worker_init
from django.db import transaction

from casemgr.celery import app

TELLING_SECONDS = 0.01  # a quick machine would close the gap between mark and telling before a kill could fall into it


def sweep_without_guard(*, at: datetime) -> None:
    from deadlines.actions.reminders import _claim, _due
    from deadlines.actions.telling import Recipients, Words
    from deadlines.models import Reminder, ReminderState
    from deadlines.queries import rule_book
    from notices.actions import post_notices

    due = list(_due(at).values_list("id", flat=True)[:500])
    Reminder.objects.filter(pk__in=due).update(state=ReminderState.SENT, fired_at=at)
    people, words = Recipients(), Words(rule_book())
    for number in due:
        with transaction.atomic():
            claimed = _claim(Reminder.objects.filter(pk=number), at)
        people.load(claimed)
        time.sleep(TELLING_SECONDS)
        post_notices([words.notice(row, who) for row in claimed for who in people.of(row)], at=at)


@worker_init.connect  # type: ignore[untyped-decorator]  # celery carries no types
def remove_the_guard(**_: object) -> None:
    setattr(import_module("deadlines.tasks"), "sweep_reminders", sweep_without_guard)  # noqa: B010 - not its name


__all__ = ["app"]
