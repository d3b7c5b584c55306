"""The money of cases on the pages and over the API."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from cases.actions import execution, remedies
from cases.models import Case, RefundOrder
from cases.pages.money import VERBS
from tests.api_client import Caller, problem_of
from tests.browsing import as_
from tests.builders import City, make_case, moment
from tests.cases.money_stages import COURT, court, pay, served_case, urged


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(moment("2026-04-20"), tick=False):
        yield


def said(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def send(user: User, case: Case, verb: str, **values: Any) -> str:
    """Post a form of the money of a case and read the page it leads to, or itself when it was refused."""
    name = f"case_{verb}" if verb in ("defer", "urge", "apply_court", "record_payment") else f"case_money_{verb}"
    return said(as_(user).post(reverse(name, args=[case.pk]), {**values, "confirmed": "on"}, follow=True))


def money_page(user: User, case: Case) -> str:
    return said(as_(user).get(reverse("case_money_page", args=[case.pk])))


def offered(user: User, case: Case) -> set[str]:
    page = as_(user).get(reverse("case_money_page", args=[case.pk])).content.decode()
    return set(re.findall(rf'href="/cases/{case.pk}/(?:money/)?([a-z_]+)/"', page)) - {"money"}


def test_an_officer_takes_a_case_from_payment_to_plan_and_remedy_on_the_pages(city: City) -> None:
    officer, head, case = city.east_handler, city.east_director, served_case(city)
    assert offered(officer, case) == {"record_payment", "urge", "file_remedy"}
    assert offered(head, case) == {"defer", "apply_court", "end_execution", "cease_execution", "charge_late_fine"}
    page = money_page(head, case)
    assert "截至 2026年4月20日，按每日百分之三计算为 1,500.00 元" in page
    assert "2026-04-11 — 2026-04-20 10 5,000.00 1,500.00" in page
    assert "已登记缴款" in send(
        officer, case, "record_payment", amount="300", paid_on="2026-04-20", purpose="confiscated", kind="bank",
        receipt_number="示0001",
    )  # fmt: skip
    assert "示0001已经登记过" in send(
        officer, case, "record_payment", amount="300", paid_on="2026-04-20", purpose="due", kind="bank",
        receipt_number="示0001",
    )  # fmt: skip
    assert "已决定加处罚款" in send(head, case, "charge_late_fine", amount="900", reason="逾期未缴")
    assert "应缴合计 6,200.00" in money_page(officer, case)
    assert "第2行“很快 3000”看不懂" in send(
        head, case, "defer", applied_on="2026-04-10", reason="困难", instalments="2026-05-08 2000\n很快 3000"
    )
    assert "已批准延期或者分期缴纳" in send(
        head, case, "defer", applied_on="2026-04-10", reason="困难", instalments="2026-05-08 2000\n\n2026-06-08\t3,000"
    )
    page = money_page(officer, case)
    assert "下一笔的缴款期限：2026年5月8日" in page and "2026-06-08 3,000.00" in page
    assert "已登记，请按期答复" in send(
        officer, case, "file_remedy", kind="reconsideration", body="示例市人民政府", filed_on="2026-04-16",
        received_on="2026-04-17",
    )  # fmt: skip
    assert offered(officer, case) >= {"answer_remedy", "stay_execution", "end_remedy"}
    remedy = case.remedies.get()
    assert "已登记停止执行" in send(
        officer, case, "stay_execution", remedy=remedy.pk, stayed_on="2026-04-20", stayed_by="示例市人民政府"
    )
    assert "2026-04-20 示例市人民政府决定停止执行" in money_page(officer, case)
    assert "已登记结果" in send(
        officer, case, "end_remedy", remedy=remedy.pk, result="upheld", ended_on="2026-04-20", opinion="维持"
    )
    payment = case.payments.get()
    assert "已更正缴款记录" in send(officer, case, "reverse_payment", payment=payment.pk, reason="录错")
    page = as_(officer).get(reverse("case_page", args=[case.pk])).content.decode()
    assert 'id="money"' in page and "-300.00" in page


def test_a_refund_is_ordered_and_carried_out_on_the_pages(city: City) -> None:
    case = make_case(city)
    assert "order_refund" in offered(city.east_director, case)
    assert "示例" in send(city.east_director, case, "order_refund", heard="", amount="10", due_on="2026-05-01")
    assert "办案期限停止计算" in send(
        city.east_director, case, "order_refund", heard="无异议", amount="300", due_on="2026-05-01",
        beneficiaries="张 某某 100\n李某某 50.5",
    )  # fmt: skip
    order = RefundOrder.objects.get()
    assert [(each.name, each.amount) for each in order.beneficiaries.all()] == [
        ("张 某某", Decimal(100)), ("李某某", Decimal("50.50")),
    ]  # fmt: skip
    assert offered(city.east_handler, case) == {"record_refund", "announce_refund", "end_refund"}
    send(
        city.east_handler, case, "record_refund", beneficiary=order.beneficiaries.all()[0].pk, amount="100",
        refunded_on="2026-04-20", voucher="收条",
    )  # fmt: skip
    send(city.east_handler, case, "announce_refund", announced_on="2026-04-20", announcement="示例晚报")
    page = money_page(city.east_handler, case)
    assert "李某某 尚未找到 50.50 0.00" in page and "2026年4月20日 公告查找：示例晚报" in page
    assert "还有200.00元没有退还" in send(city.east_handler, case, "end_refund", remark="其余找不到")


def test_every_form_opens_for_whom_it_is_and_for_nobody_else(city: City) -> None:
    enforced, young = court(city, urged(city, served_case(city))), make_case(city)
    early = ("order_refund", "record_refund", "announce_refund", "end_refund")
    officer, head, leader, stranger = map(as_, (city.east_handler, city.east_director, city.leader, city.west_handler))
    for verb in VERBS:
        case = young if verb.row.name in early else enforced
        address = reverse(f"case_money_{verb.row.name}", args=[case.pk])
        may, may_not = (head, officer) if verb.row.roles == {"bureau_head"} else (officer, leader)
        assert may.get(address).status_code == 200, address
        assert may_not.get(address).status_code == leader.get(address).status_code == 403, address
        assert stranger.get(address).status_code == 404, address


def test_a_court_step_offers_what_the_court_may_answer_now(city: City) -> None:
    case = court(city, urged(city, served_case(city)))
    with time_machine.travel(COURT, tick=False):
        officer = as_(city.east_handler)
        page = officer.get(reverse("case_money_court_step", args=[case.pk])).content.decode()
        assert re.findall(r'name="step" value="(\w+)"', page) == ["court_accepts", "court_refuses"]
        assert "已登记" in send(city.east_handler, case, "court_step", step="court_accepts", on="2026-10-12")
        assert "已受理" in money_page(city.east_handler, case)


def test_the_page_costs_the_same_for_one_payment_and_for_many(
    city: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case = served_case(city)
    for number in range(12):
        pay(city, case, "10", "2026-04-02", receipt_number=f"示{number}")
    reader = as_(city.east_handler)
    with django_assert_max_num_queries(34):
        assert said(reader.get(reverse("case_money_page", args=[case.pk]))).count("2026-04-02") >= 12
    assert said(reader.get(reverse("case_page", args=[case.pk]))).count("2026-04-02") >= 10


# ---- receivables ---------------------------------------------------------------------------------


def test_receivables_show_the_longest_overdue_first_with_sums_and_next_steps(
    city: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    late, planned, paid = served_case(city), served_case(city), served_case(city)
    pay(city, paid, "5300", "2026-04-02")
    pay(city, planned, "300", "2026-04-02", purpose="confiscated")
    send(city.east_director, planned, "defer", applied_on="2026-04-10", reason="困难", instalments="2026-06-08 5000")
    reader = as_(city.east_handler)
    reader.get(reverse("receivable_list"))
    with django_assert_max_num_queries(32):
        answer = reader.get(reverse("receivable_list"))
    assert [row.case.pk for row in answer.context["rows"]] == [late.pk, planned.pk]
    page = said(answer)
    assert "尚欠 10,300.00" in page and "5,300.00 0.00 5,300.00 1,500.00 2026-04-10 已逾期 催告" in page
    assert "等待缴款，至 2026年6月8日" in page
    assert said(as_(city.west_handler).get(reverse("receivable_list"))).count("没有应收款") == 1

    def found(query: str) -> list[int]:
        return [row.case.pk for row in reader.get(f"/cases/receivables/?{query}").context["rows"]]

    assert found("owner=me") == [late.pk, planned.pk]
    assert found(f"q={late.decision_number}") == [late.pk]
    assert found(f"office={city.east.pk}") == [late.pk, planned.pk]
    assert found("q=nobody") == found("office=x") == []


def test_the_next_step_goes_from_urging_to_the_court(city: City) -> None:
    case = served_case(city)
    reader = as_(city.east_handler)

    def words(on: str) -> str:
        with time_machine.travel(moment(on), tick=False):
            execution.start_court_terms(at=moment(on))
            (row,) = as_(city.east_handler).get(reverse("receivable_list")).context["rows"]
            return str(row.step)

    assert words("2026-04-10") == "等待缴款，至 2026年4月10日"
    assert words("2026-04-11") == "催告"
    urged(city, case)
    assert words("2026-09-08") == "等待催告期届满，2026年9月20日"
    assert words("2026-09-22") == "等待复议、起诉期限届满，2026年9月28日"
    assert words("2026-10-12") == "申请人民法院强制执行，至 2026年12月28日"
    court(city, case)
    assert words("2026-10-13") == "人民法院：已申请"
    assert reader.get("/cases/receivables/?after=nonsense").status_code == 400


# ---- the API -------------------------------------------------------------------------------------


def test_the_money_of_a_case_is_told_and_moved_over_the_api(city: City) -> None:
    case = served_case(city)
    officer, head, at = Caller(city.east_handler), Caller(city.east_director), f"/money/{case.pk}"
    facts = officer.get(f"{at}/").json()
    assert (facts["owed"], facts["left"], facts["late_fine_today"]["amount"]) == ("5300.00", "5300.00", "1500.00")
    assert [move["name"] for move in facts["legal_moves"]] == ["file_remedy"]
    answer = head.post(f"{at}/charge_late_fine/", {"reason": "逾期", "amount": "100"})
    assert (answer.status_code, answer.json()["owed"]) == (200, "5400.00")
    problem_of(
        head.post(f"{at}/charge_late_fine/", {"reason": "逾期", "amount": "1400.01"}), 400, "late_fine_out_of_range"
    )
    problem_of(officer.post(f"{at}/charge_late_fine/", {"reason": "逾期"}), 403, "not_permitted")
    plan = {
        "applied_on": "2026-04-10", "reason": "困难",
        "instalments": [{"due_on": "2026-05-08", "amount": "2000"}, {"due_on": "2026-06-08", "amount": "3000.00"}],
    }  # fmt: skip
    assert head.post(f"/cases/{case.pk}/defer/", plan).status_code == 200
    plan["instalments"] = [{"due_on": "2026-05-08", "amount": 2000.5}]
    problem_of(head.post(f"/cases/{case.pk}/defer/", plan), 400, "inexact")
    paid = {"amount": "2000", "paid_on": "2026-04-20", "purpose": "fine", "receipt_number": "示1"}
    assert officer.post(f"/cases/{case.pk}/record_payment/", paid).status_code == 200
    facts = officer.get(f"{at}/").json()
    assert (facts["pay_by"], facts["paid"]) == ("2026-04-10", "2000.00")
    assert [each["amount"] for each in facts["plans"][0]["instalments"]] == ["2000.00", "3000.00"]
    filed = {"kind": "litigation", "body": "示例法院", "filed_on": "2026-04-15", "received_on": "2026-04-16"}
    answer = officer.post(f"{at}/file_remedy/", filed).json()
    assert answer["remedies"][0]["state"] == "pending"
    problem_of(officer.post(f"{at}/file_remedy/", filed), 409, "remedy_pending")
    problem_of(
        officer.post(f"{at}/reverse_payment/", {"payment": facts["payments"][0]["id"], "reason": ""}), 400, "required"
    )


def test_two_payments_at_once_do_not_exceed_what_is_due(transactional_db: None, city: City) -> None:
    from tests.casemgr.test_two_at_once_api import at_once

    case = served_case(city)
    callers = [Caller(city.east_handler) for _ in range(3)]
    body = {"amount": "3000", "paid_on": "2026-04-20"}
    answers = at_once([lambda each=each: each.post(f"/cases/{case.pk}/record_payment/", body) for each in callers])  # type: ignore[misc]  # a default binds the loop variable
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400]
    case.refresh_from_db()
    assert case.paid == sum(each.amount for each in case.payments.all()) == 3000


def test_a_result_over_the_pages_offers_to_record_that_the_decision_fell(city: City) -> None:
    case = pay(city, served_case(city), "5300", "2026-04-02")
    remedies.file_remedy(
        case_id=case.pk, kind="reconsideration", body="示例市人民政府", filed_on=date(2026, 4, 16),
        received_on=date(2026, 4, 17), actor=city.east_handler, at=moment("2026-04-20"),
    )  # fmt: skip
    page = send(
        city.east_handler, case, "end_remedy", remedy=case.remedies.get().pk, result="revoked", ended_on="2026-04-20",
        opinion="撤销",
    )  # fmt: skip
    assert "决定已经不再有效，请部门负责人登记决定被撤销" in page
