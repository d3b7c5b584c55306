"""Loading the law: calendars and rules are data, each load an event; open clocks follow the calendar."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import Actor, record
from core.errors import Invalid
from core.memo import forget
from deadlines.actions.redating import redate_clocks
from deadlines.actions.set_writes import hold_clocks
from deadlines.models import CalendarNotice, Clock, LadderStep, RuleSet
from deadlines.queries import rule_book
from deadlines.rules import RuleBook, RuleVersion, parse_rules
from deadlines.workdays import parse_notice


@transaction.atomic
def publish_calendar(*, raw: bytes, source: str, actor: Actor, at: datetime) -> CalendarNotice | None:
    """Load the official notice of a year and re-date every running clock it moves; None if this very file is in force.

    The difference is kept as a report: each clock with its due date before and after.

    :raises Invalid: the file is malformed, contradictory, or an old one that another has replaced; nothing has changed.
    """
    plan = parse_notice(raw)
    hold_clocks()
    sha256 = hashlib.sha256(raw).hexdigest()
    newest = CalendarNotice.objects.filter(year=plan.year).order_by("-id").first()
    if newest is not None and newest.sha256 == sha256:
        return None
    if CalendarNotice.objects.filter(year=plan.year, sha256=sha256).exists():
        raise _superseded(_("%(year)s年放假安排") % {"year": plan.year})
    before = CalendarNotice.objects.order_by("-id").first()
    notice = CalendarNotice.objects.create(
        year=plan.year, source=source, sha256=sha256, text=raw.decode(), loaded_at=at, loaded_by=actor.label[:120]
    )
    forget(CalendarNotice)
    report = redate_clocks(before, notice, actor, at)
    record(
        verb="deadlines.publish_calendar", actor=actor, at=at, subject_kind="calendar", subject_id=notice.pk,
        subject_label=f"{plan.year}年工作日历", sha256=sha256, examined=report.examined, changed=report.changed,
    )  # fmt: skip
    return notice


@transaction.atomic
def load_rules(*, text: str, source: str, actor: Actor, at: datetime) -> RuleSet | None:
    """Put a set of rules in force; None if this very set already is.

    :raises Invalid: malformed, an old set that another has replaced, or it drops a version that existing clocks were
        started under or changes how it counts. A changed period is a new version with its own dates.
    """
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    newest = RuleSet.objects.order_by("-id").first()
    if newest is not None and newest.sha256 == sha256:
        return None
    if RuleSet.objects.filter(sha256=sha256).exists():
        raise _superseded(_("期限规则"))
    book = parse_rules(text)
    in_use = set(Clock.objects.order_by().values_list("rule_version", flat=True).distinct())
    _check_kept(in_use, book)
    rules = RuleSet.objects.create(source=source, sha256=sha256, text=text, loaded_at=at, loaded_by=actor.label[:120])
    forget(RuleSet)
    record(
        verb="deadlines.load_rules", actor=actor, at=at, subject_kind="rules", subject_id=rules.pk,
        subject_label="期限规则", sha256=sha256, versions=len(list(book.versions())),
    )  # fmt: skip
    return rules


def _check_kept(in_use: set[str], book: RuleBook) -> None:
    kept = {version.id: version for version in book.versions()}
    for version_id in sorted(in_use):
        if version_id not in kept:
            raise Invalid(
                _("规则版本%(version)s仍有期限在用，不能删除。") % {"version": version_id},
                code="rule_version_in_use", field=version_id,
            )  # fmt: skip
        if _counting(kept[version_id]) != _counting(rule_book().version(version_id)):
            raise Invalid(
                _("规则版本%(version)s已有期限按它计算，不能改变其时长或者算法；请另立新版本并写明施行日。")
                % {"version": version_id},
                code="rule_version_changed", field=version_id,
            )  # fmt: skip


def _counting(version: RuleVersion) -> tuple[object, ...]:
    """All of a version that a due day depends on."""
    steps = tuple(step.amount for step in version.extensions)
    return (version.key, version.amount, version.unit, version.direction, version.roll, version.duration_kind, steps)


def _superseded(what: str) -> Invalid:
    return Invalid(
        _("这份%(what)s以前加载过，后来已被替换。如确需恢复，请在文件中写明依据后重新加载。") % {"what": what},
        code="superseded",
        field="file",
    )


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
