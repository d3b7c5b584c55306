"""Bodies and people of what declarations, withdrawal and approvals ask for."""

from datetime import date, datetime
from typing import Any

from accounts.models import User
from cases.actions.approvable import digest, shown
from cases.actions.approvals import ask_approval, sign_approval
from cases.models import Approval, Case
from cases.queries.approvals import approval_for
from cases.states.matter import FilingCondition
from clues.models import Lead
from tests.builders import NOW, City

RECUSAL_BODIES: dict[str, dict[str, Any]] = {
    "ask_recusal": {"person": 1, "interest": "other", "reason": "是当事人的亲属", "asked_on": "2026-03-03"},
    "grant_recusal": {"opinion": "情况属实"},
    "refuse_recusal": {"opinion": "情况不实"},
}
SUSPENSION: dict[str, Any] = {"ground": "missing_party", "starts_on": "2026-03-03", "reason": "当事人下落不明"}
APPROVAL_BODIES: dict[str, dict[str, Any]] = {
    "case-ask-approval": {"kind": "suspend", "arguments": SUSPENSION},
    "lead-ask-approval": {"arguments": {"cause": "过期食品", "conditions": FilingCondition.values}},
    "approval-sign-approval": {"seen": "x"},
    "approval-return-approval": {"seen": "x", "opinion": "请补充"},
    "approval-withdraw-approval": {"reason": "不再需要"},
}


def ask_to_suspend(city: City, case: Case, *, at: datetime = NOW, starts_on: str = "2026-03-03") -> Approval:
    arguments = SUSPENSION | {"starts_on": date.fromisoformat(starts_on)}
    return ask_approval(kind="suspend", case_id=case.pk, arguments=arguments, actor=city.east_handler, at=at)


def ask_to_file(city: City, lead: Lead, *, at: datetime = NOW) -> Approval:
    arguments = {"cause": "经营超过保质期食品", "conditions": FilingCondition.values}
    return ask_approval(kind="file", lead_id=lead.pk, arguments=arguments, actor=city.east_handler, at=at)


def seen(approval: Approval, reader: User) -> str:
    """The hash of what the reader has before them now."""
    return digest(shown(approval_for(reader, approval.pk)))


def sign(approval: Approval, actor: User, *, at: datetime = NOW, **given: Any) -> Approval:
    return sign_approval(approval_id=approval.pk, seen=seen(approval, actor), actor=actor, at=at, **given)
