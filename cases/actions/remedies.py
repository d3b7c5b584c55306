"""The party asks for reconsideration or sues: copies, answers, stays and results (行政复议法、行政诉讼法)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.execution import refresh_court_term
from cases.actions.moves import index_case, meet_if_open, not_outside, optional, required, subject_of, write_move, yuan
from cases.actions.outcomes import start_withdrawal
from cases.actions.performance import settle
from cases.models import Case, LateFineEntry, Remedy
from cases.queries.matter import lock_case
from cases.queries.money import require_part, total_late_fine
from cases.queries.remedy import pending_remedy, remedy_of
from cases.states import remedy as moves
from cases.states.matter import CaseState
from cases.states.money import LateFineKind
from cases.states.remedy import AFTER_SERVICE, REMEDY_TRANSITIONS, UNSETTLING, RemedyKind, RemedyResult, RemedyState
from core.errors import Invalid, WrongState
from core.transitions import Transition, in_record, require_state
from deadlines.actions.clocks import local_day, start_clock

ANSWERS = {
    RemedyKind.RECONSIDERATION: "reconsideration_answer",
    RemedyKind.LITIGATION: "litigation_answer",
    RemedyKind.APPEAL: "litigation_answer",
}
CAPPED = "罚款变更，加处罚款的数额不得超出罚款的数额（程序规定第七十五条）"
SUMMARY_ANSWER = "reconsideration_answer_summary"


@transaction.atomic
def file_remedy(
    *,
    case_id: int,
    kind: str,
    body: str,
    filed_on: date,
    received_on: date,
    actor: User,
    at: datetime,
    number: str = "",
    is_summary: bool = False,
) -> Case:
    """Record that a copy of an application for reconsideration or of a complaint arrived; the term to answer starts.

    Execution goes on unless it is stayed (行政处罚法第七十三条第一款), no late fine counts meanwhile (第三款), and the
    court is not asked to enforce before the end.

    :param is_summary: reconsideration in the summary procedure, to be answered in five working days (行政复议法第五十四条).
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: the decision is not served, or a remedy is pending.
    """
    case = lock_case(actor, case_id)
    require_part(actor, case, moves.FILE_REMEDY)
    if case.served_on is None or case.state not in AFTER_SERVICE:
        raise WrongState(_("处罚决定还没有送达，没有可以登记的复议或者诉讼。"), code="not_served")
    if kind not in RemedyKind.values:
        raise Invalid(_("请选择种类。"), code="unknown_kind", field="kind")
    if pending_remedy(case) is not None:
        raise WrongState(_("已经登记的复议或者诉讼还没有审结，先登记其结果。"), code="remedy_pending")
    _require_order(case, kind)
    not_outside(filed_on, case.served_on, local_day(at), "filed_on", _("申请或者起诉日期"))
    not_outside(received_on, filed_on, local_day(at), "received_on", _("收到副本日期"))
    remedy = Remedy.objects.create(
        case=case, kind=kind, is_summary=is_summary and kind == RemedyKind.RECONSIDERATION,
        body=required(body, "body", _("请填写复议机关或者人民法院。"), limit=120), number=optional(number, "number", limit=80),
        filed_on=filed_on, received_on=received_on, recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    said = f"{in_record(RemedyKind(kind).label)}，{remedy.body}，{received_on}收到副本"
    write_move(case, moves.FILE_REMEDY, case.state, actor, at, said)
    start_clock(rule=_answer_rule(remedy), subject=subject_of(case), origin_on=received_on, actor=actor, at=at)
    refresh_court_term(case, actor, at)
    return case


def _require_order(case: Case, kind: str) -> None:
    """An appeal follows a judgment; nothing follows an appeal, and no reconsideration a suit."""
    last = case.remedies.order_by("-id").first()
    if kind == RemedyKind.APPEAL and (last is None or last.kind != RemedyKind.LITIGATION):
        raise Invalid(_("没有一审记录，不能登记二审。"), code="no_first_instance", field="kind")
    has_ruled = last is not None and last.kind != RemedyKind.RECONSIDERATION and last.result != RemedyResult.WITHDRAWN
    if has_ruled and kind != RemedyKind.APPEAL:
        raise Invalid(_("法院已经审结，只能登记二审。"), code="court_has_ruled", field="kind")


def _answer_rule(remedy: Remedy) -> str:
    return SUMMARY_ANSWER if remedy.is_summary else ANSWERS[RemedyKind(remedy.kind)]


@transaction.atomic
def answer_remedy(*, case_id: int, remedy_id: int, answered_on: date, actor: User, at: datetime) -> Case:
    """Record that answer and evidence were handed in (行政复议法第四十八条、行政诉讼法第六十七条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case, remedy = _begin(actor, case_id, remedy_id, moves.ANSWER_REMEDY)
    not_outside(answered_on, remedy.received_on, local_day(at), "answered_on", _("提交答复日期"))
    remedy.state, remedy.answered_on = RemedyState.ANSWERED, answered_on
    remedy.save(update_fields=["state", "answered_on"])
    write_move(case, moves.ANSWER_REMEDY, case.state, actor, at, f"{answered_on}向{remedy.body}提交")
    _end_answer(case, remedy, answered_on, actor, at)
    return case


@transaction.atomic
def stay_execution(*, case_id: int, remedy_id: int, stayed_on: date, stayed_by: str, actor: User, at: datetime) -> Case:
    """Record who stopped the execution while the remedy is pending (行政复议法第四十二条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case, remedy = _begin(actor, case_id, remedy_id, moves.STAY_EXECUTION)
    if remedy.stayed_by:
        raise WrongState(_("已经登记停止执行。"), code="already_stayed")
    not_outside(stayed_on, remedy.filed_on, local_day(at), "stayed_on", _("停止执行日期"))
    remedy.stayed_by = required(stayed_by, "stayed_by", _("请填写决定停止执行的机关。"), limit=120)
    remedy.stayed_on = stayed_on
    remedy.save(update_fields=["stayed_by", "stayed_on"])
    write_move(case, moves.STAY_EXECUTION, case.state, actor, at, f"{stayed_on}，{remedy.stayed_by}决定")
    return case


@transaction.atomic
def lift_stay(*, case_id: int, remedy_id: int, reason: str, actor: User, at: datetime) -> Case:
    """Record that the execution goes on before the remedy has ended.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case, remedy = _begin(actor, case_id, remedy_id, moves.LIFT_STAY)
    if not remedy.stayed_by:
        raise WrongState(_("没有停止执行，不需要恢复。"), code="not_stayed")
    why = required(reason, "reason", _("请写明恢复执行的依据。"), limit=500)
    remedy.stayed_by, remedy.stayed_on = "", None
    remedy.save(update_fields=["stayed_by", "stayed_on"])
    write_move(case, moves.LIFT_STAY, case.state, actor, at, why)
    return case


@transaction.atomic
def end_remedy(
    *,
    case_id: int,
    remedy_id: int,
    result: str,
    ended_on: date,
    opinion: str,
    actor: User,
    at: datetime,
    fine: Decimal | None = None,
    confiscated: Decimal | None = None,
) -> Case:
    """Record the result; what is left of the decision can be enforced from the end of the next remedy's term, and what
    was published of one that was changed or found unlawful is to be withdrawn (程序规定第六十三条第二款).

    :param ended_on: the day the result was served on the party.
    :param fine: yuan, like ``confiscated``: what a change left of them, never more than before (行政复议法第六十三条第二款).
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case, remedy = _begin(actor, case_id, remedy_id, moves.END_REMEDY)
    if result not in RemedyResult.values:
        raise Invalid(_("请选择结果。"), code="unknown_result", field="result")
    not_outside(ended_on, remedy.received_on, local_day(at), "ended_on", _("结果送达当事人日期"))
    remedy.opinion = required(opinion, "opinion", _("请填写文书文号和结果内容。"), limit=4000)
    if result == RemedyResult.CHANGED:
        _change(case, remedy, fine, confiscated, actor, at)
    elif fine is not None or confiscated is not None:
        raise Invalid(_("结果为变更的才填写变更后的金额。"), code="not_changed", field="fine")
    was_pending, remedy.state = remedy.state == RemedyState.PENDING, RemedyState.ENDED
    remedy.result, remedy.ended_on = result, ended_on
    remedy.save()
    case.save()
    said = f"{ended_on}，{remedy.body}：{in_record(RemedyResult(result).label)}"
    write_move(case, moves.END_REMEDY, case.state, actor, at, said)
    if was_pending:
        _end_answer(case, remedy, ended_on, actor, at)
    if result in UNSETTLING:
        start_withdrawal(case, ended_on, actor, at)
    if result == RemedyResult.CHANGED:
        index_case(case)
        if case.state == CaseState.SERVED:
            settle(case, ended_on, actor, at)
    refresh_court_term(case, actor, at)
    return case


def _change(
    case: Case, remedy: Remedy, fine: Decimal | None, confiscated: Decimal | None, actor: User, at: datetime
) -> None:
    before = (case.fine or Decimal(), case.confiscated or Decimal())
    remedy.fine_before, remedy.confiscated_before = before
    for amount, most, field in ((fine, before[0], "fine"), (confiscated, before[1], "confiscated")):
        if amount is None:
            raise Invalid(_("请填写变更后的金额，没有的填0。"), code="required", field=field)
        if not 0 <= yuan(amount, field) <= most:
            raise Invalid(
                _("变更后的金额不能高于原决定的%(most)s元（行政复议法第六十三条第二款）。") % {"most": most},
                code="aggravated", field=field,
            )  # fmt: skip
    case.fine, case.confiscated = fine, confiscated
    if (above := case.late_fine - (fine or Decimal())) > 0:
        LateFineEntry.objects.create(
            case=case, kind=LateFineKind.WAIVER, amount=above, counted_on=local_day(at), reason=CAPPED,
            decided_by=actor, decided_at=at,
        )  # fmt: skip
        case.late_fine = total_late_fine(case)


def _begin(actor: User, case_id: int, remedy_id: int, row: Transition) -> tuple[Case, Remedy]:
    case = lock_case(actor, case_id)
    require_part(actor, case, row)
    remedy = remedy_of(case, remedy_id)
    require_state(REMEDY_TRANSITIONS, row, remedy.state, str(RemedyState(remedy.state).label))
    return case, remedy


def _end_answer(case: Case, remedy: Remedy, on: date, actor: User, at: datetime) -> None:
    meet_if_open(case, _answer_rule(remedy), on, actor, at)
