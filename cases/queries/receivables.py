"""What is still to be paid in all the cases a user may see."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F, QuerySet, Sum

from accounts.models import User
from cases.models import Case, CourtApplication
from cases.queries.matter import cases_for
from cases.queries.money import PAYMENT_RULE
from cases.queries.remedy import COURT_RULE, URGING_RULE
from cases.states.matter import CaseState
from deadlines.models import Clock
from deadlines.queries import clocks_for
from deadlines.states import OPEN_STATES

TOTALS = ("fine", "confiscated", "late_fine", "paid")


def owing_cases(user: User) -> QuerySet[Case]:
    """Served and not paid whole, of those the user may see."""
    return cases_for(user).filter(state=CaseState.SERVED)


def payment_clocks(user: User, cases: QuerySet[Case] | None = None) -> QuerySet[Clock]:
    """The running periods to pay, to be walked by the day they end: what is overdue longest comes first.

    :param cases: of these cases only, as :func:`owing_cases` narrowed them.
    """
    clocks = clocks_for(user).filter(subject_kind="case", rule=PAYMENT_RULE, state__in=OPEN_STATES)
    return clocks if cases is None else clocks.filter(subject_id__in=cases.order_by().values("pk"))


def cases_of_clocks(user: User, clocks: Sequence[Clock]) -> list[Case]:
    """Their cases, in the order of the clocks."""
    found = cases_for(user).in_bulk([clock.subject_id for clock in clocks])
    return [found[clock.subject_id] for clock in clocks if clock.subject_id in found]


def execution_clocks(cases: Sequence[Case]) -> dict[tuple[int, str], Clock]:
    """The open periods of urging and of applying to the court, by case and rule."""
    clocks = Clock.objects.filter(
        subject_kind="case", subject_id__in=[case.pk for case in cases], rule__in=(URGING_RULE, COURT_RULE),
        state__in=OPEN_STATES,
    )  # fmt: skip
    return {(clock.subject_id, clock.rule): clock for clock in clocks}


def applications_of(cases: Sequence[Case]) -> dict[int, CourtApplication]:
    """The latest application for enforcement of each case."""
    return {row.case_id: row for row in CourtApplication.objects.filter(case__in=cases).order_by("id")}


def totals_of(cases: QuerySet[Case]) -> dict[str, Decimal]:
    """Fine, confiscated income, late fine charged, paid and left of these cases together, in yuan."""
    sums = cases.order_by().aggregate(**{f"{name}_sum": Sum(F(name)) for name in TOTALS})
    found = {name: sums[f"{name}_sum"] or Decimal() for name in TOTALS}
    return {**found, "left": found["fine"] + found["confiscated"] + found["late_fine"] - found["paid"]}
