"""Why a move the state table allows is not possible yet, or no longer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case
from cases.pages.hearing_steps import why_not_yet
from cases.policies import HEARD_BY
from cases.queries.decision import current_proposal
from cases.queries.duties import undeclared
from cases.queries.hearing import agreed_extension, held_hearing, open_hearing, why_undiscussed
from cases.queries.measures import goods_unsettled
from cases.queries.money import is_annulled
from cases.queries.outcomes import PUBLICATION_RULE, duties_left
from cases.queries.remedy import require_ceasable
from cases.states import matter as states
from cases.states.matter import Outcome
from core.errors import WrongState
from core.templatetags.words import day
from core.transitions import Transition
from deadlines.arithmetic import days_after
from deadlines.models import Clock
from deadlines.queries import rule_book
from deadlines.states import OPEN_STATES

Running = Mapping[str, Clock]


def why_not(case: Case, row: Transition, clocks: Sequence[Clock], now: datetime) -> str:
    """The reason in a sentence; '' when the move is possible."""
    if row.name in HEARD_BY and (hearing := open_hearing(case)) is not None:
        return why_not_yet(hearing, row, now)
    running = {clock.rule: clock for clock in clocks if clock.state in OPEN_STATES}
    reason = REASONS.get(row.name)
    return reason(case, running, timezone.localdate(now)) if reason else ""


def _conclude(case: Case, running: Running, on: date) -> str:
    if current_proposal(case) is None:
        return _("先办理“{first}”。").format(first=states.PROPOSE.label)
    if silent := undeclared(case):
        return _("{names}尚未声明有无回避情形。").format(names=_("、").join(user.name for user in silent))
    return ""


def _approve_notice(case: Case, running: Running, on: date) -> str:
    proposal = current_proposal(case)
    if proposal is None or proposal.outcome == Outcome.PENALTY:
        return ""
    return _("处理意见是“{outcome}”，不需要告知行政处罚。").format(outcome=proposal.get_outcome_display())


def _request_hearing(case: Case, running: Running, on: date) -> str:
    return _("告知之后已经举行过听证。") if held_hearing(case) is not None else ""


def _decide(case: Case, running: Running, on: date) -> str:
    term = running.get("statement_defence")
    if term is not None and term.due_on is not None and on <= term.due_on:
        return _("陈述申辩期至 {last}，最早 {first} 可以决定。").format(
            last=day(term.due_on), first=day(days_after(term.due_on, 1))
        )
    if case.notified_proposal_id is None:
        return _("本案没有告知时的处理意见，请先变更处理意见，重新告知。")
    return why_undiscussed(case, term)


def _close(case: Case, running: Running, on: date) -> str:
    if unsettled := goods_unsettled(case):
        return _("{why}，不能结案。").format(why=unsettled)
    left = duties_left(running.values())
    return _("尚有没有办结的事项：{names}。").format(names=_("、").join(left)) if left else ""


def _annul(case: Case, running: Running, on: date) -> str:
    is_gone = case.ended_on is not None and is_annulled(case)
    return _("本案没有可以撤销的决定。") if case.decided_on is None or is_gone else ""


def _withdraw_publication(case: Case, running: Running, on: date) -> str:
    return "" if PUBLICATION_RULE in running else _("没有需要撤回的公开信息。")


def _hand_in(case: Case, running: Running, on: date) -> str:
    return _("材料已于 {day}交局。").format(day=day(case.handed_in_on)) if case.handed_in_on else ""


def _urge(case: Case, running: Running, on: date) -> str:
    return _enforced(states.URGE, running, on)


def _apply_court(case: Case, running: Running, on: date) -> str:
    return _enforced(states.APPLY_COURT, running, on)


def _cease_execution(case: Case, running: Running, on: date) -> str:
    try:
        require_ceasable(case)
    except WrongState as refusal:
        return refusal.detail
    return ""


def _extend(case: Case, running: Running, on: date) -> str:
    clock = running.get("case_handling")
    why = _longer(clock)
    if why or clock is None or not clock.additions:
        return why
    if agreed_extension(case, clock.additions[-1].approved_on) is None:
        return _("再次延期须由部门负责人集体讨论决定，请先登记集体讨论。")
    return ""


def _extend_review(case: Case, running: Running, on: date) -> str:
    return _longer(running.get("legal_review"))


def _longer(clock: Clock | None) -> str:
    if clock is None:
        return ""
    taken, allowed = len(clock.additions), len(rule_book().version(clock.rule_version).extensions)
    return _("已延长 {n} 次，依法不能再延长。").format(n=taken) if taken >= allowed else ""


def _enforced(row: Transition, running: Mapping[str, Clock], on: date) -> str:
    """程序规定第七十六条: urged after the period to pay; ten working days later, the remedies lapsed, within three months."""
    urging, court = running.get("urging_period"), running.get("court_enforcement_application")
    if row is states.URGE:
        term = running.get("fine_payment")
        if term is not None and term.due_on is not None and on <= term.due_on:
            return _("缴款期限至 {last}，届满后可以催告。").format(last=day(term.due_on))
        return _("已经催告。") if urging is not None else ""
    if urging is None or urging.due_on is None:
        return _("先登记催告书送达。")
    if on <= urging.due_on:
        return _("催告期至 {last}，届满后可以申请。").format(last=day(urging.due_on))
    if court is None or on <= court.origin_on:
        return _("当事人申请复议、起诉的期限届满后可以申请。")
    if court.due_on is not None and on > court.due_on:
        return _("申请执行的期限已于 {last}届满。").format(last=day(court.due_on))
    return ""


# Asked with the case, its open clocks by rule, and the day.
REASONS: dict[str, Callable[[Case, Running, date], str]] = {
    states.CONCLUDE.name: _conclude,
    states.APPROVE_NOTICE.name: _approve_notice,
    states.REQUEST_HEARING.name: _request_hearing,
    states.DECIDE.name: _decide,
    states.CLOSE.name: _close,
    states.ANNUL.name: _annul,
    states.WITHDRAW_PUBLICATION.name: _withdraw_publication,
    states.HAND_IN.name: _hand_in,
    states.URGE.name: _urge,
    states.APPLY_COURT.name: _apply_court,
    states.CEASE_EXECUTION.name: _cease_execution,
    states.EXTEND.name: _extend,
    states.EXTEND_REVIEW.name: _extend_review,
}
