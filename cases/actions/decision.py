"""The party is notified and heard, the penalty decided and the decision served."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import Actor
from cases.actions.moves import (
    DEFENCE,
    HANDLING,
    HEARING_REQUEST,
    KIND,
    PAYMENT,
    SERVICE,
    begin,
    index_case,
    meet_if_open,
    move,
    not_outside,
    required,
    subject_of,
    yuan,
)
from cases.actions.performance import perform
from cases.actions.proposal import penalty_kinds, require_no_hearing
from cases.models import Case, Proposal
from cases.queries.decision import require_approved, require_told
from cases.queries.hearing import require_discussion
from cases.queries.service import require_day_of_papers
from cases.states import matter as states
from cases.states.decision import PenaltyKind
from cases.states.matter import Outcome
from core.errors import Invalid, WrongState
from deadlines.actions.clocks import local_day, meet_open, start_clock
from deadlines.queries import open_clock
from documents.actions.numbers import issue_number

NUMBERS = "penalty_decision"  # the form that carries the number


@transaction.atomic
def notify_party(*, case_id: int, served_on: date, actor: User, at: datetime) -> Case:
    """Record that the notice of the approved proposal was served, not before it was approved; five working days for statement and defence start
    (程序规定第五十六条、第五十七条), and for asking for a hearing where the notice offers one (听证办法第七条).

    :raises NotFound, NotPermitted, Invalid: :raises WrongState: also when the newest version is not the approved one,
        or the notice is being announced.
    """
    case = begin(actor, case_id, states.NOTIFY)
    require_day_of_papers(case, states.NOTIFY, served_on, since=require_approved(case).approved_at)
    return notice_served(case, served_on, actor, at)


def notice_served(case: Case, served_on: date, actor: Actor, at: datetime) -> Case:
    """What :func:`notify_party` does to a case that is held and may be moved.

    :raises WrongState, Invalid:
    """
    approval = require_approved(case)
    proposal = approval.proposal
    if not proposal.hearing_right:
        require_no_hearing(
            case, proposal.penalties, proposal.fine, proposal.confiscated, proposal.goods_value, served_on
        )
    not_outside(served_on, local_day(approval.approved_at), local_day(at), "served_on", _("告知书送达日期"))
    case.notified_on, case.notified_proposal = served_on, proposal
    move(case, states.NOTIFY, actor, at, f"第{proposal.version}版，{served_on}送达")
    for rule in (DEFENCE, HEARING_REQUEST) if proposal.hearing_right else (DEFENCE,):
        start_clock(rule=rule, subject=subject_of(case), origin_on=served_on, actor=actor, at=at)
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
    penalties: Iterable[str] | None = None,
) -> Case:
    """Decide the penalty and number the decision; never before the defence term has ended (程序规定第五十七条、第六十条),
    never heavier than what the party was told (程序规定第五十八条).

    :param defence: what the party said and how it was weighed, or that nothing was said in time.
    :param fine: yuan, like ``confiscated``.
    :param penalties: of the kinds the party was told; left out, those whose sum is not zero now.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: also while the defence term runs.
    """
    case = begin(actor, case_id, states.DECIDE)
    told = require_told(case)
    today = local_day(at)
    _after_the_term(case, today)
    require_discussion(case, open_clock(rule=DEFENCE, subject_kind=KIND, subject_id=case.pk))
    kinds = _not_heavier(told, penalties, fine, confiscated)
    case.decision = required(decision, "decision", _("请填写处罚内容和依据。"), limit=4000)
    case.defence = required(
        defence, "defence", _("请写明陈述申辩情况及复核意见；逾期未提出的写明视为放弃。"), limit=4000
    )
    number = issue_number(office=case.authority, kind=NUMBERS, on=today, subject_kind=KIND, subject_id=case.pk)
    case.decision_number, case.decided_on, case.decided_by = number.text, today, actor
    case.outcome, case.penalties, case.fine, case.confiscated = Outcome.PENALTY, kinds, fine, confiscated
    move(case, states.DECIDE, actor, at, number.text)
    index_case(case)
    for rule in (DEFENCE, HANDLING):
        meet_open(rule=rule, subject_kind=KIND, subject_id=case.pk, on=today, actor=actor, at=at)
    meet_if_open(case, HEARING_REQUEST, today, actor, at)
    start_clock(rule=SERVICE, subject=subject_of(case), origin_on=today, actor=actor, at=at)
    return case


def _after_the_term(case: Case, today: date) -> None:
    """:raises WrongState: the defence term still runs."""
    term = open_clock(rule=DEFENCE, subject_kind=KIND, subject_id=case.pk)
    if term is not None and term.due_on is not None and today <= term.due_on:
        raise WrongState(
            _("陈述申辩期至%(last)s届满，届满前不得作出处罚决定（程序规定第五十七条第二款），最早可于%(first)s决定。")
            % {"last": term.due_on, "first": date.fromordinal(term.due_on.toordinal() + 1)},
            code="defence_term_running",
        )


def _not_heavier(told: Proposal, penalties: Iterable[str] | None, fine: Decimal, confiscated: Decimal) -> list[str]:
    """The kinds decided, in order.

    :raises Invalid: ``aggravated`` when a kind or a sum goes beyond what the party was told.
    """
    for amount, field in ((fine, "fine"), (confiscated, "confiscated")):
        if yuan(amount, field) < 0:
            raise Invalid(_("金额不能为负数。"), code="negative_amount", field=field)
    without = {
        kind for kind, sum_ in ((PenaltyKind.FINE, fine), (PenaltyKind.CONFISCATE_INCOME, confiscated)) if not sum_
    }
    chosen = set(told.penalties) - without if penalties is None else set(penalties)
    goods = told.goods_value if PenaltyKind.CONFISCATE_GOODS in chosen else None
    for amount, most, field in ((fine, told.fine, "fine"), (confiscated, told.confiscated, "confiscated")):
        if amount > most:
            raise Invalid(
                _("告知的是%(most)s元，不得决定得更重（程序规定第五十八条）。确需变更的，请变更处理意见，重新审核和告知。")
                % {"most": most},
                code="aggravated", field=field,
            )  # fmt: skip
    kinds = penalty_kinds(chosen, fine, confiscated, goods)
    if added := [PenaltyKind(kind) for kind in kinds if kind not in told.penalties]:
        raise Invalid(
            _("没有告知过“%(kind)s”，不得决定（程序规定第五十七条第一款、第五十八条）。确需变更的，请变更处理意见，重新审核和告知。")
            % {"kind": _("、").join(str(kind.label) for kind in added)},
            code="aggravated", field="penalties",
        )  # fmt: skip
    if not kinds:
        raise Invalid(
            _("没有剩下任何处罚。不给予行政处罚的，请办理“决定不予行政处罚”（程序规定第六十条第一款）。"),
            code="no_penalty_left", field="penalties",
        )  # fmt: skip
    return kinds


@transaction.atomic
def serve_decision(*, case_id: int, served_on: date, actor: User, at: datetime) -> Case:
    """Record service of the decision; fifteen days to pay a penalty start (程序规定第八十一条、行政处罚法第六十七条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.SERVE)
    require_day_of_papers(case, states.SERVE, served_on)
    return decision_served(case, served_on, actor, at)


def decision_served(case: Case, served_on: date, actor: Actor, at: datetime) -> Case:
    """What :func:`serve_decision` does to a case that is held and may be moved.

    :raises Invalid:
    """
    assert case.decided_on is not None  # noqa: S101 - a constraint: a numbered decision has its day
    not_outside(served_on, case.decided_on, local_day(at), "served_on", _("决定书送达日期"))
    case.served_on = served_on
    move(case, states.SERVE, actor, at, f"{served_on}送达")
    meet_open(rule=SERVICE, subject_kind=KIND, subject_id=case.pk, on=served_on, actor=actor, at=at)
    if case.outcome in (Outcome.PENALTY, ""):  # nothing is to be paid where nobody is punished
        start_clock(rule=PAYMENT, subject=subject_of(case), origin_on=served_on, actor=actor, at=at)
    if case.due_amount == 0:
        perform(case, served_on, actor, at)
    return case
