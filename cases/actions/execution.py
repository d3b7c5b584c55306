"""A decision nobody performs: the party is urged, the court is asked to enforce it (程序规定第七十六条、行政强制法第五章),
or the execution ends."""

import logging
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import SystemActor, User
from accounts.queries import unseen
from audit.actions import Actor
from cases.actions.moves import (
    KIND,
    PAYMENT,
    begin,
    cancel_open,
    meet_if_open,
    move,
    not_outside,
    optional,
    required,
    subject_of,
    write_move,
)
from cases.actions.performance import start_closing
from cases.models import Case, CourtApplication, Ending, Urging
from cases.queries.matter import hold_case, lock_case
from cases.queries.money import account_of, require_part
from cases.queries.remedy import (
    ACCEPTANCE,
    COURT_RULE,
    ENFORCEMENT_RULES,
    OBJECTION,
    RULING,
    URGING_RULE,
    application_of,
    court_term_of,
    court_terms_to_start,
    is_voided,
    last_urging,
    pending_remedy,
    require_ceasable,
    term_end,
)
from cases.queries.service import require_day_of_papers
from cases.states import matter as states
from cases.states import remedy as moves
from cases.states.matter import CaseState
from cases.states.outcomes import CeasingGround, EndKind
from cases.states.remedy import COURT_TRANSITIONS, CourtState
from core.errors import Invalid, Refusal, WrongState
from core.transitions import Transition, in_record, require_state
from deadlines.actions.clocks import cancel_clock, local_day, start_clock
from deadlines.arithmetic import days_after
from deadlines.queries import open_clock

BELL = SystemActor("court_terms")
AT_ONCE = 500
log = logging.getLogger(__name__)


@transaction.atomic
def urge_party(*, case_id: int, served_on: date, actor: User, at: datetime, said: str = "") -> Case:
    """Record that the demand letter reached the party; ten working days to perform start (行政强制法第五十四条).

    :param said: what the party stated in its defence, if anything (行政强制法第三十六条).
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: the period to pay still runs, a demand runs already,
        the execution is stayed, or a remedy has set the decision aside.
    """
    case = begin(actor, case_id, states.URGE)
    require_day_of_papers(case, states.URGE, served_on)
    return demand_served(case, served_on, actor, at, said)


def demand_served(case: Case, served_on: date, actor: Actor, at: datetime, said: str = "") -> Case:
    """What :func:`urge_party` does to a case that is held and may be moved.

    :raises WrongState, Invalid:
    """
    due_on = account_of(case).pay_by
    if due_on is not None and local_day(at) <= due_on:
        raise WrongState(
            _("缴款期限至%(day)s届满，届满前不能催告（行政强制法第三十四条、第三十五条）。") % {"day": due_on},
            code="payment_term_running",
        )
    _not_stayed(case)
    if is_voided(case):
        raise WrongState(_("处罚决定已经被撤销或者确认无效，没有可以催告的内容。"), code="nothing_to_enforce")
    if open_clock(rule=URGING_RULE, subject_kind=KIND, subject_id=case.pk) is not None:
        raise WrongState(
            _("已经催告，催告期还在计算或者已经届满；届满后可以申请人民法院强制执行。"), code="already_urged"
        )
    assert case.served_on is not None  # noqa: S101 - the state table: urging follows service
    earliest = days_after(due_on or case.served_on, 1)
    not_outside(served_on, earliest, local_day(at), "served_on", _("催告书送达日期"))
    Urging.objects.create(
        case=case,
        served_on=served_on,
        amount=case.left_amount,
        said=optional(said, "said", limit=2000),
        recorded_by_id=actor.pk,
        recorded_at=at,
    )
    move(case, states.URGE, actor, at, f"{served_on}送达，催缴{case.left_amount}元")
    start_clock(rule=URGING_RULE, subject=subject_of(case), origin_on=served_on, actor=actor, at=at)
    refresh_court_term(case, actor, at)
    return case


@transaction.atomic
def apply_to_court(*, case_id: int, court: str, applied_on: date, actor: User, at: datetime) -> Case:
    """Apply to the court to enforce the decision (程序规定第七十六条、行政强制法第五十三条、第五十四条).

    :raises NotFound, NotPermitted, Invalid: :raises WrongState: ``remedy_pending``, ``execution_stayed``,
        ``nothing_to_enforce``, ``remedy_terms_running``, ``court_term_over``, ``not_urged``, ``urging_term_running``,
        ``already_applied``.
    """
    case = begin(actor, case_id, states.APPLY_COURT)
    name = required(court, "court", _("请填写人民法院名称。"), limit=120)
    assert case.served_on is not None  # noqa: S101 - the state table: execution follows service
    not_outside(applied_on, case.served_on, local_day(at), "applied_on", _("申请日期"))
    previous = application_of(case)
    if previous is not None and previous.state != CourtState.FAILED:
        raise WrongState(_("已经申请人民法院强制执行，请登记法院的答复。"), code="already_applied")
    _require_terms_over(case, applied_on)
    _require_urged(case, applied_on)
    refresh_court_term(case, actor, at)
    CourtApplication.objects.create(
        case=case, court=name, applied_on=applied_on, amount=case.left_amount, recorded_by=actor, recorded_at=at
    )
    move(case, states.APPLY_COURT, actor, at, f"{applied_on}向{name}申请执行{case.left_amount}元")
    for rule in (COURT_RULE, URGING_RULE):
        meet_if_open(case, rule, applied_on, actor, at)
    start_clock(rule=ACCEPTANCE, subject=subject_of(case), origin_on=applied_on, actor=actor, at=at)
    return case


