"""On which ground a case is closed, what stands against closing it, and how it ended; the case comes through a gate."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Office, User
from accounts.policies import authority_of
from accounts.queries import open_offices
from cases.models import Case, Ending
from cases.policies import visible_to
from cases.queries.money import open_refund_order
from cases.queries.remedy import COURT_RULE, URGING_RULE
from cases.states.matter import WITHDRAW_PUBLICATION, CaseState, Outcome, Procedure
from cases.states.outcomes import ClosingGround, EndKind
from core.errors import WrongState
from core.transitions import Transition
from deadlines.models import Clock
from deadlines.queries import clocks_of, rule_book
from deadlines.states import OPEN_STATES

PUBLICATION_RULE, CLOSING_RULE = "decision_withdrawal", "case_closing"
# These lose their ground with the case; every other period that still runs is a duty somebody has yet to meet.
ENDING_WITH_THE_CASE = (
    "case_handling", "legal_review", "statement_defence", "hearing_request", "decision_service", "fine_payment",
    URGING_RULE, COURT_RULE, "court_enforcement_acceptance", "court_enforcement_ruling", "court_enforcement_objection",
    CLOSING_RULE,
)  # fmt: skip
SPARED = (Outcome.EXEMPT, Outcome.UNFOUNDED)
DECIDED_OTHERWISE = (*SPARED, Outcome.TRANSFERRED, Outcome.REFERRED)
MOST_LINKED = 20


def closing_ground(case: Case) -> ClosingGround:
    """Which item of 程序规定第七十七条第一款 lets the case be closed, by how it ended."""
    if case.procedure == Procedure.SUMMARY:
        return ClosingGround.ON_SPOT
    if case.outcome == Outcome.WITHDRAWN or case.endings.filter(kind__in=[EndKind.ANNULLED, EndKind.CEASED]).exists():
        return ClosingGround.OTHER
    if case.outcome == Outcome.TERMINATED:
        return ClosingGround.TERMINATED
    if case.outcome in DECIDED_OTHERWISE:
        return ClosingGround.OTHER_DECISION
    return ClosingGround.PERFORMED if case.ended_on is None else ClosingGround.EXECUTION_ENDED


def is_idle(row: Transition, clocks: Iterable[Clock]) -> bool:
    """Whether a move has nothing to act upon in most cases and not in this one: nobody is offered it, nor told why not.

    :param clocks: of the case.
    """
    if row is not WITHDRAW_PUBLICATION:
        return False
    return not any(clock.rule == PUBLICATION_RULE and clock.state in OPEN_STATES for clock in clocks)


def duties_left(clocks: Iterable[Clock]) -> list[str]:
    """The names of periods that still run and do not simply end with the case."""
    book = rule_book()
    return [
        str(book.version(clock.rule_version).name)
        for clock in clocks
        if clock.state in OPEN_STATES and clock.rule not in ENDING_WITH_THE_CASE
    ]


def require_duties_met(case: Case) -> None:
    """:raises WrongState: ``duty_left``: cash not handed in, a publication not withdrawn, an answer not given …;
    ``refund_order_open``."""
    if names := duties_left(clocks_of("case", case.pk)):
        raise WrongState(
            _("尚有没有办结的事项：%(names)s。请先办理，再批准结案。") % {"names": _("、").join(names)},
            code="duty_left",
        )
    if open_refund_order(case) is not None:
        raise WrongState(_("责令退款尚未完结（程序规定第五十九条），请先登记责令退款完结。"), code="refund_order_open")


def endings_of(case: Case) -> QuerySet[Ending]:
    """Newest first."""
    return case.endings.select_related("decided_by", "lead").order_by("-id")


def offices_of_others(case: Case) -> list[Office]:
    """The offices of this system a case may be transferred to: those in service that work for another authority."""
    return [office for office in open_offices() if authority_of(office).pk != case.authority_id]


def linked_cases(user: User, case: Case) -> list[Case]:
    """Cases this one was merged into or split off, and those merged into or split off it, as far as the user sees them."""
    own = [each for each in (case.merged_into_id, case.split_from_id) if each is not None]
    if not own and not getattr(case, "has_links", True):  # a row fetched through the gate knows
        return []
    rows = Case.objects.filter(visible_to(user)).filter(Q(pk__in=own) | Q(merged_into=case.pk) | Q(split_from=case.pk))
    return list(rows.order_by("id")[:MOST_LINKED])


def mergeable_into(user: User, case: Case) -> QuerySet[Case]:
    """Cases of the same party and authority, filed no later and under investigation too, that the user sees."""
    same = Q(party_name=case.party_name)
    if case.party_code:
        same |= Q(party_code=case.party_code)
    if case.normal_name:
        same |= Q(normal_name=case.normal_name)
    rows = Case.objects.filter(visible_to(user)).filter(
        same, authority=case.authority_id, state=CaseState.INVESTIGATING, filed_on__lte=case.filed_on
    )
    return rows.exclude(pk=case.pk).order_by("filed_on", "id")
