"""What still happens to a decision that was served, paid, closed or archived: it is changed, found unlawful, set aside."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cases.actions import execution, money, outcomes, performance, refund_orders
from cases.models import Case
from cases.pages.progress import next_steps
from cases.queries.matter import case_for
from cases.queries.money import account_of
from cases.queries.remedy import is_voided
from cases.states.matter import WITHDRAW_PUBLICATION, CaseState
from core.errors import WrongState
from core.transitions import Transition
from deadlines.queries import clocks_of, open_clock
from tests.api_client import Caller
from tests.builders import City, moment
from tests.cases.money_stages import COURT, court, end, file, pay, served_case, urged
from tests.cases.outcome_stages import annulled, found_unlawful
from tests.cases.stages import LATER, VERBS, case_in
from tests.refusals import refused

PUBLICATION = "decision_withdrawal"


def to_withdraw(case: Case) -> date | None:
    clock = open_clock(rule=PUBLICATION, subject_kind="case", subject_id=case.pk)
    return clock.origin_on if clock else None


def offered(city: City, case: Case, row: Transition) -> bool:
    """On the page of the case, and over the API just so."""
    fetched = case_for(city.east_handler, case.pk)
    steps = next_steps(city.east_handler, fetched, list(clocks_of("case", case.pk)), LATER)
    on_page = str(row.label) in {step.label for step in steps}
    moves = Caller(city.east_handler).get(f"/cases/{case.pk}/").json()["legal_moves"]
    assert on_page == (row.name in {move["name"] for move in moves})
    return on_page


def test_a_decision_set_aside_after_the_case_was_archived_opens_it_again(city: City) -> None:
    case = case_in(city, CaseState.ARCHIVED)
    case = annulled(city, case, city.east_director, LATER)
    assert (case.state, case.closed_on, case.archived_on) == (CaseState.ENDED, None, None)
    assert to_withdraw(case) == LATER.date()
    case = money.refund_payment(
        case_id=case.pk, amount=case.paid, refunded_on=LATER.date(), payee="示例商店", voucher="示退1",
        actor=city.east_handler, at=LATER,
    )  # fmt: skip
    assert case.refunded == case.paid


@pytest.mark.parametrize("state", [CaseState.SERVED, CaseState.PERFORMED, CaseState.CLOSED, CaseState.ARCHIVED])
def test_what_was_published_of_an_unlawful_decision_is_withdrawn_wherever_the_case_stands(
    city: City, state: str
) -> None:
    case = case_in(city, state)
    assert not offered(city, case, WITHDRAW_PUBLICATION)
    with refused(WrongState, "nothing_to_withdraw"):
        outcomes.withdraw_publication(
            case_id=case.pk, withdrawn_on=LATER.date(), explanation="无", actor=city.east_handler, at=LATER
        )
    found_unlawful(case, LATER)
    assert to_withdraw(case) == LATER.date() and offered(city, case, WITHDRAW_PUBLICATION)
    case = VERBS["withdraw_publication"](city, case, city.east_handler, LATER)
    assert (case.state, to_withdraw(case)) == (state, None)
    assert not offered(city, case, WITHDRAW_PUBLICATION)


def test_a_changed_decision_is_withdrawn_from_publication_before_the_case_is_closed(city: City) -> None:
    case = pay(city, served_case(city), "2300", "2026-04-02")
    case = end(city, file(city, case), "changed", fine=Decimal(2000), confiscated=Decimal(300))
    assert (case.state, to_withdraw(case)) == (CaseState.PERFORMED, date(2026, 6, 15))
    with refused(WrongState, "duty_left"):
        performance.close_case(case_id=case.pk, reason="办结", actor=city.east_director, at=moment("2026-06-16"))
    case = annulled(city, case, city.east_director, moment("2026-06-16"))
    assert to_withdraw(case) == date(2026, 6, 15), "the term that runs is not begun anew"


def test_a_lowered_fine_lowers_what_was_charged_for_paying_late_for_good(city: City) -> None:
    case = served_case(city)
    by: dict[str, Any] = {"case_id": case.pk, "actor": city.east_director}
    money.charge_late_fine(reason="逾期", at=moment("2026-04-19"), **by)  # nine days: 1350
    case = end(city, file(city, case), "changed", fine=Decimal(1000), confiscated=Decimal(300))
    assert case.late_fine == 1000
    case = money.waive_late_fine(amount=Decimal(400), reason="已采取补救措施", at=moment("2026-06-16"), **by)
    assert (case.late_fine, account_of(case).left_of_late_fine) == (Decimal(600), Decimal(600))
    assert [entry.amount for entry in case.late_fines.order_by("id")] == [1350, 350, 400]


def test_a_revoked_decision_is_not_enforced(city: City) -> None:
    case = urged(city, served_case(city), moment("2026-04-14"))
    case = end(city, file(city, case), "revoked")
    assert case.court_term_on is None
    with refused(WrongState, "nothing_to_enforce"):
        court(city, case)
    other = end(city, file(city, served_case(city)), "invalid")
    with refused(WrongState, "nothing_to_enforce"):
        urged(city, other)
    assert execution.start_court_terms(at=COURT) == 0


def test_a_higher_instance_restores_what_the_one_before_set_aside(city: City) -> None:
    case = served_case(city)
    case = end(city, file(city, case, "litigation"), "revoked")
    assert is_voided(case) and case.court_term_on is None
    appeal = file(city, case, "appeal", "2026-06-20")
    case = end(city, appeal, "upheld", "2026-08-03")
    assert not is_voided(case) and case.court_term_on == date(2026, 8, 3)


def test_an_appeal_taken_back_leaves_the_decision_set_aside(city: City) -> None:
    case = served_case(city)
    case = end(city, file(city, case, "litigation"), "revoked")
    case = end(city, file(city, case, "appeal", "2026-06-20"), "withdrawn", "2026-08-03")
    assert is_voided(case) and case.court_term_on is None


def test_a_case_is_not_closed_while_money_is_to_be_given_back_to_consumers(city: City) -> None:
    case = case_in(city, CaseState.NOTIFIED)
    by: dict[str, Any] = {"case_id": case.pk, "actor": city.east_handler}
    refund_orders.order_refund(
        case_id=case.pk, heard="无异议", due_on=date(2026, 3, 27), beneficiaries=[], amount=Decimal(100),
        actor=city.east_director, at=moment("2026-03-18"),
    )  # fmt: skip
    VERBS["transfer"](city, case, city.east_director, moment("2026-03-20"))
    at = moment("2026-03-30")
    with refused(WrongState, "refund_order_open"):
        performance.close_case(case_id=case.pk, reason="移送", actor=city.east_director, at=at)
    refund_orders.end_refund(remark="期满未退", at=at, **by)
    assert performance.close_case(case_id=case.pk, reason="移送", actor=city.east_director, at=at).closed_on


def test_a_decision_is_paid_whole_on_the_day_of_its_last_payment_in_whatever_order_they_are_recorded(
    city: City,
) -> None:
    case = pay(city, served_case(city), "300", "2026-04-07")
    case = performance.record_payment(
        case_id=case.pk, amount=Decimal(5000), paid_on=date(2026, 4, 2), actor=city.east_handler,
        at=moment("2026-04-08"),
    )  # fmt: skip
    assert (case.state, case.paid_on) == (CaseState.PERFORMED, date(2026, 4, 7))
