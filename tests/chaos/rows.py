"""What is put in before a run and what must be there after it; each in a program of its own, with the run's settings."""

import json
import os
import random
import sys
from collections import Counter
from datetime import timedelta
from email import message_from_string
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import DurationField, ExpressionWrapper, F, Max

from accounts.models import User
from audit.actions import seal_entries
from audit.queries import verify_trail
from core.clock import database_now
from deadlines.actions.clocks import Subject, start_clock
from deadlines.models import Reminder
from notices.actions import LEASE, gather_digests, send_deliveries
from notices.models import Delivery, Notice
from tests.builders import SYSTEM, make_city

RUNGS = 6

# A notice takes some milliseconds to write, so that kills find sweeps in the middle of a batch.
SLOW_ON_POSTGRESQL = """
CREATE FUNCTION slow_motion() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.004); RETURN NEW; END $$;
CREATE TRIGGER slow_motion BEFORE INSERT ON notices_notice FOR EACH ROW EXECUTE FUNCTION slow_motion();
"""
SLOW_ON_SQLITE = """
CREATE TRIGGER slow_motion BEFORE INSERT ON notices_notice BEGIN
    SELECT max(x) FROM (WITH RECURSIVE steps (x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM steps WHERE x < 12000)
                        SELECT x FROM steps);
END
"""


def fill(rows: int, seconds: float, seed: int) -> None:
    """``rows`` reminders for three people, due in bursts over the coming ``seconds``."""
    call_command("migrate", verbosity=0)
    call_command("load_law", stdout=sys.stderr)
    chance = random.Random(seed)
    with transaction.atomic():
        city = make_city()
        for user in (city.east_handler, city.east_head, city.supervisor):
            User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org")
        at = database_now()
        for number in range(rows // RUNGS):
            subject = Subject("lead", number, f"线索{number}", city.east_squad, city.east_handler, f"线索{number}")
            start_clock(rule="lead_verification", subject=subject, origin_on=at.date(), actor=SYSTEM, at=at)
        reminders = list(Reminder.objects.all())
        for reminder in reminders:
            reminder.fire_at = at + timedelta(seconds=int(chance.random() * seconds / 2) * 2 + 4)
        Reminder.objects.bulk_update(reminders, ["fire_at"], batch_size=500)
        with connection.cursor() as cursor:
            cursor.execute(SLOW_ON_POSTGRESQL if connection.vendor == "postgresql" else SLOW_ON_SQLITE)
    _say({"rows": len(reminders)})


def left() -> None:
    """How much is still to be done: rings go on until nothing is."""
    _say({"left": Reminder.objects.filter(state="pending").count()})


def check() -> None:
    """Compare what was told with what was to be told, inside and outside, after one last ring past every lease."""
    wanted = {
        (number, f"deadline_{rung}") for number, rung in Reminder.objects.values_list("clock__subject_id", "rung")
    }
    told = Counter(Notice.objects.values_list("subject_id", "kind"))
    gather_digests(at=database_now())
    send_deliveries(at=database_now() + LEASE)
    mails = _mails()
    while seal_entries(at=database_now()):
        pass
    outcome = {
        "told": sum(told.values()),
        "lost": len(wanted - told.keys()),
        "duplicates": sum(told.values()) - len(told),
        "latest_seconds": _latest(),
        "not_marked": Reminder.objects.exclude(state="sent").count(),
        "in_no_mail": Notice.objects.filter(deliveries__isnull=True).count(),
        "mails_lost": len({str(each) for each in Delivery.objects.values_list("message_id", flat=True)} - set(mails)),
        "mails_repeated": len(mails) - len(set(mails)),
        "trail": verify_trail(at=database_now(), anchors={}).found,
    }
    _say(outcome)


def _latest() -> float:
    """How long after its moment the slowest reminder was told."""
    delay = ExpressionWrapper(F("fired_at") - F("fire_at"), output_field=DurationField())
    latest = Reminder.objects.filter(state="sent").aggregate(latest=Max(delay))["latest"]
    return round(latest.total_seconds(), 1) if latest else 0.0


def _mails() -> list[str]:
    """The message ids of everything the mail server was given, repeats included."""
    texts = [text for path in Path(os.environ["MAILS"]).glob("*.log") for text in path.read_text().split("-" * 79)]
    numbers = [message_from_string(text.lstrip())["Message-ID"] for text in texts]
    return [number.strip("<>").partition("@")[0] for number in numbers if number]


def _say(answer: dict[str, object]) -> None:
    sys.stdout.write(f"{json.dumps(answer)}\n")


def main(arguments: list[str]) -> None:
    what, *rest = arguments
    if what == "fill":
        fill(int(rest[0]), float(rest[1]), int(rest[2]))
    elif what == "left":
        left()
    else:
        check()
