"""A case of the east squad in every state, and every verb with valid input."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from accounts.models import User
from cases import states
from cases.actions import decision, filing, performance, review, term
from cases.models import Case
from cases.states import CaseState
from tests.builders import City, decide, make_case, make_notified_case, moment

LATER = moment("2026-04-13")
ON = date(2026, 4, 13)
Verb = Callable[[City, Case, User, datetime], Case]

VERBS: dict[str, Verb] = {
    "suspend": lambda city, case, actor, at: term.suspend_case(
        case_id=case.pk, ground="missing_party", starts_on=ON, reason="下落不明", actor=actor, at=at
    ),
    "resume": lambda city, case, actor, at: term.resume_case(
        case_id=case.pk, resumes_on=ON, reason="已找到", actor=actor, at=at
    ),
    "extend": lambda city, case, actor, at: term.extend_case(case_id=case.pk, reason="案情复杂", actor=actor, at=at),
    "exclude": lambda city, case, actor, at: term.exclude_case_days(
        case_id=case.pk, ground="检验", first_day=date(2026, 3, 18), last_day=date(2026, 3, 19), reason="送检",
        actor=actor, at=at,
    ),
    "reassign": lambda city, case, actor, at: filing.reassign_case(
        case_id=case.pk, owner_id=city.east_handler2.pk, second_officer_id=city.east_handler.pk, reason="调岗",
        actor=actor, at=at,
    ),
    "conclude": lambda city, case, actor, at: review.conclude_case(
        case_id=case.pk, conclusion="事实清楚", reviewer_id=city.east_reviewer.pk, actor=actor, at=at
    ),
    "pass_review": lambda city, case, actor, at: review.pass_review(
        case_id=case.pk, opinion="同意", actor=actor, at=at
    ),
    "return_review": lambda city, case, actor, at: review.return_review(
        case_id=case.pk, opinion="补充调查", actor=actor, at=at
    ),
    "notify": lambda city, case, actor, at: decision.notify_party(case_id=case.pk, served_on=ON, actor=actor, at=at),
    "decide": lambda city, case, actor, at: decision.decide_case(
        case_id=case.pk, decision="罚款", fine=Decimal(5000), confiscated=Decimal(300), defence="未提出", actor=actor,
        at=at,
    ),
    "serve": lambda city, case, actor, at: decision.serve_decision(
        case_id=case.pk, served_on=ON, actor=actor, at=at
    ),
    "record_payment": lambda city, case, actor, at: performance.record_payment(
        case_id=case.pk, amount=Decimal(1), paid_on=ON, actor=actor, at=at
    ),
    "close": lambda city, case, actor, at: performance.close_case(
        case_id=case.pk, reason="执行完毕", actor=actor, at=at
    ),
}  # fmt: skip
# Filing makes the case, and performance follows from the last payment: neither is a verb upon a case.
ROWS = {row.name: row for row in states.TRANSITIONS if row not in (states.FILE, states.PERFORM)}


def doer(city: City, verb: str) -> User:
    """Somebody of the east who may."""
    role = next(iter(sorted(ROWS[verb].roles)))
    return {
        "bureau_head": city.east_director,
        "handler": city.east_handler,
        "legal_reviewer": city.east_reviewer,
    }[role]


def case_in(city: City, state: str) -> Case:
    """A case of the east squad walked to this state by the end of March 2026."""
    walk: list[tuple[str, Callable[[Case], Case]]] = [
        (CaseState.NOTIFIED, lambda case: case),
        (CaseState.DECIDED, lambda case: decide(city, case, at=moment("2026-03-24"))),
        (CaseState.SERVED, lambda case: _served(city, case)),
        (CaseState.PERFORMED, lambda case: _paid(city, case)),
        (CaseState.CLOSED, lambda case: VERBS["close"](city, case, city.east_director, moment("2026-03-31"))),
    ]
    if state not in [name for name, _step in walk]:
        return _early(city, state)
    case = make_notified_case(city)
    for name, step in walk:
        case = step(case)
        if name == state:
            break
    return case


def _early(city: City, state: str) -> Case:
    case = make_case(city)
    at = moment("2026-03-16")
    if state == CaseState.SUSPENDED:
        return term.suspend_case(
            case_id=case.pk, ground="missing_party", starts_on=at.date(), reason="下落不明", actor=city.east_director,
            at=at,
        )  # fmt: skip
    if state in (CaseState.UNDER_REVIEW, CaseState.REVIEWED):
        case = VERBS["conclude"](city, case, city.east_handler, at)
    if state == CaseState.REVIEWED:
        case = VERBS["pass_review"](city, case, city.east_reviewer, at)
    return case


def _served(city: City, case: Case) -> Case:
    return decision.serve_decision(
        case_id=case.pk, served_on=date(2026, 3, 26), actor=city.east_handler, at=moment("2026-03-26")
    )


def _paid(city: City, case: Case) -> Case:
    return performance.record_payment(
        case_id=case.pk, amount=Decimal(5300), paid_on=date(2026, 3, 30), actor=city.east_handler,
        at=moment("2026-03-30"),
    )  # fmt: skip
