"""What is paid, taken back, charged for paying late, deferred and given back, through the verbs."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cases.actions import money, plans, refund_orders
from cases.models import Case, LateFineEntry, Payment
from cases.queries.money import account_of
from cases.states.matter import CaseState
from core.errors import Invalid, NotFound, NotPermitted, WrongState
from deadlines.models import Clock
from deadlines.queries import open_clock
from tests.builders import City, make_case, moment
from tests.cases.money_stages import DUE_ON, pay, served_case, urged
from tests.refusals import refused

D = Decimal


def clock(case: Case, rule: str) -> Clock | None:
    return open_clock(rule=rule, subject_kind="case", subject_id=case.pk)


def due(case: Case, rule: str = "fine_payment") -> date | None:
    found = clock(case, rule)
    assert found is not None, rule
    return found.due_on


def defer(city: City, case: Case, parts: list[tuple[str, str]], on: str = "2026-04-08", **changes: Any) -> Case:
    given: dict[str, Any] = {
        "applied_on": date(2026, 4, 8), "reason": "经营困难", "actor": city.east_director, "at": moment(on),
        "instalments": [(date.fromisoformat(day), D(amount)) for day, amount in parts],
    }  # fmt: skip
    return plans.defer_payment(case_id=case.pk, **{**given, **changes})


# ---- payments ------------------------------------------------------------------------------------


def test_payments_fill_fine_then_income_and_the_last_ends_performance(city: City) -> None:
    case = served_case(city)
    pay(city, case, "5100", "2026-04-01", receipt_number="示0001", payer="张某某")
    first = Payment.objects.get()
    assert (first.to_fine, first.to_confiscated, first.to_late_fine) == (D(5000), D(100), D(0))
    with refused(Invalid, "receipt_used", "receipt_number"):
        pay(city, case, "1", "2026-04-02", receipt_number="示0001")
    with refused(Invalid, "payment_out_of_range", "amount"):
        pay(city, case, "200.01", "2026-04-02")
    with refused(Invalid, "payment_out_of_range", "amount"):
        pay(city, case, "1", "2026-04-02", purpose="fine")
    with refused(Invalid, "unknown_purpose", "purpose"):
        pay(city, case, "1", "2026-04-02", purpose="tips")
    with refused(Invalid, "unknown_kind", "kind"):
        pay(city, case, "1", "2026-04-02", kind="barter")
    case = pay(city, case, "200", "2026-04-02")
    assert (case.state, case.paid, case.paid_on, case.left_amount) == (
        CaseState.PERFORMED, D(5300), date(2026, 4, 2), D(0),
    )  # fmt: skip
    assert clock(case, "fine_payment") is None and clock(case, "case_closing") is not None


def test_a_mistake_is_taken_back_by_a_row_and_the_case_owes_again(city: City) -> None:
    case = pay(city, served_case(city), "5300", "2026-04-02", receipt_number="示0001")
    payment = Payment.objects.get()
    by: dict[str, Any] = {"case_id": case.pk, "actor": city.east_handler, "at": moment("2026-04-03")}
    with refused(Invalid, "required", "reason"):
        money.reverse_payment(payment_id=payment.pk, reason=" ", **by)
    with refused(NotFound, "not_found"):
        money.reverse_payment(payment_id=payment.pk + 1, reason="错", **by)
    case = money.reverse_payment(payment_id=payment.pk, reason="金额录错", **by)
    assert (case.state, case.paid, case.paid_on) == (CaseState.SERVED, D(0), None)
    assert clock(case, "case_closing") is None and due(case) == DUE_ON
    assert [row.amount for row in case.payments.order_by("id")] == [5300, -5300]
    with refused(WrongState, "already_reversed"):
        money.reverse_payment(payment_id=payment.pk, reason="再来", **by)
    case = pay(city, case, "5300", "2026-04-03", receipt_number="示0001")
    assert case.state == CaseState.PERFORMED
    assert sum(row.amount for row in case.payments.all()) == case.paid


def test_officers_alone_correct_and_heads_alone_charge(city: City) -> None:
    case = pay(city, served_case(city), "1", "2026-04-02")
    payment = Payment.objects.get()
    with refused(NotPermitted, "not_permitted"):
        money.reverse_payment(
            case_id=case.pk, payment_id=payment.pk, reason="错", actor=city.east_director, at=moment("2026-04-03")
        )
    with refused(NotPermitted, "not_permitted"):
        money.charge_late_fine(case_id=case.pk, reason="逾期", actor=city.east_handler, at=moment("2026-04-20"))
    with refused(NotFound, "not_found"):
        money.charge_late_fine(case_id=case.pk, reason="逾期", actor=city.west_head, at=moment("2026-04-20"))


@pytest.mark.parametrize(
    ("fine", "procedure", "ground", "code", "more"),
    [
        ("5000", "ordinary", "small", "cash_not_allowed", {}),
        ("100", "ordinary", "small", "cash_not_allowed", {}),
        ("3000.01", "summary", "hard_later", "cash_not_allowed", {}),
        ("3000", "summary", "", "cash_not_allowed", {}),
        ("3000", "summary", "hard_later", "receipt_required", {"receipt_number": ""}),
        ("3000", "summary", "hard_later", "cash_for_fine_only", {"purpose": "confiscated"}),
    ],
)
def test_cash_is_refused_outside_the_three_grounds_and_without_receipt(
    city: City, fine: str, procedure: str, ground: str, code: str, more: dict[str, Any]
) -> None:
    case = served_case(city, fine=fine, procedure=procedure)
    with refused(Invalid, code):
        pay(city, case, "1", "2026-04-01", kind="cash", cash_ground=ground, **{"receipt_number": "示9", **more})


def test_cash_goes_to_the_office_and_to_the_bank_in_two_working_days_each(city: City) -> None:
    case = served_case(city, fine="1000")
    cash: dict[str, Any] = {"kind": "cash", "cash_ground": "remote"}
    pay(city, case, "600", "2026-03-31", receipt_number="示1", ashore_on=date(2026, 3, 31), **cash)
    pay(city, case, "400", "2026-03-31", receipt_number="示2", purpose="fine", **cash)
    assert due(case, "cash_fine_handover") == date(2026, 4, 2)
    first, second = Payment.objects.order_by("id")
    by: dict[str, Any] = {"case_id": case.pk, "actor": city.east_handler, "at": moment("2026-04-02")}
    with refused(WrongState, "not_handed_over"):
        money.record_bank_deposit(payment_id=first.pk, deposited_on=date(2026, 4, 2), **by)
    with refused(Invalid, "date_too_early", "handed_over_on"):
        money.record_handover(payment_id=first.pk, handed_over_on=date(2026, 3, 30), **by)
    money.record_handover(payment_id=first.pk, handed_over_on=date(2026, 4, 1), **by)
    assert clock(case, "cash_fine_handover") is not None, "the other cash still waits"
    money.record_handover(payment_id=second.pk, handed_over_on=date(2026, 4, 2), **by)
    with refused(WrongState, "already_handed_over"):
        money.record_handover(payment_id=second.pk, handed_over_on=date(2026, 4, 2), **by)
    assert clock(case, "cash_fine_handover") is None
    assert due(case, "cash_fine_to_bank") == date(2026, 4, 3)
    for each in (first, second):
        money.record_bank_deposit(payment_id=each.pk, deposited_on=date(2026, 4, 2), **by)
    assert clock(case, "cash_fine_to_bank") is None
    with refused(WrongState, "already_deposited"):
        money.reverse_payment(payment_id=first.pk, reason="错", **by)
    pay(city, case, "1", "2026-04-02")
    with refused(Invalid, "not_cash", "payment"):
        money.record_handover(payment_id=Payment.objects.latest("id").pk, handed_over_on=date(2026, 4, 2), **by)


@pytest.mark.parametrize(
    ("constraint", "broken"),
    [
        ("payment_parts_add_up", {"to_fine": 1}),
        ("payment_positive_unless_reversal", {"amount": -300, "to_fine": -300}),
        ("payment_cash_has_receipt", {"kind": "cash"}),
        ("payment_deposited_after_handover", {"handed_over_on": "2026-04-05", "deposited_on": "2026-04-04"}),
    ],
)
def test_the_database_refuses_payments_no_verb_writes(city: City, constraint: str, broken: dict[str, Any]) -> None:
    pay(city, served_case(city), "300", "2026-04-01")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Payment.objects.update(**broken)


def test_the_database_keeps_the_sums_of_a_case_possible(city: City) -> None:
    case = pay(city, served_case(city), "300", "2026-04-01")
    for constraint, broken in (
        ("case_refunded_was_paid", {"refunded": 301}),
        ("case_late_fine_within_the_fine", {"late_fine": 5001}),
        ("case_late_fine_not_negative", {"late_fine": -1}),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**broken)


# ---- the extra fine ------------------------------------------------------------------------------


def test_paying_late_is_charged_by_decision_and_can_be_waived(city: City) -> None:
    case = served_case(city)
    by: dict[str, Any] = {"case_id": case.pk, "actor": city.east_director}
    with refused(WrongState, "no_late_fine"):
        money.charge_late_fine(reason="逾期", at=moment("2026-04-10"), **by)
    assert account_of(case).late_fine(date(2026, 4, 12)).amount == 300  # 5000 * 3 % * 2
    with refused(Invalid, "late_fine_out_of_range", "amount"):
        money.charge_late_fine(reason="逾期", amount=D("300.01"), at=moment("2026-04-12"), **by)
    with refused(Invalid, "required", "reason"):
        money.charge_late_fine(reason="", at=moment("2026-04-12"), **by)
    case = money.charge_late_fine(reason="逾期", at=moment("2026-04-12"), **by)
    assert (case.late_fine, case.owed_amount) == (D(300), D(5600))
    assert LateFineEntry.objects.get().arithmetic == [["2026-04-11", "2026-04-12", 2, "5000.00", "300.0000"]]
    case = money.charge_late_fine(reason="继续逾期", amount=D(100), at=moment("2026-04-13"), **by)
    assert case.late_fine == 400
    case = pay(city, case, "5350", "2026-04-13")
    assert (case.state, account_of(case).left_of_late_fine) == (CaseState.SERVED, D(350))
    with refused(Invalid, "waiver_out_of_range", "amount"):
        money.waive_late_fine(amount=D(351), reason="补救", at=moment("2026-04-14"), **by)
    case = money.waive_late_fine(amount=D(350), reason="执行协议", at=moment("2026-04-14"), **by)
    assert (case.late_fine, case.state) == (D(50), CaseState.PERFORMED)


def test_the_extra_fine_stops_at_the_fine_and_brings_a_paid_case_back(city: City) -> None:
    case = served_case(city)
    pay(city, case, "5300", "2026-07-01")
    case = money.charge_late_fine(case_id=case.pk, reason="逾期", actor=city.east_director, at=moment("2026-07-02"))
    assert (case.state, case.late_fine, case.left_amount) == (CaseState.SERVED, D(5000), D(5000))
    with refused(WrongState, "no_late_fine"):
        money.charge_late_fine(case_id=case.pk, reason="还要", actor=city.east_director, at=moment("2026-08-02"))
    assert pay(city, case, "5000", "2026-08-03").state == CaseState.PERFORMED


# ---- plans ---------------------------------------------------------------------------------------


def test_a_plan_moves_the_period_to_pay_from_part_to_part(city: City) -> None:
    case = served_case(city)
    pay(city, case, "1000", "2026-04-01")
    pay(city, case, "300", "2026-04-01", purpose="confiscated")
    case = defer(city, case, [("2026-05-08", "1500"), ("2026-12-31", "2500")])
    assert due(case) == date(2026, 5, 8)
    assert case.court_term_on == date(2026, 12, 31), "later than the terms of remedies"
    pay(city, case, "1500", "2026-05-06")
    assert due(case) == date(2026, 12, 31)
    assert account_of(case).late_fine(date(2026, 6, 1)).amount == 0
    case = defer(city, case, [("2026-08-03", "2500")], on="2026-06-01")
    assert due(case) == date(2026, 8, 3)
    assert case.plans.filter(replaced_on__isnull=True).count() == 1
    assert pay(city, case, "2500", "2026-08-03").state == CaseState.PERFORMED


def test_income_to_be_confiscated_keeps_its_own_day(city: City) -> None:
    case = defer(city, served_case(city), [("2026-06-08", "5000")])
    assert due(case) == DUE_ON
    pay(city, case, "300", "2026-04-09", purpose="confiscated")
    assert due(case) == date(2026, 6, 8)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([], "instalments_required"),
        ([("2026-05-08", "100")] * 37, "instalments_required"),
        ([("2026-04-08", "5000")], "instalments_not_ascending"),
        ([("2026-06-08", "2000"), ("2026-05-08", "3000")], "instalments_not_ascending"),
        ([("2026-05-08", "2000"), ("2026-05-08", "3000")], "instalments_not_ascending"),
        ([("2026-05-08", "5000"), ("2026-06-08", "0")], "instalment_not_positive"),
        ([("2026-05-08", "4999.99")], "instalments_do_not_add_up"),
        ([("2026-05-08", "5300")], "instalments_do_not_add_up"),
        ([("9999-05-08", "5000")], "calendar_out_of_range"),
    ],
)
def test_a_plan_that_is_not_one_is_refused(city: City, parts: list[tuple[str, str]], code: str) -> None:
    case = served_case(city)
    with refused(Invalid, code, "instalments"):
        defer(city, case, parts)


def test_a_plan_needs_a_written_request_and_something_to_defer(city: City) -> None:
    case, parts = served_case(city), [("2026-05-08", "5000")]
    with refused(Invalid, "required", "reason"):
        defer(city, case, parts, reason=" ")
    with refused(Invalid, "future_date", "applied_on"):
        defer(city, case, parts, applied_on=date(2026, 4, 9))
    with refused(NotPermitted):
        defer(city, case, parts, actor=city.east_handler)
    pay(city, case, "5000", "2026-04-01", purpose="fine")
    with refused(WrongState, "fine_paid"):
        defer(city, case, parts)


def test_a_plan_makes_a_demand_moot(city: City) -> None:
    case = urged(city, served_case(city), moment("2026-04-13"))
    case = defer(city, case, [("2026-06-08", "5000")], on="2026-04-14")
    assert clock(case, "urging_period") is None


# ---- refunds before the decision -----------------------------------------------------------------


def test_a_refund_order_stops_the_ninety_days_until_it_has_ended(city: City) -> None:
    case = make_case(city)
    before = clock(case, "case_handling")
    assert before is not None and before.due_nominal_on is not None
    given: dict[str, Any] = {
        "case_id": case.pk, "heard": "愿意退还", "due_on": date(2026, 3, 20), "amount": D(300),
        "beneficiaries": [("张某某", D(120)), ("李某某", D(100))], "actor": city.east_director,
        "at": moment("2026-03-10"),
    }  # fmt: skip
    for changes, code in (
        ({"heard": ""}, "required"), ({"due_on": date(2026, 3, 9)}, "date_too_early"), ({"amount": D(0)}, "not_positive"),
        ({"amount": D(219)}, "beneficiaries_exceed"), ({"beneficiaries": [("", D(1))]}, "required"),
        ({"beneficiaries": [("张某某", D(-1))]}, "not_positive"),
        ({"beneficiaries": [("张某某", D(1))] * 501, "amount": D(900)}, "too_many"),
    ):  # fmt: skip
        with refused(Invalid, code):
            refund_orders.order_refund(**{**given, **changes})
    refund_orders.order_refund(**given)
    with refused(WrongState, "refund_order_open"):
        refund_orders.order_refund(**given)
    stopped = clock(case, "case_handling")
    assert stopped is not None and stopped.state == "suspended"
    people = list(case.refund_orders.get().beneficiaries.all())
    by: dict[str, Any] = {"case_id": case.pk, "actor": city.east_handler, "at": moment("2026-03-16")}
    with refused(Invalid, "refund_out_of_range", "amount"):
        refund_orders.record_refund(
            beneficiary_id=people[0].pk, amount=D(121), refunded_on=date(2026, 3, 15), voucher="收条", **by
        )
    with refused(Invalid, "unknown_beneficiary", "beneficiary"):
        refund_orders.record_refund(beneficiary_id=0, amount=D(1), refunded_on=date(2026, 3, 15), voucher="收条", **by)
    refund_orders.record_refund(
        beneficiary_id=people[0].pk, amount=D(120), refunded_on=date(2026, 3, 15), voucher="收条", **by
    )
    refund_orders.announce_refund(announced_on=date(2026, 3, 16), announcement="示例晚报", **by)
    with refused(WrongState, "already_announced"):
        refund_orders.announce_refund(announced_on=date(2026, 3, 16), announcement="示例晚报", **by)
    assert [each.is_found for each in case.refund_orders.get().beneficiaries.all()] == [True, False]
    with refused(WrongState, "refund_term_running"):
        refund_orders.end_refund(remark="找不到李某某", **by)
    with refused(Invalid, "required", "remark"):
        refund_orders.end_refund(remark="", **{**by, "at": moment("2026-03-21")})
    refund_orders.end_refund(remark="其余无法退还", **{**by, "at": moment("2026-03-21")})
    after = clock(case, "case_handling")
    assert after is not None and after.due_nominal_on == before.due_nominal_on + timedelta(days=11)  # 03-10 to 03-20
    with refused(WrongState, "no_refund_order"):
        refund_orders.end_refund(remark="再来", **{**by, "at": moment("2026-03-22")})


# ---- refunds after the decision fell -------------------------------------------------------------


def test_nothing_is_refunded_while_the_decision_stands(city: City) -> None:
    case = pay(city, served_case(city), "5300", "2026-04-02")
    with refused(Invalid, "refund_out_of_range", "amount"):
        money.refund_payment(
            case_id=case.pk, amount=D(1), refunded_on=date(2026, 4, 3), payee="示例商店", voucher="示1",
            actor=city.east_handler, at=moment("2026-04-03"),
        )  # fmt: skip
