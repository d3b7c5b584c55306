"""The verbs of the other ends of a case with valid input, and decisions on the spot."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from cases.actions import joining, on_spot, outcomes, performance, remedies
from cases.models import Case
from cases.states.matter import WITHDRAW_PUBLICATION
from deadlines.queries import open_clock
from tests.builders import NOW, City, make_case, moment
from tests.kept import kept

ON = date(2026, 4, 13)


@transaction.atomic
def _merge(city: City, case: Case, actor: User, at: datetime) -> Case:
    other = Case.objects.exclude(pk=case.pk).first() or make_case(city)
    return joining.merge_case(case_id=case.pk, into_id=other.pk, reason="同一当事人", actor=actor, at=at)


def annulled(city: City, case: Case, actor: User, at: datetime) -> Case:
    return outcomes.annul_decision(
        case_id=case.pk, annulled_by="court", body="示例市示例区人民法院", paper="（2026）示0000行初1号", annulled_on=at.date(),
        reason="主要证据不足", actor=actor, at=at,
    )  # fmt: skip


@transaction.atomic
def _withdraw_publication(city: City, case: Case, actor: User, at: datetime) -> Case:
    """Where nothing is to be withdrawn yet, the decision has been found unlawful the same day."""
    open_term = open_clock(rule="decision_withdrawal", subject_kind="case", subject_id=case.pk)
    if open_term is None and case.served_on is not None and WITHDRAW_PUBLICATION.starts_from(case.state):
        found_unlawful(case, at)
    return outcomes.withdraw_publication(
        case_id=case.pk, withdrawn_on=at.date(), explanation="决定已被撤销", actor=actor, at=at
    )


def found_unlawful(case: Case, at: datetime) -> Case:
    """A reconsideration that leaves the decision standing and says that it was unlawful."""
    who: dict[str, Any] = {"case_id": case.pk, "actor": case.owner, "at": at}
    remedies.file_remedy(
        kind="reconsideration", body="示例市人民政府", filed_on=at.date(), received_on=at.date(), **who
    )
    return remedies.end_remedy(
        remedy_id=case.remedies.latest("id").pk, result="illegal", ended_on=at.date(), opinion="程序违法", **who
    )


@transaction.atomic
def closed(city: City, case: Case, actor: User, at: datetime) -> Case:
    """Closed, what was published withdrawn before that."""
    if open_clock(rule="decision_withdrawal", subject_kind="case", subject_id=case.pk) is not None:
        VERBS["withdraw_publication"](city, case, case.owner, at)
    return performance.close_case(case_id=case.pk, reason="办结", actor=actor, at=at)


VERBS: dict[str, Callable[[City, Case, User, datetime], Case]] = {
    "spare": lambda city, case, actor, at: outcomes.spare_party(
        case_id=case.pk, ground="minor", reason="轻微并及时改正", education="已当面教育", actor=actor, at=at
    ),
    "transfer": lambda city, case, actor, at: outcomes.transfer_case(
        case_id=case.pk, ground="other_agency", recipient="示例市文化和旅游局", handed_over="案卷一册", reason="属于文旅部门管辖",
        actor=actor, at=at,
    ),
    "refer": lambda city, case, actor, at: outcomes.refer_case(
        case_id=case.pk, recipient="示例市公安局", handed_over="案卷一册", reason="涉嫌犯罪", actor=actor, at=at
    ),
    "terminate": lambda city, case, actor, at: outcomes.terminate_case(
        case_id=case.pk, ground="dissolved", reason="企业已注销，无承受人", actor=actor, at=at
    ),
    "withdraw": lambda city, case, actor, at: outcomes.withdraw_case(
        case_id=case.pk, reason="经查不应立案", actor=actor, at=at
    ),
    "merge": _merge,
    "split": lambda city, case, actor, at: joining.split_case(
        case_id=case.pk, cause="另一违法行为", party_name=case.party_name, owner_id=city.east_handler2.pk,
        second_officer_id=city.east_handler.pk, reason="案情不同", actor=actor, at=at,
    ),
    "annul": annulled,
    "withdraw_publication": _withdraw_publication,
}  # fmt: skip
DAY = "2026-03-03"
BODIES: dict[str, dict[str, Any]] = {
    "spare": {"ground": "minor", "reason": "轻微", "education": "已教育"},
    "transfer": {"ground": "market", "recipient": "示例局", "handed_over": "案卷", "reason": "不属本局管辖"},
    "refer": {"recipient": "示例市公安局", "handed_over": "案卷", "reason": "涉嫌犯罪"},
    "terminate": {"ground": "death", "reason": "死亡"},
    "withdraw": {"reason": "不应立案"},
    "merge": {"into": 1, "reason": "同一当事人"},
    "split": {"cause": "另案", "party_name": "示例商店", "owner": 1, "second_officer": 2, "reason": "案情不同"},
    "annul": {"annulled_by": "own", "annulled_on": DAY, "reason": "认定有误"},
    "withdraw_publication": {"withdrawn_on": DAY, "explanation": "决定被撤销"},
    "hand_in": {"handed_in_on": DAY},
}


@kept
def fined_on_spot(city: City, *, at: datetime = NOW, actor: User | None = None, **given: Any) -> Case:
    """A shop warned and fined 200 yuan on the spot by the two handlers of the east squad."""
    asked: dict[str, Any] = {
        "office_id": city.east_squad.pk, "second_officer_id": city.east_handler2.pk, "party_name": "示例商店",
        "party_kind": "organisation", "cause": "未按规定明码标价", "decided_at": at, "place": "示例路1号店内",
        "facts": "货架商品未标价，现场拍照。", "basis": "依据示例法第一条", "penalties": ["warning", "fine"], "fine": Decimal(200),
        "is_informed": True,
    }  # fmt: skip
    return on_spot.decide_on_spot(**(asked | given), actor=actor or city.east_handler, at=at)


def handed_in(city: City, case: Case, on: str, *, at: datetime | None = None) -> Case:
    return on_spot.hand_in(
        case_id=case.pk, handed_in_on=date.fromisoformat(on), actor=city.east_handler, at=at or moment(on)
    )
