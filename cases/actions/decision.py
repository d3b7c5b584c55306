"""The party is notified and heard, the penalty decided and the decision served."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import states
from cases.actions.moves import (
    DEFENCE,
    HANDLING,
    KIND,
    PAYMENT,
    SERVICE,
    begin,
    index_case,
    move,
    not_outside,
    required,
    subject_of,
    yuan,
)
from cases.actions.performance import perform
from cases.models import Case
from core.errors import Invalid, WrongState
from deadlines.actions.clocks import local_day, meet_open, start_clock
from deadlines.queries import open_clock
from documents.actions import issue_number


@transaction.atomic
def notify_party(*, case_id: int, served_on: date, actor: User, at: datetime) -> Case:
    """Record that the penalty notice was served; five working days for statement and defence start (程序规定第五十七条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.NOTIFY)
    not_outside(served_on, case.filed_on, local_day(at), "served_on", _("告知书送达日期"))
    case.notified_on = served_on
    move(case, states.NOTIFY, actor, at, f"{served_on}送达")
    start_clock(rule=DEFENCE, subject=subject_of(case), origin_on=served_on, actor=actor, at=at)
    return case


@transaction.atomic
def decide_case(
    *,
    case_id: int,
    decision: str,
    fine: Decimal,
    confiscated: Decimal,
    defence: str,
    actor: User,
    at: datetime,
) -> Case:
    """Decide the penalty and number the decision; never before the defence term has ended (程序规定第五十七条、第六十条).

    :param defence: what the party said and how it was weighed, or that nothing was said in time.
    :param fine: yuan, like ``confiscated``.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: also while the defence term runs.
    """
    case = begin(actor, case_id, states.DECIDE)
    today = local_day(at)
    term = open_clock(rule=DEFENCE, subject_kind=KIND, subject_id=case.pk)
    if term is not None and term.due_on is not None and today <= term.due_on:
        raise WrongState(
            _("陈述申辩期至%(last)s届满，届满前不得作出处罚决定（程序规定第五十七条第二款），最早可于%(first)s决定。")
            % {"last": term.due_on, "first": date.fromordinal(term.due_on.toordinal() + 1)},
            code="defence_term_running",
        )
    for amount, field in ((fine, "fine"), (confiscated, "confiscated")):
        if yuan(amount, field) < 0:
            raise Invalid(_("金额不能为负数。"), code="negative_amount", field=field)
    case.decision = required(decision, "decision", _("请填写处罚内容和依据。"))
    case.defence = required(defence, "defence", _("请写明陈述申辩情况及复核意见；逾期未提出的写明视为放弃。"))
    number = issue_number(office=case.authority, kind="penalty", on=today, subject_kind=KIND, subject_id=case.pk)
    case.decision_number, case.decided_on, case.decided_by = number.text, today, actor
    case.fine, case.confiscated = fine, confiscated
    move(case, states.DECIDE, actor, at, number.text)
    index_case(case)
    for rule in (DEFENCE, HANDLING):
        meet_open(rule=rule, subject_kind=KIND, subject_id=case.pk, on=today, actor=actor, at=at)
    start_clock(rule=SERVICE, subject=subject_of(case), origin_on=today, actor=actor, at=at)
    return case


@transaction.atomic
def serve_decision(*, case_id: int, served_on: date, actor: User, at: datetime) -> Case:
    """Record service of the decision; fifteen days to pay start (程序规定第八十一条、行政处罚法第六十七条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.SERVE)
    assert case.decided_on is not None  # noqa: S101 - a constraint: a numbered decision has its day
    not_outside(served_on, case.decided_on, local_day(at), "served_on", _("决定书送达日期"))
    case.served_on = served_on
    move(case, states.SERVE, actor, at, f"{served_on}送达")
    meet_open(rule=SERVICE, subject_kind=KIND, subject_id=case.pk, on=served_on, actor=actor, at=at)
    start_clock(rule=PAYMENT, subject=subject_of(case), origin_on=served_on, actor=actor, at=at)
    if case.due_amount == 0:
        perform(case, served_on, actor, at)
    return case
