"""What a case is moved with: every fault is refused by code and field and changes nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from cases.actions import decision, filing, performance, review, term
from cases.models import Case
from cases.states import matter as states
from cases.states.matter import CaseState, FilingCondition
from core.errors import Invalid, NotFound, WrongState
from deadlines.models import Clock
from tests.builders import NOW, City, decide, make_verified_lead, moment
from tests.cases.hearing_builders import clerk_of_hearing, discuss
from tests.cases.stages import LATER, ON, VERBS, case_in
from tests.refusals import refused

Fault = tuple[str, Callable[[City, Case], Case], str, str]


def suspended(city: City, case: Case, *, ground: str = "other", reason: str = "等", on: date = ON) -> Case:
    return term.suspend_case(
        case_id=case.pk, ground=ground, starts_on=on, reason=reason, actor=city.east_director, at=LATER
    )


def excluded(city: City, case: Case, *, ground: str = "听证", first: date = ON, last: date = ON) -> Case:
    return term.exclude_case_days(
        case_id=case.pk, ground=ground, first_day=first, last_day=last, reason="", actor=city.east_director, at=LATER
    )


def concluded(city: City, case: Case, *, conclusion: str = "清楚", reviewer_id: int | None = None) -> Case:
    return review.conclude_case(
        case_id=case.pk, conclusion=conclusion, reviewer_id=reviewer_id or city.east_reviewer.pk,
        actor=city.east_handler, at=LATER,
    )  # fmt: skip


def notified(city: City, case: Case, on: date) -> Case:
    return decision.notify_party(case_id=case.pk, served_on=on, actor=city.east_handler, at=LATER)


def decided(
    city: City, case: Case, *, decision_text: str = "罚款", fine: str = "1", confiscated: str = "0", defence: str = "无"
) -> Case:
    return decision.decide_case(
        case_id=case.pk, decision=decision_text, fine=Decimal(fine), confiscated=Decimal(confiscated),
        defence=defence, actor=city.east_director, at=LATER,
    )  # fmt: skip


def served(city: City, case: Case, on: date) -> Case:
    return decision.serve_decision(case_id=case.pk, served_on=on, actor=city.east_handler, at=LATER)


def paid(city: City, case: Case, amount: str, on: date = ON) -> Case:
    return performance.record_payment(
        case_id=case.pk, amount=Decimal(amount), paid_on=on, actor=city.east_handler, at=LATER
    )


S = CaseState
FAULTS: dict[str, Fault] = {
    "suspended on no ground": (S.INVESTIGATING, lambda c, x: suspended(c, x, ground="rain"), "unknown_ground", "ground"),
    "suspended without a reason": (S.INVESTIGATING, lambda c, x: suspended(c, x, reason=" "), "required", "reason"),
    "suspended from tomorrow": (
        S.INVESTIGATING, lambda c, x: suspended(c, x, on=ON + timedelta(days=1)), "future_date", "starts_on",
    ),
    "suspended from the filing day": (
        S.INVESTIGATING, lambda c, x: suspended(c, x, on=date(2026, 3, 2)), "before_origin", "starts_on",
    ),
    "excluded on no ground": (S.NOTIFIED, lambda c, x: excluded(c, x, ground=""), "required", "ground"),
    "excluded on an unknown ground": (S.NOTIFIED, lambda c, x: excluded(c, x, ground="休假"), "unknown_ground", "ground"),
    "excluded upside down": (
        S.NOTIFIED, lambda c, x: excluded(c, x, last=ON - timedelta(days=1)), "inverted_suspension", "last_day",
    ),
    "concluded without a report": (S.INVESTIGATING, lambda c, x: concluded(c, x, conclusion=""), "required", "conclusion"),
    "sent to nobody": (S.INVESTIGATING, lambda c, x: concluded(c, x, reviewer_id=999_999), "unknown_user", "reviewer"),
    "served before filing": (S.APPROVED, lambda c, x: notified(c, x, date(2026, 3, 1)), "date_too_early", "served_on"),
    "served tomorrow": (S.APPROVED, lambda c, x: notified(c, x, ON + timedelta(days=1)), "future_date", "served_on"),
    "a fine below zero": (S.NOTIFIED, lambda c, x: decided(c, x, fine="-1"), "negative_amount", "fine"),
    "a fine of half a cent": (S.NOTIFIED, lambda c, x: decided(c, x, fine="0.005"), "bad_amount", "fine"),
    "a fine that is no number": (S.NOTIFIED, lambda c, x: decided(c, x, fine="NaN"), "bad_amount", "fine"),
    "confiscated without end": (
        S.NOTIFIED, lambda c, x: decided(c, x, confiscated="Infinity"), "bad_amount", "confiscated",
    ),
    "more than the column holds": (S.NOTIFIED, lambda c, x: decided(c, x, fine="1000000000000"), "bad_amount", "fine"),
    "decided without words": (S.NOTIFIED, lambda c, x: decided(c, x, decision_text=" "), "required", "decision"),
    "decided unheard": (S.NOTIFIED, lambda c, x: decided(c, x, defence=""), "required", "defence"),
    "decision served early": (S.DECIDED, lambda c, x: served(c, x, date(2026, 3, 23)), "date_too_early", "served_on"),
    "decision served tomorrow": (
        S.DECIDED, lambda c, x: served(c, x, ON + timedelta(days=1)), "future_date", "served_on",
    ),
    "nothing paid": (S.SERVED, lambda c, x: paid(c, x, "0"), "payment_out_of_range", "amount"),
    "less than nothing paid": (S.SERVED, lambda c, x: paid(c, x, "-5"), "payment_out_of_range", "amount"),
    "too much paid": (S.SERVED, lambda c, x: paid(c, x, "5300.01"), "payment_out_of_range", "amount"),
    "half a cent paid": (S.SERVED, lambda c, x: paid(c, x, "0.005"), "bad_amount", "amount"),
    "paid before service": (S.SERVED, lambda c, x: paid(c, x, "1", date(2026, 3, 25)), "date_too_early", "paid_on"),
    "paid tomorrow": (S.SERVED, lambda c, x: paid(c, x, "1", ON + timedelta(days=1)), "future_date", "paid_on"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_move_is_refused(city: City, fault: str) -> None:
    state, verb, code, field = FAULTS[fault]
    case = case_in(city, state)
    with refused(Invalid, code, field):
        verb(city, case)


@pytest.mark.parametrize(("cause", "code"), [(" ", "required"), ("因" * 201, "too_long")])
def test_a_case_needs_a_cause_that_fits(city: City, cause: str, code: str) -> None:
    lead = make_verified_lead(city)
    with refused(Invalid, code, "cause"):
        filing.file_case(
            lead_id=lead.pk, cause=cause, owner_id=city.east_handler.pk, second_officer_id=city.east_handler2.pk,
            conditions=FilingCondition.values, actor=city.east_director, at=NOW,
        )  # fmt: skip


def test_a_case_that_is_not_there_is_not_found(city: City) -> None:
    with refused(NotFound, "not_found"):
        suspended(city, Case(pk=999_999))


def test_no_decision_before_the_party_has_had_its_five_working_days(city: City) -> None:
    """Notice served Monday 2026-03-16: the term ends on 03-23, a decision is possible from 03-24."""
    case = case_in(city, CaseState.NOTIFIED)
    with refused(WrongState, "defence_term_running"):
        decide(city, case, at=moment("2026-03-23T23:59"))
    assert decide(city, case, at=moment("2026-03-24T00:00")).state == CaseState.DECIDED


def test_nothing_due_means_performed_when_served(city: City) -> None:
    case = decide(city, case_in(city, CaseState.NOTIFIED), at=moment("2026-03-24"), fine="0", confiscated="0")
    case = served(city, case, date(2026, 3, 26))
    assert (case.state, str(case.paid_on)) == (CaseState.PERFORMED, "2026-03-26")


def test_the_heads_fix_the_second_extension_together_and_a_third_does_not_exist(city: City) -> None:
    case = case_in(city, CaseState.INVESTIGATING)
    clerk_of_hearing(city)
    VERBS["extend"](city, case, city.east_director, LATER)
    with refused(WrongState, "discussion_required"):
        VERBS["extend"](city, case, city.east_director, LATER)
    discuss(city, case, at=LATER, topic="extension", conclusion="amended", days=30)
    discuss(city, case, at=LATER, topic="extension", conclusion="refuse")
    with refused(WrongState, "discussion_required"):
        VERBS["extend"](city, case, city.east_director, LATER)
    discuss(city, case, at=LATER, topic="extension", days=45)
    VERBS["extend"](city, case, city.east_director, LATER)
    clock = Clock.objects.get(subject_kind="case", subject_id=case.pk, rule="case_handling")
    assert str(clock.due_on) == "2026-08-14"
    with refused(Invalid, "no_extension_left", "extension"):
        VERBS["extend"](city, case, city.east_director, LATER)


def test_resuming_is_neither_before_the_suspension_nor_tomorrow(city: City) -> None:
    case = case_in(city, CaseState.SUSPENDED)
    for day, code in ((date(2026, 3, 15), "inverted_suspension"), (ON + timedelta(days=1), "future_date")):
        with refused(Invalid, code, "resumes_on"):
            term.resume_case(case_id=case.pk, resumes_on=day, reason="好", actor=city.east_director, at=LATER)


def test_a_returned_case_starts_a_new_review_when_sent_again(city: City) -> None:
    case = case_in(city, CaseState.UNDER_REVIEW)
    VERBS["return_review"](city, case, city.east_reviewer, moment("2026-03-20"))
    VERBS["conclude"](city, case, city.east_handler, moment("2026-03-30"))
    reviews = Clock.objects.filter(subject_kind="case", subject_id=case.pk, rule="legal_review").order_by("id")
    assert [(clock.state, str(clock.due_on)) for clock in reviews] == [("met", "2026-03-30"), ("running", "2026-04-14")]


def test_a_refusal_names_what_is_possible_and_nothing_that_only_follows_by_itself(city: City) -> None:
    case = case_in(city, CaseState.SERVED)
    with pytest.raises(WrongState, match="登记缴款") as caught:
        VERBS["decide"](city, case, city.east_director, LATER)
    assert not [row for row in (states.PERFORM, states.UNSERVE) if str(row.label) in caught.value.detail]
