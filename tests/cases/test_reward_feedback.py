"""When the case of a reported matter is over, who reported it is told in time where a rule says so."""

import pytest

from cases.actions.performance import close_case
from cases.models import Case
from cases.states.matter import CaseState
from clues.actions.decisions import give_feedback
from clues.models import Lead
from deadlines.models import Clock
from informants.actions import seal_informant
from tests.builders import City, lead_of, moment
from tests.cases.stages import case_in

AT = moment("2026-03-31")


def closed(city: City, category: str, *, is_reported: bool) -> Case:
    case = case_in(city, CaseState.PERFORMED)
    Lead.objects.filter(pk=lead_of(case).pk).update(category=category)
    if is_reported:
        seal_informant(
            subject_kind="lead", subject_id=lead_of(case).pk, office=case.office, name="举报人", phone="19900000001",
            address="", id_number="", is_real_name=True, actor=city.east_clerk, at=AT,
        )  # fmt: skip
    return close_case(case_id=case.pk, reason="执行完毕", actor=city.east_director, at=AT)


def feedback(case: Case) -> list[tuple[str, str]]:
    clocks = Clock.objects.filter(
        subject_kind="lead", subject_id=lead_of(case).pk, rule="informant_reward_feedback_fda"
    )
    return [(clock.state, str(clock.due_on)) for clock in clocks]


def test_a_food_report_whose_case_is_closed_is_answered_within_fifteen_working_days(city: City) -> None:
    case = closed(city, "food-sale", is_reported=True)
    assert feedback(case) == [("running", "2026-04-22")]
    give_feedback(
        lead_id=lead_of(case).pk, told_on=AT.date(), way="电话告知处理结果和奖励程序", actor=city.east_clerk, at=AT
    )
    assert feedback(case) == [("met", "2026-04-22")]


@pytest.mark.parametrize(("category", "is_reported"), [("food-sale", False), ("price", True), ("", True)])
def test_without_an_informant_or_outside_food_and_drugs_nothing_runs(
    city: City, category: str, is_reported: bool
) -> None:
    assert feedback(closed(city, category, is_reported=is_reported)) == []