def _require_terms_over(case: Case, applied_on: date) -> None:
    """行政强制法第五十三条: after the terms for remedies, within three months."""
    if pending_remedy(case) is not None:
        raise WrongState(
            _("行政复议或者行政诉讼还没有审结，不能申请人民法院强制执行（行政强制法第五十三条）。"),
            code="remedy_pending",
        )
    origin = court_term_of(case)
    if origin is None:
        raise WrongState(_("处罚决定已经被撤销或者确认无效，没有可以申请执行的内容。"), code="nothing_to_enforce")
    if applied_on <= origin:
        raise WrongState(
            _("当事人申请复议、起诉或者延期、分期缴纳的期限至%(day)s届满，届满前不能申请（程序规定第七十六条）。")
            % {"day": origin},
            code="remedy_terms_running",
        )
    clock = open_clock(rule=COURT_RULE, subject_kind=KIND, subject_id=case.pk)
    last = clock.due_on if clock is not None and clock.origin_on == origin else term_end(COURT_RULE, origin)
    if last is not None and applied_on > last:
        raise WrongState(
            _("申请人民法院强制执行的三个月已于%(day)s届满（行政强制法第五十三条），不能再申请。") % {"day": last},
            code="court_term_over",
        )


def _require_urged(case: Case, applied_on: date) -> None:
    """行政强制法第五十四条: ten working days after the demand letter was served."""
    _not_stayed(case)
    clock = open_clock(rule=URGING_RULE, subject_kind=KIND, subject_id=case.pk)
    if clock is None or clock.due_on is None or last_urging(case) is None:
        raise WrongState(
            _("申请人民法院强制执行前应当催告（行政强制法第五十四条），请先登记催告书送达。"), code="not_urged"
        )
    if applied_on <= clock.due_on:
        raise WrongState(
            _("催告书送达后的十个工作日至%(day)s届满，届满前不能申请（程序规定第七十六条、行政强制法第五十四条）。")
            % {"day": clock.due_on},
            code="urging_term_running",
        )


def _not_stayed(case: Case) -> None:
    remedy = pending_remedy(case)
    if remedy is not None and remedy.stayed_by:
        raise WrongState(
            _("%(body)s已决定停止执行，恢复执行前不能催告或者申请执行（行政复议法第四十二条）。")
            % {"body": remedy.stayed_by},
            code="execution_stayed",
        )


# ---- what the court answers ----------------------------------------------------------------------

STEPS: dict[Transition, tuple[str, str]] = {  # the period that ends with the step, and the one that begins
    moves.COURT_ACCEPTS: (ACCEPTANCE, RULING),
    moves.COURT_REFUSES: (ACCEPTANCE, OBJECTION),
    moves.COURT_GRANTS: (RULING, ""),
    moves.COURT_DENIES: (RULING, OBJECTION),
    moves.OBJECT_TO_COURT: (OBJECTION, ""),
    moves.OBJECTION_FAILS: ("", ""),
}
BY_NAME = {row.name: row for row in STEPS}


