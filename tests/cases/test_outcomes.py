"""How cases end otherwise than by a penalty performed; no end leaves a period running, and none starts one anew."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from cases.actions import joining, outcomes, performance, term
from cases.actions.decision import serve_decision
from cases.models import Case, Ending
from cases.queries.outcomes import closing_ground, linked_cases
from cases.states.matter import CaseState
from core.errors import Invalid, NotPermitted, WrongState
from deadlines.models import Clock
from deadlines.states import OPEN_STATES
from tests.api_client import Caller, problem_of
from tests.builders import City, make_case, make_notified_case, make_reviewed_case, moment
from tests.cases import outcome_stages as build
from tests.cases.stages import VERBS, case_in
from tests.refusals import refused

AT = moment("2026-04-13")
ON = AT.date()


def running(case: Case) -> dict[str, str]:
    """The open periods of a case, with the last day of each."""
    clocks = Clock.objects.filter(subject_kind="case", subject_id=case.pk, state__in=OPEN_STATES)
    return {clock.rule: str(clock.due_on) for clock in clocks}


def close(city: City, case: Case, on: str = "2026-04-20") -> Case:
    return performance.close_case(case_id=case.pk, reason="办结", actor=city.east_director, at=moment(on))


def serve(city: City, case: Case) -> Case:
    return serve_decision(case_id=case.pk, served_on=ON, actor=city.east_handler, at=AT)


ENDS = {
    "spare": ("notified", "other_decision"),
    "transfer": ("notified", "other_decision"),
    "refer": ("reviewed", "other_decision"),
    "terminate": ("suspended", "terminated"),
    "withdraw": ("investigating", "other"),
    "end_execution": ("served", "execution_ended"),
    "cease_execution": ("served", "other"),
    "annul": ("served", "other"),
}


@pytest.mark.parametrize("verb", ENDS)
def test_every_end_leads_to_a_closed_case_without_running_periods(city: City, verb: str) -> None:
    state, ground = ENDS[verb]
    actor = city.east_director
    case = VERBS[verb](city, case_in(city, state), actor, AT)
    on = "2026-11-30" if verb == "end_execution" else "2026-04-20"
    if verb == "spare":
        assert running(case) == {"decision_service": "2026-04-22"}
        case = serve(city, case)
        assert (case.state, case.due_amount) == (CaseState.PERFORMED, Decimal())
    if verb == "annul":
        with refused(WrongState, "duty_left"):
            close(city, case)
        VERBS["withdraw_publication"](city, case, city.east_handler, AT)
    assert set(running(case)) == {"case_closing"}
    case = close(city, Case.objects.get(pk=case.pk), on)
    assert (case.state, running(case), closing_ground(case)) == (CaseState.CLOSED, {}, ground)


def test_a_party_is_spared_for_a_reason_of_the_law_and_educated(city: City) -> None:
    case = make_reviewed_case(city)
    asked: dict[str, Any] = {"case_id": case.pk, "actor": city.east_director, "at": AT}
    with refused(Invalid, "unknown_ground", "ground"):
        outcomes.spare_party(ground="pity", reason="可怜", education="教育", **asked)
    with refused(Invalid, "education_required", "education"):
        outcomes.spare_party(ground="minor", reason="轻微", education=" ", **asked)
    with refused(Invalid, "required", "reason"):
        outcomes.spare_party(ground="unfounded", reason="", **asked)
    case = outcomes.spare_party(ground="unfounded", reason="证据不足以认定", **asked)
    assert (case.outcome, case.decided_on, case.decided_by) == ("unfounded", ON, city.east_director)
    assert case.decision_number.endswith("〔2026〕1号")
    assert Clock.objects.get(subject_id=case.pk, rule="case_handling").state == "met"
    case = serve(city, case)
    assert not Clock.objects.filter(subject_id=case.pk, rule="fine_payment").exists()


def test_whoever_investigates_does_not_end_the_case(city: City) -> None:
    case = make_case(city)
    Case.objects.filter(pk=case.pk).update(owner=city.east_director)
    for verb in ("terminate", "withdraw", "transfer", "refer", "split"):
        with refused(NotPermitted, "separation_of_duties"):
            VERBS[verb](city, case, city.east_director, AT)
    reviewed = make_reviewed_case(city)
    Case.objects.filter(pk=reviewed.pk).update(reviewer=city.east_director)
    with refused(NotPermitted, "separation_of_duties"):
        VERBS["spare"](city, reviewed, city.east_director, AT)


def test_what_is_handed_over_goes_to_somebody(city: City) -> None:
    case = make_case(city)
    asked: dict[str, Any] = {"case_id": case.pk, "reason": "不属于本局管辖", "actor": city.east_director, "at": AT}
    with refused(Invalid, "unknown_ground", "ground"):
        outcomes.transfer_case(ground="far", recipient="示例局", handed_over="案卷", **asked)
    with refused(Invalid, "recipient_required", "recipient"):
        outcomes.transfer_case(ground="market", recipient=" ", handed_over="案卷", **asked)
    with refused(Invalid, "required", "recipient"):
        outcomes.refer_case(recipient=" ", handed_over="案卷", **asked)
    with refused(Invalid, "required", "handed_over"):
        outcomes.refer_case(recipient="示例市公安局", handed_over="", **asked)
    case = outcomes.transfer_case(ground="market", recipient="示例区市场监督管理局", handed_over="案卷一册", **asked)
    ending = Ending.objects.get(case=case)
    assert (ending.kind, ending.recipient, ending.handed_over) == ("transferred", "示例区市场监督管理局", "案卷一册")
    assert ending.lead is None, "nobody there works in this system"
    assert Clock.objects.get(subject_id=case.pk, rule="case_handling").state == "met"
    with refused(WrongState, "nothing_to_withdraw"):
        VERBS["withdraw_publication"](city, case, city.east_handler, AT)


# ---- annulled ------------------------------------------------------------------------------------


def test_a_decision_annulled_opens_a_closed_case_and_its_publication_is_withdrawn_in_three_working_days(
    city: City,
) -> None:
    case = case_in(city, CaseState.CLOSED)
    asked: dict[str, Any] = {
        "case_id": case.pk,
        "annulled_on": ON,
        "reason": "程序违法",
        "actor": city.east_director,
        "at": AT,
    }
    with refused(Invalid, "unknown_ground", "annulled_by"):
        outcomes.annul_decision(annulled_by="mayor", **asked)
    with refused(Invalid, "required", "body"):
        outcomes.annul_decision(annulled_by="court", **asked)
    with refused(Invalid, "date_too_early", "annulled_on"):
        outcomes.annul_decision(annulled_by="own", **asked | {"annulled_on": date(2026, 3, 1)})
    case = outcomes.annul_decision(annulled_by="own", **asked)
    assert (case.state, case.closed_on, case.ended_on) == (CaseState.ENDED, None, ON)
    assert running(case) == {"decision_withdrawal": "2026-04-16", "case_closing": "2026-05-07"}
    told: dict[str, Any] = {"case_id": case.pk, "explanation": "从未公开，已核实", "actor": city.east_handler, "at": AT}
    with refused(Invalid, "date_too_early", "withdrawn_on"):
        outcomes.withdraw_publication(withdrawn_on=date(2026, 4, 12), **told)
    outcomes.withdraw_publication(withdrawn_on=ON, was_published=False, **told)
    assert Clock.objects.get(subject_id=case.pk, rule="decision_withdrawal").state == "cancelled"
    case = close(city, case)
    assert case.state == CaseState.CLOSED
    with refused(WrongState, "nothing_to_annul"):
        outcomes.annul_decision(annulled_by="own", **asked)


# ---- merged and split ----------------------------------------------------------------------------


def test_a_case_goes_on_in_one_of_the_same_party_filed_before(city: City) -> None:
    first, second = make_case(city), make_case(city, at=moment("2026-03-09"))
    asked: dict[str, Any] = {"reason": "同一当事人", "actor": city.east_director, "at": AT}
    for wrong in (first.pk, second.pk):  # into itself, and into the one filed later
        with refused(Invalid, "not_mergeable", "into"):
            joining.merge_case(case_id=first.pk, into_id=wrong, **asked)
    due = running(first)["case_handling"]
    merged = joining.merge_case(case_id=second.pk, into_id=first.pk, **asked)
    assert (merged.state, merged.merged_into, running(merged)) == (CaseState.MERGED, first, {})
    assert running(first)["case_handling"] == due
    assert linked_cases(city.east_handler, first) == [merged]
    assert linked_cases(city.east_handler, merged) == [first]
    browser = Client()
    browser.force_login(city.east_handler)
    assert first.number in browser.get(f"/cases/{merged.pk}/").content.decode()
    page = browser.get(f"/cases/{first.pk}/").content.decode()
    assert "并入本案" in page
    assert f'href="/cases/{merged.pk}/"' in page
    answer = Caller(city.east_handler).get(f"/cases/{first.pk}/outcomes/").json()
    assert [each["merged_into"] for each in answer["linked"]] == [first.pk]


def test_cases_of_different_parties_do_not_become_one(city: City) -> None:
    first, second = make_case(city), make_case(city)
    Case.objects.filter(pk=first.pk).update(party_name="另一商店", normal_name="另一商店")
    with refused(Invalid, "not_mergeable", "into"):
        joining.merge_case(case_id=second.pk, into_id=first.pk, reason="并案", actor=city.east_director, at=AT)


def test_a_split_case_has_its_own_number_and_the_due_day_of_the_original(city: City) -> None:
    case = make_case(city)
    head: dict[str, Any] = {"actor": city.east_director, "at": moment("2026-03-20")}
    term.exclude_case_days(
        case_id=case.pk, ground="检验", first_day=date(2026, 3, 9), last_day=date(2026, 3, 18), reason="送检", **head
    )
    term.extend_case(case_id=case.pk, reason="复杂", **head)
    due = running(case)["case_handling"]
    asked: dict[str, Any] = {
        "case_id": case.pk, "cause": "另一违法行为", "party_name": "示例供货商", "owner_id": city.east_handler2.pk,
        "second_officer_id": city.east_handler.pk, "reason": "另一当事人", "actor": city.east_director, "at": AT,
    }  # fmt: skip
    with refused(Invalid, "nothing_to_split", "cause"):
        joining.split_case(**asked | {"cause": case.cause, "party_name": case.party_name})
    with refused(Invalid, "two_officers_required"):
        joining.split_case(**asked | {"owner_id": city.east_handler.pk})
    new = joining.split_case(**asked)
    assert (new.split_from, new.state, new.filed_on, new.lead) == (case, CaseState.INVESTIGATING, case.filed_on, None)
    assert new.number != case.number
    assert running(new) == running(case) == {"case_handling": due}
    assert [move.name for move in new.moves.order_by("id")] == ["split_off"]
    assert linked_cases(city.east_handler, new) == [case]
    browser = Client()
    browser.force_login(city.east_handler)
    assert browser.get(f"/cases/{new.pk}/").status_code == 200


# ---- pages and API -------------------------------------------------------------------------------


@pytest.mark.parametrize(("verb", "state"), [("spare", "reviewed"), ("transfer", "investigating"), ("annul", "served")])
def test_the_page_of_an_end_asks_for_confirmation_and_carries_it_out(city: City, verb: str, state: str) -> None:
    case = case_in(city, state)
    browser = Client()
    browser.force_login(city.east_director)
    body = build.BODIES[verb] | ({"annulled_on": "2026-04-13"} if verb == "annul" else {})
    with time_machine.travel(AT, tick=False):
        address = f"/cases/{case.pk}/{verb}/"
        assert browser.get(address).status_code == 200
        assert browser.post(address, body).status_code == 400
        assert Case.objects.get(pk=case.pk).state == state
        assert browser.post(address, body | {"confirmed": "on"})["Location"] == f"/cases/{case.pk}/"
        page = browser.get(f"/cases/{case.pk}/").content.decode()
    assert "处理结果和关联案件" in page
    assert Ending.objects.filter(case=case).count() == 1


def test_ends_over_the_api_tell_what_became_of_the_case(city: City) -> None:
    case = make_notified_case(city)
    head = Caller(city.east_director)
    with time_machine.travel(AT, tick=False):
        answer = head.post(f"/cases/{case.pk}/spare/", build.BODIES["spare"]).json()
        assert (answer["state"], answer["outcome"]) == ("decided", "exempt")
        problem_of(head.post(f"/cases/{case.pk}/terminate/", build.BODIES["terminate"]), 409, "wrong_state")
        (ending,) = head.get(f"/cases/{case.pk}/outcomes/").json()["endings"]
    assert (ending["kind"], ending["ground"]) == ("exempt", "minor")
    assert len(head.get("/cases/", outcome="exempt").json()["results"]) == 1
    assert head.get("/cases/", procedure="summary").json()["results"] == []
