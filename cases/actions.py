"""Every change to a case under the ordinary procedure, from filing to closing."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from accounts.policies import authority_of, may_act_for
from accounts.queries import officer_of, require_role, user_named
from accounts.roles import Role
from audit.actions import record
from cases import states
from cases.models import Case, CaseMove
from cases.policies import conflict
from cases.queries import lock_case
from cases.states import CaseState, SuspensionGround
from clues.actions import decide_to_file, inclusive_days
from core.errors import Invalid, NotPermitted, WrongState
from core.transitions import Transition, require_state
from deadlines.actions.clocks import (
    Subject,
    exclude_days,
    extend_clock,
    hand_over_clocks,
    local_day,
    meet_open,
    resume_clock,
    start_clock,
    suspend_clock,
)
from deadlines.queries import open_clock
from documents.actions import bind_number, issue_number

KIND = "case"
HANDLING, REVIEW, DEFENCE = "case_handling", "legal_review", "statement_defence"
SERVICE, PAYMENT, CLOSING = "decision_service", "fine_payment", "case_closing"


@transaction.atomic
def file_case(
    *,
    lead_id: int,
    cause: str,
    owner_id: int,
    second_officer_id: int,
    actor: User,
    at: datetime,
    reason: str = "",
) -> Case:
    """Decide to file the lead and open its case with two officers (程序规定第十八条、第十九条).

    :raises NotFound, NotPermitted, WrongState: as the lead's state table says. :raises Invalid: fewer than two officers.
    """
    why = _required(cause, "cause", "请填写案由。")
    if owner_id == second_officer_id:
        raise Invalid(
            "办案人员不得少于两人，主办和协办须为不同的人（程序规定第十九条第二款）。",
            code="two_officers_required", field="second_officer",
        )  # fmt: skip
    lead = decide_to_file(lead_id=lead_id, reason=reason or f"立案：{why}", actor=actor, at=at)
    owner = officer_of(lead.office, owner_id, field="owner")
    second = officer_of(lead.office, second_officer_id, field="second_officer")
    authority = authority_of(lead.office)
    filed_on = local_day(at)
    number = issue_number(office=authority, kind=KIND, on=filed_on, subject_kind=KIND)
    case = Case.objects.create(
        number=number.text, lead=lead, cause=why, party_name=lead.party_name, party_code=lead.party_code,
        office=lead.office, bureau_id=lead.bureau_id, authority=authority, owner=owner, second_officer=second,
        filed_on=filed_on, created_at=at,
    )  # fmt: skip
    bind_number(number, subject_id=case.pk)
    _write_move(case, states.FILE, "", actor, at, reason)
    start_clock(rule=HANDLING, subject=subject_of(case), origin_on=filed_on, actor=actor, at=at)
    return case


@transaction.atomic
def suspend_case(*, case_id: int, ground: str, starts_on: date, reason: str, actor: User, at: datetime) -> Case:
    """Suspend the investigation on one of the five grounds; the 90 days stand still (程序规定第四十六条、第六十四条第二款).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = _begin(actor, case_id, states.SUSPEND)
    if ground not in SuspensionGround.values:
        raise Invalid("请选择中止调查的情形（程序规定第四十六条）。", code="unknown_ground", field="ground")
    why = _required(reason, "reason", "请写明中止的具体原因。")
    suspend_clock(
        clock_id=_clock(case, HANDLING), ground=str(SuspensionGround(ground).label)[:60], starts_on=starts_on,
        approved_by=actor, reason=why, actor=actor, at=at,
    )  # fmt: skip
    return _move(case, states.SUSPEND, actor, at, f"{starts_on}起：{why}")