@transaction.atomic
def record_court_step(
    *, case_id: int, step: str, on: date, actor: User, at: datetime, number: str = "", remark: str = ""
) -> Case:
    """Record what became of the application: accepted or not, granted or not, our objection and its result.

    :param step: the name of a row of :data:`cases.states.remedy.COURT_TRANSITIONS`.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    row = BY_NAME.get(step)
    case = lock_case(actor, case_id)
    if row is None:
        raise Invalid(_("请选择法院的答复。"), code="unknown_step", field="step")
    require_part(actor, case, row)
    application = application_of(case)
    if application is None:
        raise unseen(_("强制执行申请"))
    require_state(COURT_TRANSITIONS, row, application.state, str(CourtState(application.state).label))
    if row is moves.OBJECT_TO_COURT and case.state != CaseState.SERVED:
        raise WrongState(_("本案已经不再执行，不能就法院的裁定向上一级人民法院申请复议。"), code="execution_over")
    not_outside(on, application.answered_on or application.applied_on, local_day(at), "on", _("日期"))
    application.state, application.answered_on = row.target or application.state, on
    paper, words = optional(number, "number", limit=80), optional(remark, "remark", limit=500)
    application.number = paper or application.number
    application.save(update_fields=["state", "answered_on", "number"])
    write_move(case, row, case.state, actor, at, " ".join(filter(None, [f"{on}", paper, words])))
    ends, begins = STEPS[row]
    if ends:
        meet_if_open(case, ends, on, actor, at)
    if begins:
        start_clock(rule=begins, subject=subject_of(case), origin_on=on, actor=actor, at=at)
    return case


@transaction.atomic
def end_execution(*, case_id: int, ended_on: date, reason: str, actor: User, at: datetime) -> Case:
    """Record that the court ended the enforcement; fifteen working days to close the case start (程序规定第七十七条第一款第二项).

    :param reason: number and content of the ruling.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: ``not_enforced``, no court has granted enforcement.
    """
    case = begin(actor, case_id, states.END_EXECUTION)
    application = application_of(case)
    if application is None or application.state != CourtState.GRANTED:
        raise WrongState(
            _("人民法院还没有裁定准予执行，没有可以终结的执行（程序规定第七十七条第一款第二项）。"), code="not_enforced"
        )
    not_outside(ended_on, application.applied_on, local_day(at), "ended_on", _("裁定终结执行日期"))
    why = required(reason, "reason", _("请写明裁定书文号和内容。"), limit=1000)
    return _end(case, states.END_EXECUTION, ended_on, why, f"{ended_on}：{why}", "人民法院裁定终结执行", actor, at)


@transaction.atomic
def cease_execution(*, case_id: int, ground: str, reason: str, actor: User, at: datetime) -> Case:
    """End an execution that cannot go on; the case is then closed unpaid (行政强制法第四十条、程序规定第七十七条第一款第五项).

    :param ground: of :class:`cases.states.outcomes.CeasingGround`.
    :raises NotFound, NotPermitted: :raises Invalid: also ``unknown_ground``. :raises WrongState: also what
        :func:`cases.queries.remedy.require_ceasable` raises.
    """
    case = begin(actor, case_id, states.CEASE_EXECUTION)
    if ground not in CeasingGround.values:
        raise Invalid(_("请选择终结执行的情形（行政强制法第四十条）。"), code="unknown_ground", field="ground")
    why = required(reason, "reason", _("请写明终结执行的理由。"), limit=1000)
    require_ceasable(case)
    today, kind = local_day(at), in_record(EndKind.CEASED.label)
    Ending.objects.create(
        case=case, kind=EndKind.CEASED, ground=ground, happened_on=today, reason=why, decided_by=actor, recorded_at=at
    )
    said = f"{in_record(CeasingGround(ground).label)}：{why}"
    return _end(case, states.CEASE_EXECUTION, today, why, said, kind, actor, at)


def _end(
    case: Case, row: Transition, on: date, reason: str, said: str, cancelled: str, actor: User, at: datetime
) -> Case:
    """Nothing more is enforced: the periods of paying and enforcing end, for ``cancelled``, and closing begins."""
    case.ended_on, case.outcome_reason, case.court_term_on = on, reason, None
    move(case, row, actor, at, said)
    for rule in (PAYMENT, *ENFORCEMENT_RULES):
        cancel_open(case, rule, cancelled, actor, at)
    start_closing(case, on, actor, at)
    return case


# ---- the three months ----------------------------------------------------------------------------


def refresh_court_term(case: Case, actor: Actor, at: datetime) -> None:
    """Store from when the court may be asked, and let its three months run if that day has come."""
    origin, clock = court_term_of(case), open_clock(rule=COURT_RULE, subject_kind=KIND, subject_id=case.pk)
    if case.court_term_on != origin:
        case.court_term_on = origin
        case.save(update_fields=["court_term_on"])
    if clock is not None and clock.origin_on != origin:
        cancel_clock(clock_id=clock.pk, reason="起算日变更", actor=actor, at=at)
        clock = None
    applied = application_of(case) is not None
    if origin is not None and clock is None and not applied and origin <= local_day(at):
        start_clock(rule=COURT_RULE, subject=subject_of(case), origin_on=origin, actor=actor, at=at)


def start_court_terms(*, at: datetime) -> int:
    """Start the three months of every unpaid case whose remedies have lapsed; how many cases were looked at.

    Idempotent: the clock counts from the day itself, however late the bell rings.
    """
    ids = list(court_terms_to_start(local_day(at))[:AT_ONCE])
    for case_id in ids:
        try:
            _start_court_term(case_id=case_id, at=at)
        except Refusal:  # one case nobody can count for must not keep the others from their term
            log.exception("court term not started", extra={"case": case_id})
    return len(ids)


@transaction.atomic
def _start_court_term(*, case_id: int, at: datetime) -> None:
    refresh_court_term(hold_case(case_id), BELL, at)
