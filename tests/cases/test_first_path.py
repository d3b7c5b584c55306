from datetime import date
from decimal import Decimal

from cases.actions import decision, performance
from cases.states.matter import CaseState
from deadlines.queries import clocks_of
from tests.builders import City, decide, make_notified_case, moment


def test_a_lead_walks_from_intake_to_a_closed_case_on_statutory_clocks(city: City) -> None:
    case = make_notified_case(city)

    decide(city, case, at=moment("2026-03-24"))
    decision.serve_decision(
        case_id=case.pk, served_on=date(2026, 3, 26), actor=city.east_handler, at=moment("2026-03-26")
    )
    performance.record_payment(
        case_id=case.pk,
        amount=Decimal(5300),
        paid_on=date(2026, 4, 2),
        actor=city.east_handler,
        at=moment("2026-04-02"),
    )
    closed = performance.close_case(
        case_id=case.pk, reason="执行完毕", actor=city.east_director, at=moment("2026-04-10")
    )

    assert closed.state == CaseState.CLOSED
    assert closed.decision_number == "eastpenalty_decision〔2026〕1号"
    assert {clock.rule: (str(clock.due_on), clock.state) for clock in clocks_of("case", case.pk)} == {
        "case_handling": ("2026-06-01", "met"),
        "legal_review": ("2026-03-24", "met"),
        "statement_defence": ("2026-03-23", "met"),
        "decision_service": ("2026-04-02", "met"),
        "fine_payment": ("2026-04-10", "met"),
        "case_closing": ("2026-04-24", "met"),
    }