@transaction.atomic
def resume_case(*, case_id: int, resumes_on: date, reason: str, actor: User, at: datetime) -> Case:
    """Resume the investigation; ``resumes_on`` counts again (程序规定第四十六条第二款).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = _begin(actor, case_id, states.RESUME)
    why = _required(reason, "reason", "请写明中止原因如何消除。")
    resume_clock(clock_id=_clock(case, HANDLING), resumes_on=resumes_on, reason=why, actor=actor, at=at)
    return _move(case, states.RESUME, actor, at, f"{resumes_on}起：{why}")


@transaction.atomic
def extend_case(*, case_id: int, reason: str, actor: User, at: datetime, days: int | None = None) -> Case:
    """Extend the 90 days: first by 30 (the head), then by what a collective discussion fixes (程序规定第六十四条第一款).

    :param days: calendar days, only for the second extension.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = _begin(actor, case_id, states.EXTEND)
    why = _required(reason, "reason", "请写明延期的理由；再次延期的写明集体讨论的时间和决定。")
    clock = extend_clock(
        clock_id=_clock(case, HANDLING), approved_by=actor, reason=why, amount=days, actor=actor, at=at
    )
    return _move(case, states.EXTEND, actor, at, f"延至{clock.due_on}：{why}")


@transaction.atomic
def exclude_case_days(
    *, case_id: int, ground: str, first_day: date, last_day: date, reason: str, actor: User, at: datetime
) -> Case:
    """Leave days of a test, hearing, announcement … (both ends included) out of the count (程序规定第六十四条第二款).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = _begin(actor, case_id, states.EXCLUDE)
    exclude_days(
        clock_id=_clock(case, HANDLING), ground=_required(ground, "ground", "请选择扣除的事由。")[:60],
        days=inclusive_days(first_day, last_day), approved_by=actor, reason=reason, actor=actor, at=at,
    )  # fmt: skip
    return _move(case, states.EXCLUDE, actor, at, f"{ground}：{first_day}至{last_day} {reason}".strip())


@transaction.atomic
def reassign_case(
    *, case_id: int, owner_id: int, second_officer_id: int, reason: str, actor: User, at: datetime
) -> Case:
    """Change the officers; the clocks go with the case and do not restart.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = _begin(actor, case_id, states.REASSIGN)
    if owner_id == second_officer_id:
        raise Invalid(
            "主办和协办须为不同的人（程序规定第十九条第二款）。", code="two_officers_required", field="second_officer"
        )
    before = case.owner
    case.owner = officer_of(case.office, owner_id, field="owner")
    case.second_officer = officer_of(case.office, second_officer_id, field="second_officer")
    if case.reviewer_id in (owner_id, second_officer_id):
        raise Invalid(
            "本案审核人员不得作为办案人员（程序规定第四十九条第三款）。", code="separation_of_duties", field="owner"
        )
    _move(case, states.REASSIGN, actor, at, _required(reason, "reason", "请写明更换理由。"))
    hand_over_clocks(subject=subject_of(case), from_owner=before, actor=actor, at=at)
    return case


@transaction.atomic
def conclude_case(*, case_id: int, conclusion: str, reviewer_id: int, actor: User, at: datetime) -> Case:
    """Hand the final report to a reviewer who did not investigate; 10 working days start (程序规定第四十八条至第五十五条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = _begin(actor, case_id, states.CONCLUDE)
    case.conclusion = _required(conclusion, "conclusion", "请填写调查终结报告。")
    reviewer = user_named(reviewer_id, field="reviewer")
    if reviewer.pk in (case.owner_id, case.second_officer_id):
        raise Invalid(
            "办案人员不得作为审核人员（程序规定第四十九条第三款），请另选审核人员。",
            code="reviewer_investigated", field="reviewer",
        )  # fmt: skip
    if not may_act_for(reviewer, case.office, [Role.LEGAL_REVIEWER]):
        raise Invalid(f"{reviewer.name}不是本机关的法制审核人员。", code="not_a_reviewer", field="reviewer")
    case.reviewer = reviewer
    _move(case, states.CONCLUDE, actor, at, f"送{reviewer.name}审核")
    subject = Subject(KIND, case.pk, case.label, case.office, reviewer)
    start_clock(rule=REVIEW, subject=subject, origin_on=local_day(at), actor=actor, at=at)
    return case


@transaction.atomic
def pass_review(*, case_id: int, opinion: str, actor: User, at: datetime) -> Case:
    """Agree with the proposed handling (程序规定第五十四条第一项).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    return _end_review(case_id, states.PASS_REVIEW, opinion, actor, at)


