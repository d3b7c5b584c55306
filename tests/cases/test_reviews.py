"""Each round of review is a row: its kind by the grounds, its seven heads, its outcome."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cases.actions import review
from cases.models import Case, Review
from cases.queries.duties import last_review
from cases.states.duties import ReviewGround, ReviewHead
from cases.states.matter import CaseState
from core.errors import Invalid
from deadlines.queries import open_clock
from tests.builders import City, make_case, make_proposal, moment
from tests.cases.stages import LATER, VERBS, case_in
from tests.refusals import refused

AT = moment("2026-03-10")


def conclude(city: City, case: Case, **given: Any) -> Case:
    reviewer = given.pop("reviewer", city.east_reviewer)
    return review.conclude_case(
        case_id=case.pk, conclusion="事实清楚", reviewer_id=reviewer.pk, actor=city.east_handler, at=AT, **given
    )


def test_any_ground_makes_it_a_legal_review_for_a_legal_reviewer_alone(city: City) -> None:
    case = make_case(city)
    make_proposal(case)
    grounds = [ReviewGround.COMPLEX.value]
    with refused(Invalid, "not_a_reviewer", "reviewer"):
        conclude(city, case, grounds=grounds, reviewer=city.east_head)
    with refused(Invalid, "unknown_ground", "grounds"):
        conclude(city, case, grounds=["big"])
    conclude(city, case, grounds=grounds)
    found = last_review(case)
    assert found is not None
    assert (found.kind, found.grounds, found.asked_by, found.reviewer) == (
        "legal", grounds, city.east_handler, city.east_reviewer,
    )  # fmt: skip


def test_without_a_ground_the_head_of_the_unit_may_review_and_the_rounds_are_counted(city: City) -> None:
    case = make_case(city)
    make_proposal(case)
    conclude(city, case, reviewer=city.east_head)
    review.return_review(
        case_id=case.pk, outcome="correct", objections={"basis": "适用条款有误", "facts": " "}, opinion="请更正",
        actor=city.east_head, at=AT,
    )  # fmt: skip
    conclude(city, case)
    review.pass_review(case_id=case.pk, opinion="同意", actor=city.east_reviewer, at=AT)
    first, second = Review.objects.order_by("round")
    assert (first.kind, first.outcome, first.opinion, second.round, second.outcome) == (
        "case", "correct", "请更正", 2, "agree",
    )  # fmt: skip
    assert [each["head"] for each in first.heads] == ReviewHead.values
    assert {each["head"]: each["note"] for each in first.heads if each["note"]} == {"basis": "适用条款有误"}
    case.refresh_from_db()
    assert (case.reviewer, case.review_opinion) == (city.east_reviewer, "同意")
    assert set(case.declarations.filter(capacity="reviewer").values_list("user__username", flat=True)) == {
        "east_head", "east_reviewer",
    }  # fmt: skip


def test_what_a_return_must_say(city: City) -> None:
    case = case_in(city, CaseState.UNDER_REVIEW)
    good: dict[str, Any] = {"outcome": "other", "objections": {"party": "身份不明"}, "opinion": "补充"}
    for change, code, field in (
        ({"outcome": "agree"}, "unknown_outcome", "outcome"), ({"outcome": "x"}, "unknown_outcome", "outcome"),
        ({"objections": {}}, "no_objection", "objections"), ({"objections": {"colour": "x"}}, "unknown_head", "objections"),
        ({"opinion": " "}, "required", "opinion"),
    ):  # fmt: skip
        with refused(Invalid, code, field):
            review.return_review(case_id=case.pk, **(good | change), actor=city.east_reviewer, at=LATER)
    with refused(Invalid, "head_not_confirmed", "heads"):
        review.pass_review(case_id=case.pk, heads=["party"], opinion="同意", actor=city.east_reviewer, at=LATER)


def test_a_head_gives_a_review_more_working_days_while_it_is_not_late(city: City) -> None:
    case = make_case(city)
    make_proposal(case)
    conclude(city, case)
    before = open_clock(rule="legal_review", subject_kind="case", subject_id=case.pk)
    VERBS["extend_review"](city, case, city.east_director, AT)
    after = open_clock(rule="legal_review", subject_kind="case", subject_id=case.pk)
    assert before is not None
    assert after is not None
    assert (str(before.due_on), str(after.due_on)) == ("2026-03-24", "2026-03-31")
    with refused(Invalid):  # the law knows one extension
        VERBS["extend_review"](city, case, city.east_director, AT)


@pytest.mark.parametrize(
    ("constraint", "broken"),
    [
        ("review_reviewer_did_not_ask", lambda city: {"asked_by": city.east_reviewer}),
        ("review_end_is_whole", lambda _city: {"ended_at": AT}),
        ("review_end_is_whole", lambda _city: {"outcome": "agree"}),
    ],
)
def test_the_database_holds_a_round_together(city: City, constraint: str, broken: Any) -> None:
    case = case_in(city, CaseState.UNDER_REVIEW)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Review.objects.filter(case=case).update(**broken(city))
