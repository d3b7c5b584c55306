"""Who does not pay is urged and brought to court; who asks for reconsideration or sues is waited for; no term is missed."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.actions import deactivate_user
from cases.actions import execution, money, remedies
from cases.models import Case, PaymentPlan, Remedy
from cases.queries.money import account_of
from cases.queries.remedy import COURT_RULE, court_term_origin, term_end
from cases.states.matter import CaseState
from cases.states.remedy import COURT_TRANSITIONS, REMEDY_TRANSITIONS, RemedyKind, RemedyResult
from core.errors import Invalid, NotFound, NotPermitted, WrongState
from deadlines.models import Clock
from deadlines.queries import open_clock
from tests.builders import SYSTEM, City, moment
from tests.cases.money_stages import COURT, SERVED_ON, TERMS_END, court, end, file, pay, served_case, step, urged
from tests.refusals import refused


def clock(case: Case, rule: str) -> Clock | None:
    return open_clock(rule=rule, subject_kind="case", subject_id=case.pk)


# ---- urging and the court ------------------------------------------------------------------------


def test_the_way_to_the_court_is_gated_step_by_step(city: City) -> None:
    case = served_case(city)
    with refused(WrongState, "payment_term_running"):
        urged(city, case, moment("2026-04-10"))
    with refused(WrongState, "remedy_terms_running"):
        court(city, case, at=moment("2026-09-28"))
    with refused(WrongState, "not_urged"):
        court(city, case)
    with refused(Invalid, "date_too_early", "served_on"):
        execution.urge_party(
            case_id=case.pk, served_on=date(2026, 4, 10), actor=city.east_handler, at=moment("2026-04-13")
        )
    late = moment("2026-09-28")  # ten working days, the holidays of October between, end on 10-16
    urged(city, case, late)
    with refused(WrongState, "already_urged"):
        urged(city, case, COURT)
    period = clock(case, "urging_period")
    assert period is not None and period.due_on == date(2026, 10, 16)
    with refused(WrongState, "urging_term_running"):
        court(city, case, at=moment("2026-10-16"))
    with refused(NotPermitted, "not_permitted"):
        court(city, case, city.east_handler, at=moment("2026-10-19"))
    with refused(Invalid, "required", "court"):
        execution.apply_to_court(
            case_id=case.pk, court=" ", applied_on=date(2026, 10, 19), actor=city.east_director, at=moment("2026-10-19")
        )
    with refused(WrongState, "court_term_over"):
        court(city, case, at=moment("2026-12-29"))
    court(city, case, at=moment("2026-12-28"))
    assert clock(case, "urging_period") is None and clock(case, COURT_RULE) is None
    assert clock(case, "court_enforcement_acceptance") is not None
    assert Clock.objects.get(subject_id=case.pk, subject_kind="case", rule=COURT_RULE).state == "met"
    with refused(WrongState, "already_applied"):
        court(city, case, at=moment("2026-12-29"))


def test_the_three_months_start_by_themselves_and_once(city: City) -> None:
    case, other = served_case(city), served_case(city)
    assert execution.start_court_terms(at=moment("2026-04-01")) == 2, "stores from when each may go to court"
    case.refresh_from_db()
    assert case.court_term_on == TERMS_END
    assert execution.start_court_terms(at=moment("2026-09-27")) == 0
    deactivate_user(user_id=city.east_handler.pk, actor=SYSTEM, at=moment("2026-09-27"))
    assert execution.start_court_terms(at=moment("2026-11-03")) == 2, "however late the bell rings"
    started = clock(case, COURT_RULE)
    assert started is not None
    assert (started.origin_on, started.due_on, started.owner) == (TERMS_END, date(2026, 12, 28), city.east_head)
    assert execution.start_court_terms(at=moment("2026-11-04")) == 0
    assert clock(other, COURT_RULE) is not None


def test_paying_ends_what_waited_for_it(city: City) -> None:
    case = urged(city, served_case(city))
    execution.start_court_terms(at=COURT)
    assert clock(case, COURT_RULE) is not None and clock(case, "urging_period") is not None
    case = pay(city, case, "5300", "2026-10-13")
    assert case.state == CaseState.PERFORMED
    assert clock(case, COURT_RULE) is None and clock(case, "urging_period") is None
    assert execution.start_court_terms(at=moment("2026-10-14")) == 0
    money.reverse_payment(
        case_id=case.pk, payment_id=case.payments.get().pk, reason="退票", actor=city.east_handler,
        at=moment("2026-10-15"),
    )  # fmt: skip
    again = clock(case, COURT_RULE)
    assert again is not None and again.origin_on == TERMS_END
    enforced = court(city, urged(city, served_case(city)))
    pay(city, enforced, "5300", "2026-10-15")
    assert clock(enforced, "court_enforcement_acceptance") is None


STEPS: dict[str, list[tuple[str, str]]] = {
    "applied": [],
    "accepted": [("court_accepts", "2026-10-14")],
    "refused": [("court_refuses", "2026-10-14")],
    "granted": [("court_accepts", "2026-10-14"), ("court_grants", "2026-10-20")],
    "denied": [("court_accepts", "2026-10-14"), ("court_denies", "2026-10-20")],
    "objected": [("court_refuses", "2026-10-14"), ("object_to_court", "2026-10-20")],
    "failed": [("court_refuses", "2026-10-14"), ("object_to_court", "2026-10-20"), ("objection_fails", "2026-10-21")],
}
OPEN_PERIOD = {
    "applied": "court_enforcement_acceptance",
    "accepted": "court_enforcement_ruling",
    "refused": "court_enforcement_objection",
    "denied": "court_enforcement_objection",
}


@pytest.mark.parametrize("state", STEPS)
def test_what_the_court_answers_follows_its_table(city: City, state: str) -> None:
    case = court(city, urged(city, served_case(city)))
    for name, on in STEPS[state]:
        step(city, case, name, on, city.east_director if name == "object_to_court" else None)
    application = case.court_applications.get()
    assert application.state == state
    running = {each.rule for each in Clock.objects.filter(subject_id=case.pk, subject_kind="case", state="running")}
    assert [rule for rule in running if rule.startswith("court_enforcement")] == OPEN_PERIOD.get(state, "").split()
    for row in COURT_TRANSITIONS:
        actor = city.east_director if row.name == "object_to_court" else city.east_handler
        other = city.east_handler if row.name == "object_to_court" else city.east_director
        with refused(NotPermitted):
            step(city, case, row.name, "2026-10-22", other)
        if not row.starts_from(state):
            with refused(WrongState, "wrong_state"):
                step(city, case, row.name, "2026-10-22", actor)
            continue
        with transaction.atomic():
            step(city, case, row.name, "2026-10-22", actor)
            application.refresh_from_db()
            assert application.state == row.target
            transaction.set_rollback(True)
    if state != "granted":
        with refused(WrongState, "not_enforced"):
            execution.end_execution(
                case_id=case.pk, ended_on=date(2026, 10, 22), reason="裁定", actor=city.east_director,
                at=moment("2026-10-22"),
            )  # fmt: skip


def test_steps_of_the_court_are_known_dated_in_order_and_of_an_application(city: City) -> None:
    case = urged(city, served_case(city))
    with refused(NotFound, "not_found"):
        step(city, case, "court_accepts", "2026-10-14")
    court(city, case)
    with refused(Invalid, "unknown_step", "step"):
        step(city, case, "court_ponders", "2026-10-14")
    with refused(Invalid, "date_too_early", "on"):
        step(city, case, "court_accepts", "2026-10-11")


# ---- remedies ------------------------------------------------------------------------------------


def test_a_reconsideration_is_answered_in_ten_working_days_and_restarts_the_court_term(city: City) -> None:
    case = served_case(city)
    remedy = file(city, case)
    answer = clock(case, "reconsideration_answer")
    assert answer is not None and answer.due_on == date(2026, 5, 7)
    case.refresh_from_db()
    assert case.court_term_on is None
    with refused(WrongState, "remedy_pending"):
        file(city, case, "litigation")
    remedies.answer_remedy(
        case_id=case.pk, remedy_id=remedy.pk, answered_on=date(2026, 4, 30), actor=city.east_handler,
        at=moment("2026-04-30"),
    )  # fmt: skip
    assert clock(case, "reconsideration_answer") is None
    assert account_of(case).late_fine(date(2026, 6, 1)).amount == 1350  # 04-11 to 04-19, none since
    urged(city, case, moment("2026-05-20"))
    with refused(WrongState, "remedy_pending"):
        court(city, case, at=moment("2026-10-12"))
    case = end(city, remedy)
    assert case.court_term_on == date(2026, 6, 30), "fifteen days to sue from 06-15"
    assert account_of(case).late_fine(date(2026, 6, 16)).amount == 1500
    court(city, case, at=moment("2026-07-01"))


def test_a_stay_stops_urging_until_it_is_lifted(city: City) -> None:
    case = served_case(city)
    remedy = file(city, case, is_summary=True)
    assert clock(case, "reconsideration_answer_summary") is not None
    by: dict[str, Any] = {
        "case_id": case.pk, "remedy_id": remedy.pk, "actor": city.east_handler, "at": moment("2026-04-22"),
    }  # fmt: skip
    with refused(WrongState, "not_stayed"):
        remedies.lift_stay(reason="恢复", **by)
    with refused(Invalid, "required", "stayed_by"):
        remedies.stay_execution(stayed_on=date(2026, 4, 22), stayed_by=" ", **by)
    remedies.stay_execution(stayed_on=date(2026, 4, 22), stayed_by="示例市人民政府", **by)
    with refused(WrongState, "already_stayed"):
        remedies.stay_execution(stayed_on=date(2026, 4, 22), stayed_by="示例市人民政府", **by)
    with refused(WrongState, "execution_stayed"):
        urged(city, case, moment("2026-05-20"))
    with refused(Invalid, "required", "reason"):
        remedies.lift_stay(reason="", **by)
    remedies.lift_stay(reason="示例市人民政府决定恢复", **by)
    urged(city, case, moment("2026-05-20"))


def test_a_change_lowers_what_is_due_and_what_was_paid_above_goes_back(city: City) -> None:
    case = pay(city, served_case(city), "5300", "2026-04-02")
    remedy = file(city, case)
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "required"), ({"fine": Decimal(5001), "confiscated": Decimal(0)}, "aggravated"),
        ({"fine": Decimal(1), "confiscated": Decimal(301)}, "aggravated"),
    )  # fmt: skip
    for changes, code in wrong:
        with refused(Invalid, code):
            end(city, remedy, "changed", **changes)
    with refused(Invalid, "not_changed", "fine"):
        end(city, remedy, "upheld", fine=Decimal(1))
    case = end(city, remedy, "changed", fine=Decimal(2000), confiscated=Decimal(300))
    remedy.refresh_from_db()
    assert (case.fine, case.left_amount, remedy.fine_before) == (Decimal(2000), Decimal(0), Decimal(5000))
    back: dict[str, Any] = {
        "case_id": case.pk, "refunded_on": date(2026, 6, 20), "payee": "示例商店", "voucher": "示退1",
        "actor": city.east_handler, "at": moment("2026-06-20"),
    }  # fmt: skip
    with refused(Invalid, "refund_out_of_range", "amount"):
        money.refund_payment(amount=Decimal("3000.01"), **back)
    with refused(Invalid, "required", "voucher"):
        money.refund_payment(amount=Decimal(3000), **{**back, "voucher": " "})
    case = money.refund_payment(amount=Decimal(3000), **back)
    assert (case.refunded, case.refunds.get().ground) == (Decimal(3000), "changed")
    with refused(WrongState, "already_refunded"):
        money.reverse_payment(
            case_id=case.pk, payment_id=case.payments.get().pk, reason="错", actor=city.east_handler,
            at=moment("2026-06-21"),
        )  # fmt: skip


def test_a_change_to_what_is_paid_already_performs_the_decision(city: City) -> None:
    case = pay(city, served_case(city), "2300", "2026-04-02")
    assert end(city, file(city, case), "changed", fine=Decimal(2000), confiscated=Decimal(300)).state == (
        CaseState.PERFORMED
    )


def test_remedies_follow_one_another_in_their_order(city: City) -> None:
    case = served_case(city)
    with refused(Invalid, "no_first_instance", "kind"):
        file(city, case, "appeal")
    with refused(Invalid, "unknown_kind", "kind"):
        file(city, case, "petition")
    with refused(Invalid, "required", "body"):
        file(city, case, body="")
    with refused(Invalid, "date_too_early", "filed_on"):
        file(city, case, filed_on=SERVED_ON - timedelta(days=1))
    with refused(Invalid, "date_too_early", "received_on"):
        file(city, case, received_on=date(2026, 4, 19))
    end(city, file(city, case))
    suit = file(city, case, "litigation", "2026-06-20")
    assert clock(case, "litigation_answer") is not None
    with refused(Invalid, "unknown_result", "result"):
        end(city, suit, "maybe", "2026-08-03")
    case = end(city, suit, "upheld", "2026-08-03")
    assert case.court_term_on == date(2026, 8, 18)
    for kind in ("reconsideration", "litigation"):
        with refused(Invalid, "court_has_ruled", "kind"):
            file(city, case, kind, "2026-08-10")
    case = end(city, file(city, case, "appeal", "2026-08-10"), "upheld", "2026-09-10")
    assert case.court_term_on == date(2026, 9, 10)
    with refused(NotFound):
        remedies.answer_remedy(
            case_id=case.pk, remedy_id=999_999, answered_on=date(2026, 9, 10), actor=city.east_handler,
            at=moment("2026-09-10"),
        )  # fmt: skip


def test_the_verbs_of_a_remedy_follow_its_table(city: City) -> None:
    case = served_case(city)
    remedy = file(city, case)
    by: dict[str, Any] = {
        "case_id": case.pk, "remedy_id": remedy.pk, "actor": city.east_handler, "at": moment("2026-05-06"),
    }  # fmt: skip
    calls: dict[str, Callable[..., Case]] = {
        "answer_remedy": lambda **who: remedies.answer_remedy(answered_on=date(2026, 5, 6), **{**by, **who}),
        "stay_execution": lambda **who: remedies.stay_execution(
            stayed_on=date(2026, 5, 6), stayed_by="示例市人民政府", **{**by, **who}
        ),
        "end_remedy": lambda **who: remedies.end_remedy(
            result="upheld", ended_on=date(2026, 5, 6), opinion="维持", **{**by, **who}
        ),
        "lift_stay": lambda **who: remedies.lift_stay(reason="恢复", **{**by, **who}),
    }
    rows = {row.name: row for row in REMEDY_TRANSITIONS if row.sources}
    assert set(calls) == set(rows)
    for state in ("pending", "answered", "ended"):
        for name, call in calls.items():
            with refused(NotPermitted):
                call(actor=city.east_director)
            if not rows[name].starts_from(state):
                with refused(WrongState, "wrong_state"):
                    call()
            elif name != "lift_stay":
                with transaction.atomic():
                    call()
                    transaction.set_rollback(True)
        if state != "ended":
            calls["answer_remedy" if state == "pending" else "end_remedy"]()


@pytest.mark.parametrize(
    ("constraint", "broken"),
    [
        ("remedy_received_after_filing", {"received_on": "2026-04-19"}),
        ("remedy_ended_has_result", {"result": "upheld"}),
        ("remedy_stay_has_day_and_body", {"stayed_by": "示例市人民政府"}),
    ],
)
def test_the_database_refuses_remedies_no_verb_writes(city: City, constraint: str, broken: dict[str, Any]) -> None:
    file(city, served_case(city))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Remedy.objects.update(**broken)


# ---- the three months as arithmetic --------------------------------------------------------------

DAYS = st.dates(date(2024, 2, 1), date(2026, 3, 1))


@given(
    served=DAYS, gaps=st.lists(st.tuples(st.integers(0, 90), st.integers(1, 200)), max_size=3),
    kinds=st.lists(st.sampled_from(RemedyKind.values), min_size=3, max_size=3),
    results=st.lists(st.sampled_from(RemedyResult.values), min_size=3, max_size=3), is_open=st.booleans(),
    plan_days=st.none() | st.integers(1, 700),
)  # fmt: skip
@settings(deadline=None)  # the rules and the calendar are read once
@pytest.mark.usefixtures("law")
def test_the_court_term_begins_after_every_remedy_and_plan_and_is_never_lost(
    served: date,
    gaps: list[tuple[int, int]],
    kinds: list[str],
    results: list[str],
    is_open: bool,
    plan_days: int | None,
) -> None:
    rows, day = [], served
    for (wait, length), kind, result in zip(gaps, kinds, results, strict=False):
        filed = day + timedelta(days=wait)
        day = filed + timedelta(days=length)
        rows.append(Remedy(kind=kind, state="ended", result=result, filed_on=filed, received_on=filed, ended_on=day))
    if rows and is_open:
        rows[-1].state, rows[-1].result, rows[-1].ended_on = "pending", "", None
    last = served + timedelta(days=plan_days) if plan_days else None
    origin = court_term_origin(
        served_on=served, remedies=rows, plan=PaymentPlan() if last else None, last_instalment_on=last
    )
    ruled = [row.result for row in rows if row.result not in ("", "withdrawn", "dismissed")]
    may_never = any(row.state != "ended" for row in rows) or ruled[-1:] in (["revoked"], ["invalid"])
    assert (origin is None) == may_never
    if origin is None:
        return
    assert all(row.ended_on is not None and origin >= row.ended_on for row in rows)
    assert last is None or origin >= last
    if not rows:
        assert origin >= term_end("litigation_direct", served) >= term_end("reconsideration_application", served)
    assert term_end(COURT_RULE, origin) > origin