@transaction.atomic
def return_review(*, case_id: int, opinion: str, actor: User, at: datetime) -> Case:
    """Send the case back for correction or further investigation (程序规定第五十四条第二项、第三项).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    return _end_review(case_id, states.RETURN_REVIEW, opinion, actor, at)


@transaction.atomic
def notify_party(*, case_id: int, served_on: date, actor: User, at: datetime) -> Case:
    """Record that the penalty notice was served; five working days for statement and defence start (程序规定第五十七条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = _begin(actor, case_id, states.NOTIFY)
    _not_outside(served_on, case.filed_on, local_day(at), "served_on", "告知书送达日期")
    case.notified_on = served_on
    _move(case, states.NOTIFY, actor, at, f"{served_on}送达")
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
    case = _begin(actor, case_id, states.DECIDE)
    today = local_day(at)
    term = open_clock(rule=DEFENCE, subject_kind=KIND, subject_id=case.pk)
    if term is not None and term.due_on is not None and today <= term.due_on:
        raise WrongState(
            f"陈述申辩期至{term.due_on}届满，届满前不得作出处罚决定（程序规定第五十七条第二款），"
            f"最早可于{date.fromordinal(term.due_on.toordinal() + 1)}决定。",
            code="defence_term_running",
        )
    for amount, field in ((fine, "fine"), (confiscated, "confiscated")):
        if amount < 0:
            raise Invalid("金额不能为负数。", code="negative_amount", field=field)
    case.decision = _required(decision, "decision", "请填写处罚内容和依据。")
    case.defence = _required(defence, "defence", "请写明陈述申辩情况及复核意见；逾期未提出的写明视为放弃。")
    number = issue_number(office=case.authority, kind="penalty", on=today, subject_kind=KIND, subject_id=case.pk)
    case.decision_number, case.decided_on, case.decided_by = number.text, today, actor
    case.fine, case.confiscated = fine, confiscated
    _move(case, states.DECIDE, actor, at, number.text)
    for rule in (DEFENCE, HANDLING):
        meet_open(rule=rule, subject_kind=KIND, subject_id=case.pk, on=today, actor=actor, at=at)
    start_clock(rule=SERVICE, subject=subject_of(case), origin_on=today, actor=actor, at=at)
    return case


@transaction.atomic
def serve_decision(*, case_id: int, served_on: date, actor: User, at: datetime) -> Case:
    """Record service of the decision; fifteen days to pay start (程序规定第八十一条、行政处罚法第六十七条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = _begin(actor, case_id, states.SERVE)
    assert case.decided_on is not None  # noqa: S101 - a constraint: a numbered decision has its day
    _not_outside(served_on, case.decided_on, local_day(at), "served_on", "决定书送达日期")
    case.served_on = served_on
    _move(case, states.SERVE, actor, at, f"{served_on}送达")
    meet_open(rule=SERVICE, subject_kind=KIND, subject_id=case.pk, on=served_on, actor=actor, at=at)
    start_clock(rule=PAYMENT, subject=subject_of(case), origin_on=served_on, actor=actor, at=at)
    if case.due_amount == 0:
        _perform(case, served_on, actor, at)
    return case


@transaction.atomic
def record_payment(*, case_id: int, amount: Decimal, paid_on: date, actor: User, at: datetime) -> Case:
    """Record a payment, in yuan; the one that completes what is due ends performance and starts the closing term.

    :raises NotFound, NotPermitted, WrongState: :raises Invalid: nothing, or more than is still due.
    """
    case = _begin(actor, case_id, states.RECORD_PAYMENT)
    assert case.served_on is not None  # noqa: S101 - the state table: payments follow service
    _not_outside(paid_on, case.served_on, local_day(at), "paid_on", "缴款日期")
    left = case.due_amount - case.paid
    if amount <= 0 or amount > left:
        raise Invalid(f"缴款金额应大于0且不超过尚欠的{left}元。", code="payment_out_of_range", field="amount")
    case.paid += amount
    _move(case, states.RECORD_PAYMENT, actor, at, f"{paid_on}缴款{amount}元")
    if case.paid == case.due_amount:
        _perform(case, paid_on, actor, at)
    return case


@transaction.atomic
def close_case(*, case_id: int, reason: str, actor: User, at: datetime) -> Case:
    """Close a case whose decision has been performed (程序规定第七十七条第一款第一项).

    :raises NotFound, NotPermitted, WrongState:
    """
    case = _begin(actor, case_id, states.CLOSE)
    case.closed_on = local_day(at)
    _move(case, states.CLOSE, actor, at, reason)
    meet_open(rule=CLOSING, subject_kind=KIND, subject_id=case.pk, on=case.closed_on, actor=actor, at=at)
    return case


def subject_of(case: Case) -> Subject:
    return Subject(KIND, case.pk, case.label, case.office, case.owner)


def _begin(actor: User, case_id: int, row: Transition) -> Case:
    case = lock_case(actor, case_id)
    require_role(actor, case.office, row.roles, what=str(row.label), basis=row.basis)
    if why := conflict(actor, case, row):
        raise NotPermitted(f"您不能办理“{row.label}”：{why}。", code="separation_of_duties")
    require_state(states.TRANSITIONS, row, case.state, str(CaseState(case.state).label))
    return case


def _end_review(case_id: int, row: Transition, opinion: str, actor: User, at: datetime) -> Case:
    case = _begin(actor, case_id, row)
    case.review_opinion = _required(opinion, "opinion", "请填写书面审核意见（程序规定第五十四条）。")
    _move(case, row, actor, at, case.review_opinion)
    meet_open(rule=REVIEW, subject_kind=KIND, subject_id=case.pk, on=local_day(at), actor=actor, at=at)
    return case


def _perform(case: Case, on: date, actor: User, at: datetime) -> None:
    case.paid_on = on
    _move(case, states.PERFORM, actor, at, "")
    meet_open(rule=PAYMENT, subject_kind=KIND, subject_id=case.pk, on=on, actor=actor, at=at)
    start_clock(rule=CLOSING, subject=subject_of(case), origin_on=on, actor=actor, at=at)


def _move(case: Case, row: Transition, actor: User, at: datetime, reason: str) -> Case:
    source = case.state
    case.state = row.target or source
    case.save()
    _write_move(case, row, source, actor, at, reason)
    return case


def _write_move(case: Case, row: Transition, source: str, actor: User, at: datetime, reason: str) -> None:
    CaseMove.objects.create(
        case=case, at=at, actor=actor, name=row.name, source=source, target=case.state, reason=reason[:1000]
    )
    record(
        verb=f"cases.{row.name}", actor=actor, at=at, subject_kind=KIND, subject_id=case.pk, subject_label=case.number,
        source=source, target=case.state, owner=case.owner_id,
    )  # fmt: skip


def _clock(case: Case, rule: str) -> int:
    clock = open_clock(rule=rule, subject_kind=KIND, subject_id=case.pk)
    if clock is None:
        raise Invalid("本案没有正在计时的办案期限。", code="no_open_clock", field="case")
    return clock.pk


def _not_outside(day: date, earliest: date, today: date, field: str, name: str) -> None:
    if day > today:
        raise Invalid(f"{name}不能晚于今天。", code="future_date", field=field)
    if day < earliest:
        raise Invalid(f"{name}不能早于{earliest}。", code="date_too_early", field=field)


def _required(text: str, field: str, message: str) -> str:
    if not text.strip():
        raise Invalid(message, code="required", field=field)
    return text.strip()
