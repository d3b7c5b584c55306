"""An execution that cannot go on is ended by the authority itself, and the case is closed unpaid (行政强制法第四十条)."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from cases.actions import execution, money
from cases.file_items import items_of
from cases.models import Case, Ending
from cases.queries.matter import case_for
from cases.queries.money import account_of
from cases.queries.money_moves import money_moves
from cases.queries.outcomes import closing_ground
from cases.queries.receivables import owing_cases, payment_clocks
from cases.states.matter import CaseState
from cases.states.outcomes import CeasingGround
from core.errors import Invalid, NotPermitted, WrongState
from tests.api_client import Caller, problem_of
from tests.browsing import as_
from tests.builders import City, moment
from tests.cases.money_stages import BODIES, court, end, file, pay, served_case, step, urged
from tests.cases.outcome_stages import annulled, fined_on_spot, handed_in
from tests.cases.test_outcomes import close, running
from tests.cases.test_remedies import STEPS
from tests.refusals import everything, refused

AT = moment("2026-11-02")
ON = AT.date()


def cease(city: City, case: Case, **given: Any) -> Case:
    asked: dict[str, Any] = {"ground": "other", "reason": "人民法院裁定不予执行", "actor": city.east_director, "at": AT}
    return execution.cease_execution(case_id=case.pk, **asked | given)


def brought(city: City, state: str) -> Case:
    """A case of whose application the court, or we ourselves, have said this last."""
    case = court(city, urged(city, served_case(city)))
    for name, on in STEPS[state]:
        step(city, case, name, on, city.east_director if name == "object_to_court" else None)
    return case


# ---- when ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["refused", "denied", "failed"])
def test_what_the_court_does_not_enforce_is_ceased_and_closed_without_running_periods(city: City, state: str) -> None:
    case = brought(city, state)
    assert ("court_enforcement_objection" in running(case)) == (state != "failed")
    case = cease(city, case)
    assert (case.state, case.ended_on, case.court_term_on) == (CaseState.ENDED, ON, None)
    assert case.outcome_reason == "人民法院裁定不予执行"
    assert running(case) == {"case_closing": "2026-11-23"}
    case = close(city, case, "2026-11-10")
    assert (case.state, running(case), closing_ground(case)) == (CaseState.CLOSED, {}, "other")
    assert "第七十七条第一款第五项" in case.moves.get(name="close").reason


def test_a_party_that_is_dead_needs_no_court(city: City) -> None:
    case = pay(city, served_case(city), "300", "2026-04-02")
    assert owing_cases(city.east_handler).get() == case and payment_clocks(city.east_handler).exists()
    case = cease(city, case, ground="death", reason="当事人死亡，无遗产，无义务承受人", at=moment("2026-04-20"))
    ending = Ending.objects.get()
    assert (ending.case, ending.kind, ending.ground, ending.happened_on) == (case, "ceased", "death", case.ended_on)
    assert (ending.reason, ending.decided_by) == ("当事人死亡，无遗产，无义务承受人", city.east_director)
    assert case.moves.latest("id").reason.startswith("公民死亡，无遗产可供执行，又无义务承受人")
    assert set(running(case)) == {"case_closing"}
    assert not owing_cases(city.east_handler).exists() and not payment_clocks(city.east_handler).exists()
    assert execution.start_court_terms(at=AT) == 0
    assert close(city, case).state == CaseState.CLOSED


@pytest.mark.parametrize("state", ["applied", "accepted", "objected", "granted"])
def test_nothing_is_ceased_while_a_court_has_to_answer_or_enforces(city: City, state: str) -> None:
    case = brought(city, state)
    before = everything()
    with refused(WrongState, "court_enforces" if state == "granted" else "court_pending"):
        cease(city, case)
    assert everything() == before


def test_nothing_is_ceased_while_a_remedy_is_pending_or_when_it_left_nothing(city: City) -> None:
    case = served_case(city)
    remedy = file(city, case)
    with refused(WrongState, "remedy_pending"):
        cease(city, case)
    end(city, remedy, "revoked")
    with refused(WrongState, "nothing_to_enforce"):
        cease(city, case)
    upheld = served_case(city)
    end(city, file(city, upheld))
    assert cease(city, upheld).state == CaseState.ENDED


def test_ceasing_names_its_ground_and_its_reason(city: City) -> None:
    case = served_case(city)
    before = everything()
    for ground in ("", "annulled", "minor"):
        with refused(Invalid, "unknown_ground", "ground"):
            cease(city, case, ground=ground)
    with refused(Invalid, "required", "reason"):
        cease(city, case, reason=" ")
    with refused(Invalid, "too_long", "reason"):
        cease(city, case, reason="长" * 1001)
    assert everything() == before
    cease(city, case, reason="长" * 1000)
    with pytest.raises(IntegrityError, match="ending_ceased_on_a_ground"), transaction.atomic():
        Ending.objects.update(ground="")


def test_whoever_investigates_does_not_cease_the_execution(city: City) -> None:
    case, other = fined_on_spot(city), served_case(city)
    Case.objects.filter(pk=case.pk).update(owner=city.east_director)
    with refused(NotPermitted, "separation_of_duties"):
        cease(city, case)
    with refused(NotPermitted, "not_permitted"):
        cease(city, other, actor=city.east_handler)


# ---- what is left --------------------------------------------------------------------------------


def test_what_is_not_enforced_any_more_is_not_argued_about_with_a_court(city: City) -> None:
    case = brought(city, "denied")
    assert "court_step" in {row.name for row in money_moves(case)}
    case = cease(city, case)
    assert "court_step" not in {row.name for row in money_moves(case)}
    with refused(WrongState, "execution_over"):
        step(city, case, "object_to_court", "2026-11-03", city.east_director)


def test_no_day_after_the_end_is_charged_for_paying_late(city: City) -> None:
    case = served_case(city)
    case = cease(city, case, at=moment("2026-04-20"))
    assert account_of(case).late_fine(ON).amount == account_of(case).late_fine(date(2026, 4, 20)).amount == 1500
    page = as_(city.east_director).get(f"/cases/{case.pk}/money/").content.decode()
    assert "截至 2026年4月20日" in page and "尚未决定加处" not in page
    assert "已于 2026年4月20日 终结，尚欠的部分不再执行。" in page


def test_a_decision_set_aside_later_opens_the_closed_case_again(city: City) -> None:
    case = close(city, cease(city, served_case(city)), "2026-11-10")
    case = annulled(city, case, city.east_director, moment("2026-11-20"))
    assert (case.state, closing_ground(case)) == (CaseState.ENDED, "other")


def test_a_decision_on_the_spot_is_handed_in_after_its_execution_was_ceased(city: City) -> None:
    case = pay(city, fined_on_spot(city), "50", "2026-03-03", kind="cash", cash_ground="remote", receipt_number="示1")
    case = cease(city, case, ground="object_gone", at=moment("2026-03-04"))
    assert set(running(case)) == {"summary_procedure_filing", "cash_fine_handover"}
    page = as_(city.east_handler).get(f"/cases/{case.pk}/").content.decode()
    assert page.index("当场作出处罚决定") < page.index("批准终结执行") and "履行完毕" not in page
    with refused(WrongState, "duty_left"):
        close(city, case)
    handed_in(city, case, "2026-03-05")
    by: dict[str, Any] = {"case_id": case.pk, "payment_id": case.payments.get().pk, "actor": city.east_handler}
    money.record_handover(handed_over_on=date(2026, 3, 5), at=moment("2026-03-05"), **by)
    money.record_bank_deposit(deposited_on=date(2026, 3, 6), at=moment("2026-03-06"), **by)
    case = close(city, Case.objects.get(pk=case.pk))
    assert (case.state, running(case), closing_ground(case)) == (CaseState.CLOSED, {}, "on_spot")


def test_the_file_tells_why_nothing_more_was_paid(city: City) -> None:
    case = cease(city, served_case(city), ground="dissolved", reason="企业已注销，无财产可供执行")
    (item,) = [each for each in items_of(case) if each.title == "终结执行审批表"]
    words = dict(item.source.rows)  # type: ignore[attr-defined]  # words the system writes
    assert words["终结执行的情形"] == CeasingGround.DISSOLVED.label
    assert (words["理由"], words["执行情况"]) == ("企业已注销，无财产可供执行", "应缴5300.00元，已缴0.00元")
    assert words["批准人、时间"].startswith(city.east_director.name)


# ---- pages and API -------------------------------------------------------------------------------


def test_the_page_offers_ceasing_to_the_head_alone_and_says_what_stands_against_it(city: City) -> None:
    case = brought(city, "accepted")
    head, officer = as_(city.east_director), as_(city.east_handler)
    address = f"/cases/{case.pk}/cease_execution/"
    with time_machine.travel(AT, tick=False):
        page = head.get(f"/cases/{case.pk}/").content.decode()
        assert address not in page
        assert "申请人民法院强制执行还没有结果（已受理），请先登记法院的答复" in page
        assert head.get(address).status_code == 409
        step(city, case, "court_denies", "2026-10-20")
        assert f'href="{address}"' in head.get(f"/cases/{case.pk}/").content.decode()
        assert f'href="{address}"' in head.get(f"/cases/{case.pk}/money/").content.decode()
        assert f'href="{address}"' not in officer.get(f"/cases/{case.pk}/").content.decode()
        assert officer.get(address).status_code == 403


def test_ceasing_on_the_page_is_confirmed_and_quotes_the_article(city: City) -> None:
    case, head = brought(city, "failed"), as_(city.east_director)
    address, body = f"/cases/{case.pk}/cease_execution/", {"ground": "other", "reason": "复议维持不予受理"}
    with time_machine.travel(AT, tick=False):
        form = head.get(address).content.decode()
        assert "《中华人民共和国行政强制法》第四十条　有下列情形之一的，终结执行：" in form
        assert "不能撤回" in form
        assert head.post(address, body).status_code == 400
        assert Case.objects.get(pk=case.pk).state == CaseState.SERVED
        page = head.post(address, body | {"confirmed": "on"}, follow=True).content.decode()
    assert "已批准终结执行，本案转入结案。" in page
    assert "行政机关认为需要终结执行的其他情形" in page and "复议维持不予受理" in page
    step_before_closing = page.index("批准终结执行")
    assert step_before_closing < page.index("结案", step_before_closing) and "履行完毕" not in page


def test_ceasing_over_the_api_tells_how_the_case_ended(city: City) -> None:
    case, head = brought(city, "applied"), Caller(city.east_director)
    body = {"ground": "dissolved", "reason": "企业已注销，无财产可供执行"}
    with time_machine.travel(AT, tick=False):
        problem_of(head.post(f"/cases/{case.pk}/cease_execution/", body), 409, "court_pending")
        step(city, case, "court_refuses", "2026-10-14")
        problem_of(
            head.post(f"/cases/{case.pk}/cease_execution/", body | {"ground": "annulled"}), 400, "invalid_choice"
        )
        answer = head.post(f"/cases/{case.pk}/cease_execution/", body).json()
        assert (answer["state"], answer["ended_on"], answer["outcome"]) == ("ended", "2026-11-02", "penalty")
        problem_of(head.post(f"/cases/{case.pk}/cease_execution/", body), 409, "wrong_state")
        (ending,) = head.get(f"/cases/{case.pk}/outcomes/").json()["endings"]
        assert (ending["kind"], ending["ground"]) == ("ceased", "dissolved")
        objecting = BODIES["court_step"] | {"step": "object_to_court", "on": "2026-11-02"}
        problem_of(head.post(f"/money/{case.pk}/court_step/", objecting), 409, "execution_over")
    assert case_for(city.east_handler, case.pk).left_amount == 5300
