"""Remedies against a decision, and from when the court may be asked to enforce it."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.queries import unseen
from cases.models import Case, CourtApplication, PaymentPlan, Remedy, Urging
from cases.states.matter import CaseState
from cases.states.remedy import (
    COURT_TRANSITIONS,
    OBJECT_TO_COURT,
    VOIDED,
    WITH_COURT,
    WITHOUT_RULING,
    CourtState,
    RemedyKind,
    RemedyResult,
    RemedyState,
)
from core.errors import WrongState
from core.transitions import Transition
from deadlines.models import Clock
from deadlines.queries import current_calendar, rule_book
from deadlines.replay import ClockFacts, due_of
from deadlines.states import OPEN_STATES

COURT_RULE, URGING_RULE = "court_enforcement_application", "urging_period"
ACCEPTANCE, RULING, OBJECTION = (
    "court_enforcement_acceptance",
    "court_enforcement_ruling",
    "court_enforcement_objection",
)
ENFORCEMENT_RULES = (URGING_RULE, COURT_RULE, ACCEPTANCE, RULING, OBJECTION)


def remedies_of(case: Case) -> QuerySet[Remedy]:
    """Newest first, for a case fetched through a gate."""
    return case.remedies.select_related("recorded_by").order_by("-id")


def pending_remedy(case: Case) -> Remedy | None:
    return case.remedies.exclude(state=RemedyState.ENDED).first()


def is_voided(case: Case) -> bool:
    """Whether the remedies have set the decision aside, recorded as fallen or not."""
    return set_aside(case.remedies.order_by("id"))


def set_aside(remedies: Iterable[Remedy]) -> bool:
    """Whether the last ruling on the decision itself leaves nothing of it: a higher instance may restore what the one
    before set aside.

    :param remedies: in the order they were recorded.
    """
    ruled = [remedy.result for remedy in remedies if remedy.result not in ("", *WITHOUT_RULING)]
    return bool(ruled) and ruled[-1] in VOIDED


def remedy_of(case: Case, remedy_id: int) -> Remedy:
    """:raises NotFound:"""
    remedy = case.remedies.filter(pk=remedy_id).first()
    if remedy is None:
        raise unseen(_("复议或者诉讼记录"))
    return remedy


def application_of(case: Case) -> CourtApplication | None:
    """The latest application for enforcement."""
    return case.court_applications.order_by("-id").first()


def court_steps(case: Case) -> list[Transition]:
    """What may be recorded next of the latest application: once the case is not enforced any more, no objection."""
    application = application_of(case)
    if application is None:
        return []
    found = [row for row in COURT_TRANSITIONS if row.starts_from(application.state)]
    return [row for row in found if row is not OBJECT_TO_COURT or case.state == CaseState.SERVED]


def require_ceasable(case: Case) -> None:
    """Whether nothing else has to come before the authority itself ends the execution (行政强制法第四十条).

    :raises WrongState: ``remedy_pending``, ``nothing_to_enforce``, ``court_pending``, ``court_enforces``.
    """
    remedies = list(case.remedies.order_by("id"))
    if any(remedy.state != RemedyState.ENDED for remedy in remedies):
        raise WrongState(
            _("行政复议或者行政诉讼还没有审结，请先登记其结果，再决定是否终结执行。"), code="remedy_pending"
        )
    if set_aside(remedies):
        raise WrongState(
            _("处罚决定已经被撤销或者确认无效，请登记决定被撤销，不另行终结执行（行政强制法第四十条第四项）。"),
            code="nothing_to_enforce",
        )
    application = application_of(case)
    if application is None:
        return
    if application.state in WITH_COURT:
        raise WrongState(
            _("申请人民法院强制执行还没有结果（%(state)s），请先登记法院的答复，再决定是否终结执行。")
            % {"state": application.get_state_display()},
            code="court_pending",
        )
    if application.state == CourtState.GRANTED:
        raise WrongState(
            _("人民法院已经裁定准予执行，请在其裁定终结执行后登记（程序规定第七十七条第一款第二项）。"),
            code="court_enforces",
        )


def urgings_of(case: Case) -> QuerySet[Urging]:
    """The demand letters that reached the party, newest first."""
    return case.urgings.filter(is_void=False).order_by("-id")


def last_urging(case: Case) -> Urging | None:
    return urgings_of(case).first()


def term_end(rule: str, origin_on: date) -> date:
    """The last day of a period that began on ``origin_on``, by the rule of that day and today's calendar.

    :raises Invalid: no version of the rule was in force that day.
    """
    due = due_of(ClockFacts(origin_on), rule_book().version_on(rule, origin_on), current_calendar())
    assert due is not None  # noqa: S101 - only a suspended clock has none
    return due.on


def own_terms_end(served_on: date) -> date:
    """The later end of the terms to ask for reconsideration and to sue; six months are never shorter than sixty days."""
    return term_end("litigation_direct", served_on)


def court_term_origin(
    *,
    served_on: date,
    remedies: Sequence[Remedy],
    plan: PaymentPlan | None = None,
    last_instalment_on: date | None = None,
) -> date | None:
    """The day whose end opens the three months to apply to the court; None while nobody can know, or never.

    行政强制法第五十三条: the end of the terms for remedies. After a remedy it is the end of the term for the next one
    (行政诉讼法第四十五条、第八十五条), after the last one the day its result was served. 程序规定第七十六条第二款: not
    before the last day of a plan; a plan that ends earlier than the remedies opens nothing (our reading: nobody can
    apply before those are over).

    :param remedies: all of the case, in the order they were recorded.
    """
    if any(remedy.state != RemedyState.ENDED for remedy in remedies):
        return None
    if set_aside(remedies):
        return None
    origin = _after(remedies[-1], served_on) if remedies else own_terms_end(served_on)
    return max(origin, last_instalment_on) if plan is not None and last_instalment_on else origin


def _after(last: Remedy, served_on: date) -> date:
    assert last.ended_on is not None  # noqa: S101 - a constraint: an ended remedy has its day
    if last.result == RemedyResult.WITHDRAWN:
        return max(own_terms_end(served_on), last.ended_on)
    if last.kind == RemedyKind.RECONSIDERATION:
        return term_end("litigation_after_reconsideration", last.ended_on)
    if last.kind == RemedyKind.LITIGATION and last.result != RemedyResult.SETTLED:
        ruled = last.result == RemedyResult.DISMISSED
        return term_end("appeal_ruling" if ruled else "appeal_judgment", last.ended_on)
    return last.ended_on


def court_term_of(case: Case) -> date | None:
    """:func:`court_term_origin` for a case whose decision waits to be performed; None for any other."""
    if case.state != CaseState.SERVED or case.served_on is None or case.left_amount <= 0:
        return None
    plan = case.plans.filter(replaced_on__isnull=True).first()
    last = plan.instalments.order_by("-due_on").first() if plan is not None else None
    return court_term_origin(
        served_on=case.served_on, remedies=list(case.remedies.order_by("id")), plan=plan,
        last_instalment_on=last.due_on if last is not None else None,
    )  # fmt: skip


def court_terms_to_start(today: date) -> QuerySet[Case, int]:
    """The ids of served cases whose term to apply to the court has begun or is not known yet, and whose clock is missing."""
    clock = Clock.objects.filter(subject_kind="case", subject_id=OuterRef("pk"), rule=COURT_RULE, state__in=OPEN_STATES)
    applied = CourtApplication.objects.filter(case=OuterRef("pk"))
    untold = Q(court_term_on__isnull=True) & ~Exists(Remedy.objects.filter(case=OuterRef("pk")))
    return (
        Case.objects.filter(untold | Q(court_term_on__lte=today), state=CaseState.SERVED)
        .exclude(Exists(clock))
        .exclude(Exists(applied))
        .order_by("id")
        .values_list("pk", flat=True)
    )
