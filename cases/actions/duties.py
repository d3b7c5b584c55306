"""Who may take part: declarations, and what asks for somebody to withdraw (程序规定第四条、行政处罚法第四十三条)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.queries import user_named
from cases.actions.moves import begin, not_outside, required, write_move
from cases.models import Case, Declaration, FormerPart, Recusal
from cases.policies import capacity_in
from cases.queries.duties import may_be_asked_to_withdraw
from cases.states import matter as states
from cases.states.duties import ASK_RECUSAL, Capacity, Interest, RecusalAsker, RecusalState
from core.errors import Invalid, WrongState
from core.transitions import in_record
from deadlines.actions.clocks import local_day

NONE = gettext_lazy("无回避情形")


@transaction.atomic
def declare(*, case_id: int, actor: User, at: datetime, interest: str = "", note: str = "") -> Case:
    """Say whether there is a reason to withdraw; one that is declared is put to the head (程序规定第四条).

    :param interest: one of :class:`cases.states.duties.Interest`, empty for none; ``note`` describes it.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: also while the question is open already.
    """
    case = begin(actor, case_id, states.DECLARE)
    capacity = capacity_in(actor, case)
    assert capacity is not None  # noqa: S101 - the policy lets nobody else through
    if interest and interest not in Interest.values:
        raise Invalid(_("请选择回避情形（程序规定第四条）。"), code="unknown_interest", field="interest")
    if not interest and note.strip():
        raise Invalid(_("写了具体情形的，请同时选择回避情形。"), code="unknown_interest", field="interest")
    why = required(note, "note", _("请写明具体情形。"), limit=500) if interest else ""
    declaration = write_declaration(case, actor, capacity, at, interest=interest, note=why)
    said = in_record(Interest(interest).label) if interest else in_record(NONE)
    write_move(case, states.DECLARE, case.state, actor, at, f"{said} {why}".strip())
    if interest:
        _open_recusal(
            case, actor, asker=RecusalAsker.SELF, interest=interest, reason=why, asked_on=local_day(at), actor=actor,
            at=at, declaration=declaration,
        )  # fmt: skip
    return case


def write_declaration(
    case: Case, user: User, capacity: Capacity, at: datetime, *, interest: str = "", note: str = ""
) -> Declaration:
    """The row alone, for verbs whose form says the declaration itself; they write their own history."""
    return Declaration.objects.create(case=case, user=user, capacity=capacity, interest=interest, note=note, made_at=at)


def keep_former(case: Case, user: User, capacity: Capacity, at: datetime) -> None:
    """Remember who had this part in the case before another takes their place."""
    FormerPart.objects.get_or_create(case=case, user=user, capacity=capacity, defaults={"ended_at": at})
    vars(case).pop("known_former_parts", None)
    vars(case)["has_former_parts"] = True


@transaction.atomic
def ask_recusal(
    *, case_id: int, person_id: int, interest: str, reason: str, asked_on: date, actor: User, at: datetime
) -> Case:
    """Record that the party asked somebody to withdraw; the investigation goes on (行政处罚法第四十三条).

    :raises NotFound, NotPermitted, Invalid: :raises WrongState: also while the question is open for this person.
    """
    case = begin(actor, case_id, ASK_RECUSAL)
    person = user_named(person_id, field="person")
    if person not in may_be_asked_to_withdraw(case):
        raise Invalid(
            _("%(name)s不参与本案的办理，请从列表中选择。") % {"name": person.name},
            code="not_taking_part",
            field="person",
        )
    if interest not in Interest.values:
        raise Invalid(_("请选择回避情形（程序规定第四条）。"), code="unknown_interest", field="interest")
    why = required(reason, "reason", _("请写明当事人申请回避的理由。"), limit=1000)
    not_outside(asked_on, case.filed_on, local_day(at), "asked_on", _("申请日期"))
    _open_recusal(
        case, person, asker=RecusalAsker.PARTY, interest=interest, reason=why, asked_on=asked_on, actor=actor, at=at
    )
    write_move(case, ASK_RECUSAL, case.state, actor, at, f"{person.name}：{why}")
    return case


def _open_recusal(
    case: Case,
    person: User,
    *,
    asker: RecusalAsker,
    interest: str,
    reason: str,
    asked_on: date,
    actor: User,
    at: datetime,
    declaration: Declaration | None = None,
) -> Recusal:
    if case.recusals.filter(person=person, state=RecusalState.PENDING).exists():
        raise WrongState(
            _("%(name)s的回避尚待决定，决定之前不能再次提出。") % {"name": person.name}, code="recusal_pending"
        )
    return Recusal.objects.create(
        case=case, person=person, declaration=declaration, asker=asker, interest=interest, reason=reason,
        asked_on=asked_on, recorded_by=actor, recorded_at=at,
    )  # fmt: skip
