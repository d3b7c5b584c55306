"""Where a case stands: the steps of its way, and what may be done with it next, by whom and why not yet."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import may_act_for
from accounts.queries import who_may
from accounts.roles import Role
from cases import states
from cases.models import Case, CaseMove
from cases.policies import conflict
from cases.queries import legal_moves
from cases.states import CaseState
from core.pages import NextStep, Stage, Step, steps_in_order
from core.templatetags.words import day
from core.transitions import Transition
from deadlines.arithmetic import days_after
from deadlines.models import Clock
from deadlines.queries import rule_book
from deadlines.states import OPEN_STATES

# The way of a case, and the move each state is waiting for.
WAY = (
    states.FILE, states.CONCLUDE, states.PASS_REVIEW, states.NOTIFY, states.DECIDE, states.SERVE, states.PERFORM,
    states.CLOSE,
)  # fmt: skip
AWAITED = {
    CaseState.INVESTIGATING: states.CONCLUDE,
    CaseState.SUSPENDED: states.RESUME,
    CaseState.UNDER_REVIEW: states.PASS_REVIEW,
    CaseState.REVIEWED: states.NOTIFY,
    CaseState.NOTIFIED: states.DECIDE,
    CaseState.DECIDED: states.SERVE,
    CaseState.SERVED: states.RECORD_PAYMENT,
    CaseState.PERFORMED: states.CLOSE,
}
PLACES = {
    CaseState.INVESTIGATING: 1, CaseState.SUSPENDED: 1, CaseState.UNDER_REVIEW: 2, CaseState.REVIEWED: 3,
    CaseState.NOTIFIED: 4, CaseState.DECIDED: 5, CaseState.SERVED: 6, CaseState.PERFORMED: 7, CaseState.CLOSED: 8,
}  # fmt: skip


def short_basis(row: Transition) -> str:
    """第六十条 of 市场监督管理行政处罚程序规定, as people there say it."""
    return str(row.basis).replace(states.RULES, "程序规定")


def steps_of(case: Case, moves: Iterable[CaseMove]) -> list[Step]:
    """From filing to closing, with the day each was done: the day in law where there is one."""
    labels = {
        states.CONCLUDE: _("调查终结"), states.PASS_REVIEW: _("审核"), states.NOTIFY: _("告知"),
        states.DECIDE: _("处罚决定"), states.SERVE: _("送达"), states.PERFORM: _("履行"), states.CLOSE: _("结案"),
    }  # fmt: skip
    days = {move.name: timezone.localdate(move.at) for move in moves}
    in_law = {
        states.FILE: case.filed_on, states.NOTIFY: case.notified_on, states.DECIDE: case.decided_on,
        states.SERVE: case.served_on, states.PERFORM: case.paid_on, states.CLOSE: case.closed_on,
    }  # fmt: skip
    at = PLACES[CaseState(case.state)]
    return [
        Step(
            label=labels.get(row, str(row.label)),
            stage=Stage.DONE if place < at else Stage.CURRENT if place == at else Stage.AHEAD,
            basis=short_basis(row),
            on=(in_law.get(row) or days.get(row.name)) if place < at else None,
        )
        for place, row in enumerate(WAY)
    ]


def next_steps(user: User, case: Case, clocks: Sequence[Clock], now: datetime) -> list[NextStep]:
    """Every move the state table has for this state: a button where this user may, else who may or why not yet."""
    legal, awaited = legal_moves(user, case), AWAITED.get(CaseState(case.state))
    steps = [
        _step(user, case, row, may=row in legal, is_primary=row is awaited, why=why_not(row, clocks, now))
        for row in sorted(states.TRANSITIONS, key=lambda row: row.target in (None, case.state))
        if row.starts_from(case.state) and row.roles
    ]
    if awaited and (after := AWAITED.get(CaseState(awaited.target or CaseState.PERFORMED))):
        reason = _("先办理“{first}”。").format(first=awaited.label)
        steps.append(NextStep(str(after.label), why_not=reason, basis=short_basis(after)))
    return steps_in_order(steps)


def waiting_for(user: User, case: Case) -> str:
    """Whom the case waits for, when it is not this user."""
    awaited = AWAITED.get(CaseState(case.state))
    if awaited is None or awaited in legal_moves(user, case):
        return ""
    return _("等待{who}办理“{what}”。").format(who=_who(case, awaited), what=awaited.label)


def why_not(row: Transition, clocks: Sequence[Clock], now: datetime) -> str:
    """Why a move the state allows is not possible yet, or no longer; '' when it is."""
    running = {clock.rule: clock for clock in clocks if clock.state in OPEN_STATES}
    if row is states.DECIDE:
        term = running.get("statement_defence")
        if term is not None and term.due_on is not None and timezone.localdate(now) <= term.due_on:
            return _("陈述申辩期至 {last}，最早 {first} 可以决定。").format(
                last=day(term.due_on), first=day(days_after(term.due_on, 1))
            )
    if row is states.EXTEND and (clock := running.get("case_handling")) is not None:
        taken, allowed = len(clock.additions), len(rule_book().version(clock.rule_version).extensions)
        if taken >= allowed:
            return _("已延长 {n} 次，依法不能再延长。").format(n=taken)
    return ""


def _step(user: User, case: Case, row: Transition, *, may: bool, is_primary: bool, why: str) -> NextStep:
    own_conflict = conflict(user, case, row) if may_act_for(user, case.office, row.roles) else ""
    is_named = row.roles == frozenset(states.OFFICER) or not own_conflict
    return NextStep(
        label=str(row.label),
        url=reverse(f"case_{row.name}", args=[case.pk]) if may and not why else "",
        who="" if may else _who(case, row),
        why_not=why if is_named or why else _("您不能办理：{why}。").format(why=own_conflict),
        basis=short_basis(row),
        is_primary=is_primary,
    )


def _who(case: Case, row: Transition) -> str:
    if row.roles == frozenset(states.OFFICER):
        return _("办案人员{owner}、{second}").format(owner=case.owner.name, second=case.second_officer.name)
    if Role.LEGAL_REVIEWER in row.roles and case.reviewer is not None:
        return _("审核人员{name}").format(name=case.reviewer.name)
    return who_may(case.office, row.roles)
