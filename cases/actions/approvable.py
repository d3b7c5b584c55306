"""What can be asked for in writing: the verb each kind ends in, and its arguments in words and as plain values."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Role
from cases.actions import filing, outcomes, performance, review, term
from cases.models import Approval, Case
from cases.states.approvals import ApprovalKind, StepOutcome
from cases.states.matter import CaseState, FilingCondition, SuspensionGround
from cases.states.outcomes import TerminationGround
from clues.models import Lead
from core.errors import Invalid
from core.texts import optional
from deadlines.replay import SHANGHAI

Plain = str | int | list[str] | None


@dataclass(frozen=True)
class Argument:
    """One argument of a verb: its name on paper, how it comes out of plain JSON, how it is told; ``limit`` is how long a
    text the verb takes.
    """

    label: str | Promise
    read: Callable[[Any], Any] = str
    tell: Callable[[Any], str] = str
    is_needed: bool = True
    limit: int | None = None


@dataclass(frozen=True)
class Approvable:
    """``adds`` are the arguments a head gives when signing."""

    verb: Callable[..., Case]
    arguments: Mapping[str, Argument]
    adds: Mapping[str, Argument]


def _ground(value: str) -> str:
    return str(SuspensionGround(value).label) if value in SuspensionGround.values else value


def _termination(value: str) -> str:
    return str(TerminationGround(value).label) if value in TerminationGround.values else value


def _conditions(values: list[str]) -> str:
    return "；".join(str(FilingCondition(each).label) for each in values)


def _person(user_id: int) -> str:
    return User.objects.get(pk=user_id).name


def _texts(values: Any) -> list[str]:
    return [str(each) for each in values]


REASON = Argument(gettext_lazy("理由"), limit=500)
DAY_WORDS = gettext_lazy("日数")
APPROVABLE: dict[ApprovalKind, Approvable] = {
    ApprovalKind.FILE: Approvable(
        filing.file_case,
        {
            "cause": Argument(gettext_lazy("案由"), limit=200),
            "conditions": Argument(gettext_lazy("立案条件"), _texts, _conditions),
            "reason": Argument(gettext_lazy("理由"), is_needed=False, limit=1000),
        },
        {
            "owner_id": Argument(gettext_lazy("主办人员"), int, _person),
            "second_officer_id": Argument(gettext_lazy("协办人员"), int, _person),
        },
    ),
    ApprovalKind.SUSPEND: Approvable(
        term.suspend_case,
        {
            "ground": Argument(gettext_lazy("中止的情形"), str, _ground),
            "starts_on": Argument(gettext_lazy("中止日期"), date.fromisoformat),
            "reason": REASON,
        },
        {},
    ),
    ApprovalKind.EXTEND: Approvable(term.extend_case, {"reason": REASON}, {}),
    ApprovalKind.EXCLUDE: Approvable(
        term.exclude_case_days,
        {
            "ground": Argument(gettext_lazy("事由"), limit=60),
            "first_day": Argument(gettext_lazy("开始日"), date.fromisoformat),
            "last_day": Argument(gettext_lazy("结束日"), date.fromisoformat),
            "reason": Argument(gettext_lazy("说明"), is_needed=False, limit=500),
        },
        {},
    ),
    ApprovalKind.EXTEND_REVIEW: Approvable(
        review.extend_review, {"days": Argument(DAY_WORDS, int), "reason": REASON}, {}
    ),
    ApprovalKind.TERMINATE: Approvable(
        outcomes.terminate_case,
        {
            "ground": Argument(gettext_lazy("终止调查的情形"), str, _termination),
            "reason": replace(REASON, limit=4000),
        },
        {},
    ),
    ApprovalKind.CLOSE: Approvable(performance.close_case, {"reason": replace(REASON, limit=900)}, {}),
}


def plain(kind: ApprovalKind, arguments: Mapping[str, Any]) -> dict[str, Plain]:
    """The arguments as plain JSON values, empty ones left out.

    :raises Invalid: one is missing or too long, or the verb does not take it, or it is not of its type.
    """
    known = APPROVABLE[kind].arguments
    if unknown := [name for name in arguments if name not in known]:
        raise Invalid(
            _("“%(kind)s”没有这些内容：%(names)s。") % {"kind": kind.label, "names": _("、").join(unknown)},
            code="unknown_argument", field="arguments",
        )  # fmt: skip
    written = {name: _written(value) for name, value in arguments.items() if value not in (None, "", [])}
    for name, argument in known.items():
        if argument.is_needed and name not in written:
            raise Invalid(_("请填写%(label)s。") % {"label": argument.label}, code="required", field=name)
        if argument.limit is not None:
            optional(str(written.get(name, "")), name, limit=argument.limit)
    read(known, written)
    return written


def read(known: Mapping[str, Argument], written: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values as the verb takes them.

    :raises Invalid: one is not of its type.
    """
    values = {}
    for name, value in written.items():
        try:
            values[name] = known[name].read(value)
        except (TypeError, ValueError) as error:
            raise Invalid(
                _("%(label)s的值不正确，请核对。") % {"label": known[name].label}, code="bad_argument", field=name
            ) from error
    return values


