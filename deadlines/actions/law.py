"""Loading the law: calendars and rules are data, each load an event; open clocks follow the calendar."""

import hashlib
from datetime import datetime

from django.db import transaction

from audit.actions import Actor, record
from core.errors import Invalid
from deadlines.actions.redating import redate_clocks
from deadlines.models import CalendarNotice, Clock, LadderStep, RuleSet
from deadlines.rules import parse_rules
from deadlines.workdays import parse_notice


@transaction.atomic
def publish_calendar(*, raw: bytes, source: str, actor: Actor, at: datetime) -> CalendarNotice | None:
    """Load the official notice of a year and re-date every running clock it moves; None if this very file is in force.

    The difference is kept as a report: each clock with its due date before and after.

    :raises Invalid: the file is malformed or contradictory; nothing has changed.
    """
    plan = parse_notice(raw)
    sha256 = hashlib.sha256(raw).hexdigest()
    newest = CalendarNotice.objects.filter(year=plan.year).order_by("-id").first()
    if newest is not None and newest.sha256 == sha256:
        return None
    before = CalendarNotice.objects.order_by("-id").first()
    notice = CalendarNotice.objects.create(
        year=plan.year, source=source, sha256=sha256, text=raw.decode(), loaded_at=at, loaded_by=actor.label[:120]
    )
    report = redate_clocks(before, notice, actor, at)
    record(
        verb="deadlines.publish_calendar", actor=actor, at=at, subject_kind="calendar", subject_id=notice.pk,
        subject_label=f"{plan.year}年工作日历", sha256=sha256, examined=report.examined, changed=report.changed,
    )  # fmt: skip
    return notice


@transaction.atomic
def load_rules(*, text: str, source: str, actor: Actor, at: datetime) -> RuleSet | None:
    """Put a set of rules in force; None if this very set already is.

    :raises Invalid: malformed, or it drops a version that existing clocks were started under.
    """
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    newest = RuleSet.objects.order_by("-id").first()
    if newest is not None and newest.sha256 == sha256:
        return None
    book = parse_rules(text)
    in_use = set(Clock.objects.order_by().values_list("rule_version", flat=True).distinct())
    missing = sorted(in_use - {version.id for version in book.versions()})
    if missing:
        raise Invalid(f"规则版本{missing[0]}仍有期限在用，不能删除。", code="rule_version_in_use", field=missing[0])
    rules = RuleSet.objects.create(source=source, sha256=sha256, text=text, loaded_at=at, loaded_by=actor.label[:120])
    record(
        verb="deadlines.load_rules", actor=actor, at=at, subject_kind="rules", subject_id=rules.pk,
        subject_label="期限规则", sha256=sha256, versions=len(list(book.versions())),
    )  # fmt: skip
    return rules


@transaction.atomic
def set_ladder(*, steps: list[dict[str, str | int]], actor: Actor, at: datetime) -> None:
    """Replace the escalation steps; they apply to reminders scheduled from now on."""
    LadderStep.objects.all().delete()
    LadderStep.objects.bulk_create(
        LadderStep(
            counted_in=str(step["counted_in"]), name=str(step["name"]), audience=str(step["audience"]),
            amount=int(step["amount"]),
        )
        for step in steps
    )  # fmt: skip
    record(
        verb="deadlines.set_ladder", actor=actor, at=at, subject_kind="ladder", subject_id=0,
        subject_label="逾期提醒阶梯", steps=[f"{step['counted_in']} {step['name']} +{step['amount']}" for step in steps],
    )  # fmt: skip
