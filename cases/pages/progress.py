"""Where a case stands: the steps of its way, and what may be done with it next, by whom and why not yet."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import may_act_for
from accounts.queries import who_may
from accounts.roles import Role
from cases.models import Case
from cases.pages.hearing_steps import awaited_step, hearing_steps, short_article
from cases.pages.obstacles import why_not
from cases.policies import HEARD_BY, conflict, who_hears
from cases.queries.decision import current_proposal
from cases.queries.duties import barred_officer, undeclared
from cases.queries.hearing import legal_steps
from cases.queries.matter import legal_moves
from cases.queries.outcomes import is_idle
from cases.states import matter as states
from cases.states.matter import CaseState, Outcome, Procedure
from core.pages import NextStep, Stage, Step, steps_in_order
from core.transitions import Transition
from deadlines.models import Clock

# The way of a case, and the move each state is waiting for.
WAY = (
    states.FILE, states.CONCLUDE, states.PASS_REVIEW, states.NOTIFY, states.DECIDE, states.SERVE, states.PERFORM,
    states.CLOSE,
)  # fmt: skip
AWAITED = {
    CaseState.INVESTIGATING: states.CONCLUDE,
    CaseState.SUSPENDED: states.RESUME,
    CaseState.UNDER_REVIEW: states.PASS_REVIEW,
    CaseState.REVIEWED: states.APPROVE_NOTICE,
    CaseState.APPROVED: states.NOTIFY,
    CaseState.NOTIFIED: states.DECIDE,
    CaseState.HEARING: states.REPORT_HEARING,
    CaseState.HEARD: states.SUBMIT_LEGAL_REVIEW,
    CaseState.LEGAL_REVIEW: states.PASS_LEGAL_REVIEW,
    CaseState.DECIDED: states.SERVE,
    CaseState.SERVED: states.RECORD_PAYMENT,
    CaseState.PERFORMED: states.CLOSE,
    CaseState.ENDED: states.CLOSE,
    CaseState.CLOSED: states.ARCHIVE,
}
PLACES = {
    CaseState.INVESTIGATING: 1, CaseState.SUSPENDED: 1, CaseState.UNDER_REVIEW: 2, CaseState.REVIEWED: 3,
    CaseState.APPROVED: 3, CaseState.NOTIFIED: 4, CaseState.HEARING: 4, CaseState.HEARD: 4, CaseState.LEGAL_REVIEW: 4,
    CaseState.DECIDED: 5, CaseState.SERVED: 6, CaseState.PERFORMED: 7, CaseState.ENDED: 7, CaseState.CLOSED: 8,
    CaseState.ARCHIVED: 8, CaseState.MERGED: 8,
}  # fmt: skip
UNPERFORMED = (states.END_EXECUTION, states.CEASE_EXECUTION)  # what stands in place of performance
ENDS = (
    states.SPARE, states.TRANSFER, states.REFER, states.TERMINATE, states.WITHDRAW, states.MERGE, *UNPERFORMED,
    states.ANNUL,
)  # fmt: skip
OVER = (CaseState.CLOSED, CaseState.ARCHIVED)
BY_OUTCOME = {  # what a reviewed proposal other than a penalty waits for
    Outcome.EXEMPT: states.SPARE, Outcome.UNFOUNDED: states.SPARE, Outcome.TRANSFERRED: states.TRANSFER,
    Outcome.REFERRED: states.REFER,
}  # fmt: skip


def short_basis(row: Transition) -> str:
    """第六十条 of 市场监督管理行政处罚程序规定, as people there say it."""
    return short_article(row)


def steps_of(case: Case, days: Mapping[str, date]) -> list[Step]:
    """From filing to closing, with the day each was done: the day in law where there is one."""
    labels = {
        states.CONCLUDE: _("调查终结"), states.PASS_REVIEW: _("审核"), states.NOTIFY: _("告知"),
        states.DECIDE: _("处罚决定"), states.SERVE: _("送达"), states.PERFORM: _("履行"), states.CLOSE: _("结案"),
    }  # fmt: skip
    in_law = {
        states.FILE: case.filed_on, states.NOTIFY: case.notified_on, states.DECIDE: case.decided_on,
        states.SERVE: case.served_on, states.PERFORM: case.paid_on, states.CLOSE: case.closed_on,
    }  # fmt: skip
    way, at = _way(case, days)
    return [
        Step(
            label=labels.get(row, str(row.label)),
            stage=Stage.DONE if place < at else Stage.CURRENT if place == at else Stage.AHEAD,
            basis=short_basis(row),
            on=(in_law.get(row) or days.get(row.name)) if place < at else None,
        )
        for place, row in enumerate(way)
    ]


def _way(case: Case, days: Mapping[str, date]) -> tuple[Sequence[Transition], int]:
    """The steps of this case and how many are behind it: a case that ended otherwise went only as far as it went."""
    state = CaseState(case.state)
    if case.procedure == Procedure.SUMMARY:
        performed = next((row for row in UNPERFORMED if row.name in days), states.PERFORM)
        way = [states.DECIDE_ON_SPOT, performed, states.HAND_IN, states.CLOSE]
        if state == CaseState.SERVED:
            return way, 1
        return way, len(way) if state in OVER else 2 if case.handed_in_on is None else 3
    ends = [row for row in ENDS if row.name in days]
    if not ends:
        return WAY, PLACES[state]
    way = [row for row in WAY if row.name in days and row not in (states.PERFORM, states.CLOSE)] + ends
    if state == CaseState.MERGED:
        return way, len(way)
    if state == CaseState.DECIDED:
        return [*way, states.SERVE, states.CLOSE], len(way)
    if states.SERVE in way and states.SPARE in way:
        way.remove(states.SERVE)
        way.append(states.SERVE)
    return [*way, states.CLOSE], len(way) + (state in OVER)


def awaited_move(case: Case) -> Transition | None:
    """The move the case waits for: while an officer must keep away, that they be replaced."""
    if barred_officer(case) is not None and states.REASSIGN.starts_from(case.state):
        return states.REASSIGN
    if case.state == CaseState.HEARING:
        return awaited_step(case)
    if case.state == CaseState.REVIEWED and (proposed := current_proposal(case)) is not None:
        return BY_OUTCOME.get(Outcome(proposed.outcome), states.APPROVE_NOTICE)
    is_over = case.state in (CaseState.PERFORMED, CaseState.ENDED)
    if case.procedure == Procedure.SUMMARY and is_over and case.handed_in_on is None:
        return states.HAND_IN
    return AWAITED.get(CaseState(case.state))


def next_steps(
    user: User,
    case: Case,
    clocks: Sequence[Clock],
    now: datetime,
    rows: Sequence[Transition] | None = None,
) -> list[NextStep]:
    """Every move the state table has for this state: a button where this user may, else who may or why not yet.

    :param rows: those of a page about one subject alone; left out, all of the case.
    """
    legal, awaited = legal_moves(user, case), awaited_move(case)
    first = states.DECLARE if states.DECLARE in legal and user in undeclared(case) else awaited
    steps = [
        _step(user, case, row, may=row in legal, is_primary=row is first, why=why_not(case, row, clocks, now))
        for row in sorted(rows or states.rows_for(case.procedure), key=lambda row: row.target in (None, case.state))
        if row.starts_from(case.state) and row.roles and not is_idle(row, clocks)
    ]
    if case.state == CaseState.HEARING:
        steps += hearing_steps(user, case, now)
    elif (
        rows is None
        and awaited
        and (after := AWAITED.get(CaseState(awaited.target or CaseState.PERFORMED)))
        and not after.starts_from(case.state)  # else it is among the steps already, with what it waits for
    ):
        reason = _("先办理“{first}”。").format(first=awaited.label)
        steps.append(NextStep(str(after.label), why_not=reason, basis=short_basis(after)))
    return steps_in_order(steps)


def waiting_for(user: User, case: Case) -> str:
    """Whom the case waits for, when it is not this user."""
    awaited = awaited_move(case)
    if awaited is None or awaited in (*legal_moves(user, case), *legal_steps(user, case)):
        return ""
    return _("等待{who}办理“{what}”。").format(who=who_does(case, awaited), what=awaited.label)


def _step(user: User, case: Case, row: Transition, *, may: bool, is_primary: bool, why: str) -> NextStep:
    own_conflict = conflict(user, case, row) if may_act_for(user, case.office, row.roles) else ""
    is_named = row.roles == frozenset(states.OFFICER) or row.name in HEARD_BY or not own_conflict
    return NextStep(
        label=str(row.label),
        url=reverse(f"case_{row.name}", args=[case.pk]) if may and not why else "",
        who="" if may else who_does(case, row),
        why_not=why if is_named or why else _("您不能办理：{why}。").format(why=own_conflict),
        basis=short_basis(row),
        is_primary=is_primary,
    )


def who_does(case: Case, row: Transition) -> str:
    """Whom to ask for a move of this case."""
    if row is states.DECLARE:
        return _("办案、审核、听证主持人员本人")
    if row.name in HEARD_BY:
        return who_hears(case, row)
    if row.roles == frozenset(states.OFFICER):
        return _("办案人员{owner}、{second}").format(owner=case.owner.name, second=case.second_officer.name)
    if Role.LEGAL_REVIEWER in row.roles and case.reviewer is not None:
        return _("审核人员{name}").format(name=case.reviewer.name)
    return who_may(case.office, row.roles)
