"""Decisions on the spot: the thresholds, two officers, cash, handing in, and the way to a closed case."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Certificate
from cases.actions import filing
from cases.models import Case, Payment
from cases.pages.progress import next_steps
from cases.queries.matter import legal_moves
from cases.queries.outcomes import closing_ground
from cases.states.matter import CaseState, FilingCondition
from clues.actions import verification
from core.errors import Invalid, NotPermitted, WrongState
from deadlines.queries import clocks_of
from tests.api_client import Caller, problem_of
from tests.builders import NOW, City, make_case, make_lead, make_signed_lead, moment
from tests.cases.money_stages import pay
from tests.cases.outcome_stages import fined_on_spot, handed_in
from tests.cases.stages import VERBS
from tests.cases.test_case_walks import check_clocks
from tests.cases.test_outcomes import close, running
from tests.refusals import refused


@pytest.mark.parametrize(("kind", "most"), [("person", 200), ("organisation", 3000)])
def test_up_to_the_figure_of_the_law_and_not_a_yuan_more(city: City, kind: str, most: int) -> None:
    with refused(Invalid, "above_summary_threshold", "fine"):
        fined_on_spot(city, party_kind=kind, fine=Decimal(most) + Decimal("0.01"))
    case = fined_on_spot(city, party_kind=kind, fine=Decimal(most))
    assert (case.state, case.procedure, case.fine) == (CaseState.SERVED, "summary", Decimal(most))


def test_nothing_but_a_warning_or_a_fine_is_decided_on_the_spot(city: City) -> None:
    with refused(Invalid, "above_summary_threshold", "penalties"):
        fined_on_spot(city, penalties=["fine", "suspend_business"])
    with refused(Invalid, "required", "penalties"):
        fined_on_spot(city, penalties=[], fine=Decimal())
    with refused(Invalid, "kind_not_chosen", "penalties"):
        fined_on_spot(city, penalties=["warning"])


def test_two_officers_with_certificates_tell_the_party_before_they_decide(city: City) -> None:
    with refused(Invalid, "two_officers_required", "second_officer"):
        fined_on_spot(city, second_officer_id=city.east_handler.pk)
    with refused(Invalid, "not_in_office", "second_officer"):
        fined_on_spot(city, second_officer_id=city.west_handler.pk)
    with refused(Invalid, "not_informed", "is_informed"):
        fined_on_spot(city, is_informed=False)
    with refused(Invalid, "future_date", "decided_at"):
        fined_on_spot(city, decided_at=moment("2026-03-02T11:00"))
    for stranger in (city.west_handler, city.east_director, city.supervisor):
        with refused(NotPermitted, "not_permitted"):
            fined_on_spot(city, actor=stranger)
    Certificate.objects.filter(user=city.east_handler2).update(ends_on=date(2026, 3, 1))
    with refused(Invalid, "certificate_expired", "second_officer"):
        fined_on_spot(city)


def test_a_fine_on_the_spot_is_paid_at_the_bank_handed_in_and_closed(city: City) -> None:
    case = fined_on_spot(city, said="认可", is_unsigned=True)
    assert case.number == case.decision_number
    assert (case.decided_on, case.served_on, case.decided_by) == (NOW.date(), NOW.date(), None)
    assert "警告、罚款200.00元" in case.decision
    assert running(case) == {"summary_procedure_filing": "2026-03-11", "fine_payment": "2026-03-17"}
    with refused(Invalid, "date_too_early", "handed_in_on"):
        handed_in(city, case, "2026-03-01", at=moment("2026-03-05"))
    case = handed_in(city, case, "2026-03-05")
    with refused(WrongState, "already_handed_in"):
        handed_in(city, case, "2026-03-06")
    case = pay(city, case, "200", "2026-03-10")
    assert (case.state, running(case)) == (CaseState.PERFORMED, {})
    case = close(city, case)
    assert (case.state, closing_ground(case)) == (CaseState.CLOSED, "on_spot")
    check_clocks(case.pk)


def test_a_warning_owes_nothing_and_still_has_to_be_handed_in(city: City) -> None:
    case = fined_on_spot(city, penalties=["warning"], fine=Decimal())
    assert (case.state, set(running(case))) == (CaseState.PERFORMED, {"summary_procedure_filing"})
    with refused(WrongState, "duty_left"):
        close(city, case)
    assert close(city, handed_in(city, case, "2026-03-05")).state == CaseState.CLOSED


def test_cash_is_taken_on_the_grounds_of_the_law_against_a_receipt(city: City) -> None:
    with refused(Invalid, "cash_not_allowed", "cash_ground"):
        fined_on_spot(city, fine=Decimal(101), cash_ground="small", receipt_number="示0001")
    with refused(Invalid, "receipt_required", "receipt_number"):
        fined_on_spot(city, fine=Decimal(100), cash_ground="small")
    case = fined_on_spot(city, fine=Decimal(100), cash_ground="small", receipt_number="示0001")
    assert (case.state, Payment.objects.get().kind) == (CaseState.PERFORMED, "cash")
    assert set(running(case)) == {"summary_procedure_filing", "cash_fine_handover"}
    case = handed_in(city, case, "2026-03-05")
    with refused(WrongState, "duty_left"):
        close(city, case)


def test_a_lead_in_hand_is_named_and_has_one_case_only(city: City) -> None:
    lead, unsigned = make_signed_lead(city), make_lead(city)
    case = fined_on_spot(city, lead_id=lead.pk)
    assert (case.lead, case.category) == (lead, lead.category)
    with refused(WrongState, "lead_has_case"):
        fined_on_spot(city, lead_id=lead.pk)
    verification.report_findings(lead_id=lead.pk, findings="属实。", proposal="filed", actor=city.east_handler, at=NOW)
    with refused(WrongState, "lead_has_case"):
        filing.file_case(
            lead_id=lead.pk, cause="案由", owner_id=city.east_handler.pk, second_officer_id=city.east_handler2.pk,
            conditions=FilingCondition.values, actor=city.east_director, at=NOW,
        )  # fmt: skip
    with refused(WrongState, "lead_not_in_hand"):
        fined_on_spot(city, lead_id=unsigned.pk)


def test_each_procedure_has_its_own_moves(city: City) -> None:
    ordinary, spot = make_case(city), fined_on_spot(city)
    with refused(WrongState, "wrong_procedure"):
        handed_in(city, ordinary, "2026-03-05")
    with refused(WrongState, "wrong_procedure"):
        VERBS["conclude"](city, spot, city.east_handler, NOW)
    names = {row.name for row in legal_moves(city.east_handler, spot)}
    assert names == {"hand_in", "record_payment", "urge", "withdraw_publication"}


def test_what_waits_for_the_papers_is_shown_once(city: City) -> None:
    case = pay(city, fined_on_spot(city), "200", "2026-03-03")
    assert case.state == CaseState.PERFORMED
    with time_machine.travel(moment("2026-03-03"), tick=False):
        steps = next_steps(city.east_director, case, list(clocks_of("case", case.pk)), moment("2026-03-03"))
    (closing,) = [step for step in steps if step.label == "批准结案"]
    assert (closing.url, "简易程序材料交局归档" in closing.why_not) == ("", True)


BODY: dict[str, Any] = {
    "party_name": "示例商店", "party_kind": "person", "cause": "未明码标价", "decided_at": "2026-03-02 10:00", "place": "示例路1号",
    "facts": "现场查见", "basis": "示例法第一条", "penalties": ["fine"], "fine": "50", "is_informed": "on", "confirmed": "on",
}  # fmt: skip


def test_a_handler_fills_one_page_and_the_list_finds_the_case(city: City) -> None:
    lead, browser = make_signed_lead(city), Client()
    browser.force_login(city.east_handler)
    with time_machine.travel(moment("2026-03-02T10:30"), tick=False):
        assert "当场作出处罚决定" in browser.get(f"/cases/on_spot/?lead={lead.pk}").content.decode()
        body = BODY | {"office": city.east_squad.pk, "second_officer": city.east_handler2.pk, "lead_id": lead.pk}
        assert "已告知" in browser.post("/cases/on_spot/", body | {"is_informed": ""}).content.decode()
        assert "三千元" in browser.post("/cases/on_spot/", body | {"fine": "300"}).content.decode()
        where = browser.post("/cases/on_spot/", body)["Location"]
        page = browser.get(where).content.decode()
        assert "当场作出处罚决定" in page
        assert "尚未交局" in page
        case = Case.objects.get()
        assert (where, case.lead) == (f"/cases/{case.pk}/", lead)
        assert case.number in browser.get("/cases/?procedure=summary&outcome=penalty").content.decode()
        assert case.number not in browser.get("/cases/?procedure=ordinary").content.decode()
        assert browser.get(f"/cases/{case.pk}/hand_in/").status_code == 200
        browser.post(f"/cases/{case.pk}/hand_in/", {"handed_in_on": "2026-03-02"})
    assert Case.objects.get().handed_in_on == date(2026, 3, 2)
    browser.force_login(city.supervisor)
    assert browser.get("/cases/on_spot/").status_code == 403


def test_a_decision_on_the_spot_over_the_api(city: City) -> None:
    body = BODY | {
        "office": city.east_squad.pk, "second_officer": city.east_handler2.pk, "is_informed": True,
        "decided_at": "2026-03-02T10:00:00+08:00",
    }  # fmt: skip
    del body["confirmed"]
    with time_machine.travel(moment("2026-03-02T10:30"), tick=False):
        problem_of(Caller(city.supervisor).post("/cases/on_spot/", body), 403, "not_permitted")
        problem_of(
            Caller(city.east_handler).post("/cases/on_spot/", body | {"fine": "201"}), 400, "above_summary_threshold"
        )
        answer = Caller(city.east_handler).post("/cases/on_spot/", body)
    assert answer.status_code == 201
    assert (answer.json()["procedure"], answer.json()["lead"]) == ("summary", None)
    assert answer["Location"].endswith(f"/cases/{answer.json()['id']}/")
