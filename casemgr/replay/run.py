"""Replaying a whole file of published cases in one transaction, undone unless it is to be kept."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from casemgr.replay.report import CaseReport, report_on
from casemgr.replay.source import PublishedCase
from casemgr.replay.stage import set_stage
from casemgr.replay.verdicts import Law
from casemgr.replay.walk import Walk
from deadlines.actions.reminders import sending_opens, sweep_reminders
from deadlines.queries import current_calendar, rule_book


def replay_cases(cases: Sequence[PublishedCase], *, at: datetime, keep: bool = False) -> list[CaseReport]:
    """Take the cases through the verbs, each until ``at``, and report in the order given.

    Without ``keep`` the database is as before. While it runs it holds one transaction (on SQLite: the only writer).

    :raises Invalid: no rules or calendars are loaded.
    """
    law = Law(rule_book(), current_calendar())
    with transaction.atomic():
        if keep:
            sweep_reminders(at=at)  # what is really due is told now, not at a moment of the replay
        stage = set_stage(at=at)
        reports: dict[int, CaseReport] = {}
        for index in sorted(range(len(cases)), key=lambda each: _begins(cases[each])):
            walk = Walk(stage, cases[index], law, at)
            walk.run()
            reports[index] = report_on(walk, law, sending_opens())
        if keep:
            sweep_reminders(at=at)  # the sweep's heartbeat is today's again
        else:
            transaction.set_rollback(True)
    return [reports[index] for index in range(len(cases))]


def _begins(case: PublishedCase) -> date:
    return min((span.earliest for span in case.stated().values()), default=date.max)