def told(kind: ApprovalKind, written: Mapping[str, Any]) -> list[list[str]]:
    """Each argument as label and words, in the order of the verb's form."""
    known = {**APPROVABLE[kind].arguments, **APPROVABLE[kind].adds}
    return [[str(known[name].label), known[name].tell(written[name])] for name in known if name in written]


def shown(approval: Approval) -> str:
    """All that a head has before them, as canonical JSON in Chinese: the matter, what is asked, who signed before.

    ``{"number", "kind", "matter": [[label, words]], "asked": [[label, words]], "asked_by", "asked_on", "signed": [[…]]}``
    """
    with translation.override(settings.LANGUAGE_CODE):
        kind = ApprovalKind(approval.kind)
        steps = [step for step in approval.steps.select_related("decided_by").order_by("order") if step.decided_by]
        words = {
            "number": approval.pk,
            "kind": str(kind.label),
            "matter": _case(approval.case) if approval.case is not None else _lead(approval.lead),
            "asked": told(kind, approval.arguments),
            "asked_by": approval.asked_by.name,
            "asked_on": approval.asked_at.astimezone(SHANGHAI).isoformat(timespec="minutes"),
            "signed": [
                {
                    "role": str(Role(step.role).label),
                    "name": step.decided_by.name if step.decided_by else "",
                    "outcome": str(StepOutcome(step.outcome).label),
                    "opinion": step.opinion,
                    "adds": told(kind, step.adds),
                }
                for step in steps
            ],
        }
    return json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _written(value: Any) -> Plain:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | list) else str(value)


def _case(case: Case) -> list[list[str]]:
    return [
        [_("立案号"), case.number],
        [_("当事人"), case.party_name],
        [_("案由"), case.cause],
        [_("办案机构"), case.office.name],
        [_("办案人员"), f"{case.owner.name}、{case.second_officer.name}"],
        [_("状态"), str(CaseState(case.state).label)],
        [_("立案日期"), f"{case.filed_on}"],
        *([[_("处罚决定书文号"), case.decision_number]] if case.decision_number else []),
        *([[_("应缴合计"), f"{case.due_amount}"], [_("已缴"), f"{case.paid}"]] if case.decided_on else []),
    ]


def _lead(lead: Lead | None) -> list[list[str]]:
    assert lead is not None  # noqa: S101 - a constraint: an approval has a case or a lead
    return [
        [_("线索"), lead.number],
        [_("当事人"), lead.party_name],
        [_("承办"), f"{lead.office.name} {lead.owner.name}"],
        [_("收到材料之日"), f"{lead.received_on}"],
        [_("线索内容"), lead.summary],
        [_("核查情况"), lead.findings],
    ]
