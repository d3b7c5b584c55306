"""A case of the east squad in every state, and every verb with valid input."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from accounts.models import User
from cases.actions import decision, defence, duties, filing, performance, proposal, review, term
from cases.actions.casefile import archive_case
from cases.models import Case
from cases.states import matter as states
from cases.states.matter import CaseState
from tests.builders import KINDS, City, decide, make_case, make_notified_case, make_proposal, moment
from tests.cases import hearing_stages, money_stages, outcome_stages
from tests.cases.casefile_stages import put_file
from tests.kept import kept

LATER = moment("2026-04-13")
ON = date(2026, 4, 13)
Verb = Callable[[City, Case, User, datetime], Case]

VERBS: dict[str, Verb] = {
    "declare": lambda city, case, actor, at: duties.declare(
        case_id=case.pk, interest="other", note="与当事人的负责人是同学", actor=actor, at=at
    ),
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
    "propose": lambda city, case, actor, at: proposal.propose(
        case_id=case.pk, facts="货架上有过期食品", basis="依据示例法第一条", penalties=KINDS, fine=Decimal(4000),
        confiscated=Decimal(300), actor=actor, at=at,
    ),
    "approve_notice": lambda city, case, actor, at: proposal.approve_notice(
        case_id=case.pk, version=case.proposals.count() or 1, actor=actor, at=at
    ),
    "revise": lambda city, case, actor, at: proposal.revise_proposal(
        case_id=case.pk, reason="补充证据后改变定性", actor=actor, at=at
    ),
    "conclude": lambda city, case, actor, at: review.conclude_case(
        case_id=case.pk, conclusion="事实清楚", reviewer_id=city.east_reviewer.pk, actor=actor, at=at
    ),
    "pass_review": lambda city, case, actor, at: review.pass_review(
        case_id=case.pk, opinion="同意", actor=actor, at=at
    ),
    "return_review": lambda city, case, actor, at: review.return_review(
        case_id=case.pk, outcome="supplement", objections={"facts": "进货凭证不全"}, opinion="补充调查", actor=actor,
        at=at,
    ),
    "extend_review": lambda city, case, actor, at: review.extend_review(
        case_id=case.pk, days=5, reason="涉及多个法律关系", actor=actor, at=min(at, moment("2026-03-20"))
    ),
    "notify": lambda city, case, actor, at: decision.notify_party(case_id=case.pk, served_on=ON, actor=actor, at=at),
    "record_defence": lambda city, case, actor, at: defence.record_defence(
        case_id=case.pk, made_on=ON, way="written", content="已经整改", adopted="part", reply="从轻已经考虑", actor=actor,
        at=at,
    ),
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
    **money_stages.VERBS,
    **hearing_stages.VERBS,
    **outcome_stages.VERBS,
    "close": outcome_stages.closed,
    "archive": lambda city, case, actor, at: archive_case(case_id=case.pk, actor=actor, at=at),
}  # fmt: skip
# Filing makes the case, and performance follows from the last payment: neither is a verb upon a case.
FOLLOWING = (
    states.FILE, states.PERFORM, states.UNPERFORM, states.TAKE_IN, states.SPLIT_OFF, states.UNNOTIFY, states.UNSERVE,
    states.UNURGE,
)  # fmt: skip
ROWS = {row.name: row for row in states.TRANSITIONS if row not in FOLLOWING}

# The states some verb leads to.
STATES = [state for state in CaseState.values if any(row.target == state for row in states.TRANSITIONS)]


def doer(city: City, verb: str) -> User:
    """Somebody of the east who may."""
    if verb in hearing_stages.DOERS:
        return city.east_head
    role = next(iter(sorted(ROWS[verb].roles)))
    return {
        "bureau_head": city.east_director,
        "handler": city.east_handler,
        "legal_reviewer": city.east_reviewer,
    }[role]


@kept
def case_in(city: City, state: str) -> Case:
    """A case of the east squad walked to this state by the end of March 2026."""
    walk: list[tuple[str, Callable[[Case], Case]]] = [
        (CaseState.NOTIFIED, lambda case: case),
        (CaseState.DECIDED, lambda case: decide(city, case, at=moment("2026-03-24"))),
        (CaseState.SERVED, lambda case: _served(city, case)),
        (CaseState.PERFORMED, lambda case: _paid(city, case)),
        (CaseState.CLOSED, lambda case: _closed(city, case)),
        (CaseState.ARCHIVED, lambda case: VERBS["archive"](city, case, city.east_handler, moment("2026-04-01"))),
    ]
    if state == CaseState.ENDED:
        return outcome_stages.annulled(city, case_in(city, CaseState.CLOSED), city.east_director, moment("2026-04-01"))
    if state == CaseState.MERGED:
        return VERBS["merge"](city, make_case(city), city.east_director, moment("2026-03-16"))
    if state in (CaseState.HEARING, CaseState.HEARD, CaseState.LEGAL_REVIEW):
        return hearing_stages.case_heard(city, state)
    if state not in [name for name, _step in walk]:
        return _early(city, state)
    case = make_notified_case(city, hearing_right=True)
    for name, step in walk:
        case = step(case)
        if name == state:
            break
    return case


def _early(city: City, state: str) -> Case:
    at = moment("2026-03-16")
    case = make_proposal(make_case(city), at=at)
    if state == CaseState.SUSPENDED:
        return term.suspend_case(
            case_id=case.pk, ground="missing_party", starts_on=at.date(), reason="下落不明", actor=city.east_director,
            at=at,
        )  # fmt: skip
    if state in (CaseState.UNDER_REVIEW, CaseState.REVIEWED, CaseState.APPROVED):
        case = VERBS["conclude"](city, case, city.east_handler, at)
    if state in (CaseState.REVIEWED, CaseState.APPROVED):
        case = VERBS["pass_review"](city, case, city.east_reviewer, at)
    if state == CaseState.APPROVED:
        case = VERBS["approve_notice"](city, case, city.east_director, at)
    return case


def _served(city: City, case: Case) -> Case:
    return decision.serve_decision(
        case_id=case.pk, served_on=date(2026, 3, 26), actor=city.east_handler, at=moment("2026-03-26")
    )


def _closed(city: City, case: Case) -> Case:
    at = moment("2026-03-31")
    case = VERBS["close"](city, case, city.east_director, at)
    put_file(city, case, at)
    return case


def _paid(city: City, case: Case) -> Case:
    return performance.record_payment(
        case_id=case.pk, amount=Decimal(5300), paid_on=date(2026, 3, 30), actor=city.east_handler,
        at=moment("2026-03-30"),
    )  # fmt: skip
