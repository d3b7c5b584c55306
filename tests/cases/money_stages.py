"""The verbs of the money of a case with valid input, and a case of the east squad at their different stages."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from cases.actions import decision, execution, performance, plans, remedies
from cases.models import Case, Remedy
from cases.queries.money import account_of
from tests.builders import City, decide, make_notified_case, moment
from tests.kept import kept

# Served on 2026-03-26: to be paid by 04-10, the remedies lapse with 09-28 (the 26th is a Saturday), the court term then.
SERVED_ON = date(2026, 3, 26)
DUE_ON = date(2026, 4, 10)
TERMS_END = date(2026, 9, 28)
URGED = moment("2026-09-07")
COURT = moment("2026-10-12")


@kept
def served_case(city: City, *, fine: str = "5000", confiscated: str = "300", **changes: Any) -> Case:
    """A case of the east squad whose decision is served; ``changes`` are written to its row."""
    case = decide(city, make_notified_case(city), at=moment("2026-03-24"), fine=fine, confiscated=confiscated)
    case = decision.serve_decision(
        case_id=case.pk, served_on=SERVED_ON, actor=city.east_handler, at=moment("2026-03-26")
    )
    if changes:
        Case.objects.filter(pk=case.pk).update(**changes)
    return case


def pay(city: City, case: Case, amount: str | Decimal, on: str, **more: Any) -> Case:
    return performance.record_payment(
        case_id=case.pk, amount=Decimal(amount), paid_on=date.fromisoformat(on), actor=city.east_handler,
        at=moment(on), **more,
    )  # fmt: skip


def urged(city: City, case: Case, at: datetime = URGED) -> Case:
    return execution.urge_party(case_id=case.pk, served_on=at.date(), actor=city.east_handler, at=at)


def court(city: City, case: Case, actor: User | None = None, at: datetime = COURT) -> Case:
    return execution.apply_to_court(
        case_id=case.pk, court="示例市示例区人民法院", applied_on=at.date(), actor=actor or city.east_director, at=at
    )


def step(city: City, case: Case, name: str, on: str, actor: User | None = None) -> Case:
    return execution.record_court_step(
        case_id=case.pk, step=name, on=date.fromisoformat(on), actor=actor or city.east_handler, at=moment(on)
    )


@transaction.atomic
def _apply(city: City, case: Case, actor: User, _at: datetime) -> Case:
    urged(city, case)
    return court(city, case, actor)


@transaction.atomic
def _end(city: City, case: Case, actor: User, _at: datetime) -> Case:
    urged(city, case)
    court(city, case)
    step(city, case, "court_accepts", "2026-10-14")
    step(city, case, "court_grants", "2026-10-20")
    return execution.end_execution(
        case_id=case.pk, ended_on=date(2026, 11, 20), reason="（2026）示0000执1号终结", actor=actor,
        at=moment("2026-11-20"),
    )  # fmt: skip


VERBS: dict[str, Callable[[City, Case, User, datetime], Case]] = {
    "defer": lambda city, case, actor, at: plans.defer_payment(
        case_id=case.pk, applied_on=date(2026, 4, 8), reason="经营困难",
        instalments=[(date(2026, 5, 8), Decimal(2000)), (date(2026, 6, 8), Decimal(3000))], actor=actor, at=at,
    ),
    "urge": lambda city, case, actor, at: execution.urge_party(
        case_id=case.pk, served_on=date(2026, 4, 13), actor=actor, at=at
    ),
    "apply_court": _apply,
    "end_execution": _end,
    "cease_execution": lambda city, case, actor, at: execution.cease_execution(
        case_id=case.pk, ground="death", reason="当事人死亡，无遗产，无义务承受人", actor=actor, at=at
    ),
}  # fmt: skip

WALKED = ("record_payment", "defer", "urge", "apply_court", "end_execution", "cease_execution")


def walk(verb: str, case: Case, day: date, chance: random.Random, actor: User, at: datetime) -> None:
    """A verb on a random walk, with the day drawn for it; some are refused, as in life."""
    if verb == "record_payment":
        amount = Decimal(chance.choice([0, 700, 2300, 5300]))
        performance.record_payment(case_id=case.pk, amount=amount, paid_on=day, actor=actor, at=at)
    elif verb == "defer":
        half = account_of(case).left_of_fine / 2
        parts = [(day + timedelta(days=9), half), (day + timedelta(days=30), half)]
        plans.defer_payment(case_id=case.pk, applied_on=day, reason="困难", instalments=parts, actor=actor, at=at)
    elif verb == "urge":
        execution.urge_party(case_id=case.pk, served_on=day, actor=actor, at=at)
    elif verb == "apply_court":
        execution.apply_to_court(case_id=case.pk, court="示例法院", applied_on=day, actor=actor, at=at)
    elif verb == "cease_execution":
        execution.cease_execution(case_id=case.pk, ground="other", reason="不再执行", actor=actor, at=at)
    else:
        execution.end_execution(case_id=case.pk, ended_on=day, reason="裁定终结", actor=actor, at=at)


DAY = "2026-03-03"
BODIES: dict[str, dict[str, Any]] = {
    "reverse_payment": {"payment": 1, "reason": "金额有误"},
    "record_handover": {"payment": 1, "handed_over_on": DAY},
    "record_bank_deposit": {"payment": 1, "deposited_on": DAY},
    "charge_late_fine": {"reason": "逾期"},
    "waive_late_fine": {"amount": "1", "reason": "已采取补救措施"},
    "refund_payment": {"amount": "1", "refunded_on": DAY, "payee": "示例商店", "voucher": "示1"},
    "order_refund": {"heard": "无异议", "amount": "100", "due_on": "2099-01-01"},
    "record_refund": {"beneficiary": 1, "amount": "1", "refunded_on": DAY, "voucher": "收条"},
    "announce_refund": {"announced_on": DAY, "announcement": "本地报纸"},
    "end_refund": {"remark": "全部退还"},
    "file_remedy": {"kind": "reconsideration", "body": "示例市人民政府", "filed_on": DAY, "received_on": DAY},
    "answer_remedy": {"remedy": 1, "answered_on": DAY},
    "stay_execution": {"remedy": 1, "stayed_on": DAY, "stayed_by": "示例市人民政府"},
    "lift_stay": {"remedy": 1, "reason": "决定恢复"},
    "end_remedy": {"remedy": 1, "result": "upheld", "ended_on": DAY, "opinion": "维持"},
    "court_step": {"step": "court_accepts", "on": DAY},
}


def file(city: City, case: Case, kind: str = "reconsideration", on: str = "2026-04-20", **changes: Any) -> Remedy:
    day = date.fromisoformat(on)
    given_: dict[str, Any] = {
        "kind": kind, "body": "示例市人民政府", "filed_on": day, "received_on": day, "actor": city.east_handler,
        "at": moment(on),
    }  # fmt: skip
    remedies.file_remedy(case_id=case.pk, **{**given_, **changes})
    return case.remedies.latest("id")


def end(city: City, remedy: Remedy, result: str = "upheld", on: str = "2026-06-15", **changes: Any) -> Case:
    given_: dict[str, Any] = {
        "result": result, "ended_on": date.fromisoformat(on), "opinion": "示复决〔2026〕1号", "actor": city.east_handler,
        "at": moment(on),
    }  # fmt: skip
    return remedies.end_remedy(case_id=remedy.case_id, remedy_id=remedy.pk, **{**given_, **changes})
