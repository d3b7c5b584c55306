"""An officer asks, heads sign in order, and the last signature carries the very verb out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Office, SystemActor, User
from accounts.policies import authority_of
from accounts.roles import Role
from audit.actions import Actor, record
from cases.actions.approvable import APPROVABLE, digest, plain, read, shown
from cases.actions.filing import require_officers
from cases.actions.moves import optional, required, void_approval, write_move
from cases.models import Approval, ApprovalChain, ApprovalStep, Case
from cases.queries.approvals import (
    approval_for,
    chain_of,
    is_moot,
    names_officers,
    open_step,
    require_asker,
    require_asking,
    require_asking_to_file,
    require_chain_setter,
    require_signer,
)
from cases.queries.matter import lock_case
from cases.states.approvals import (
    APPROVAL_TRANSITIONS,
    ASK,
    MOVED_ON,
    RETURN,
    SIGN,
    SIGNERS,
    WITHDRAW,
    ApprovalKind,
    ApprovalState,
    StepOutcome,
)
from clues.models import Lead
from clues.queries import lock_lead
from clues.states import LeadState
from core.errors import Invalid, WrongState
from core.transitions import Transition, in_record, require_state
from deadlines.actions.clocks import local_day
from notices.actions import NewNotice, post_notices

SWEEP = SystemActor("void_moot_approvals")
AT_ONCE = 500


@transaction.atomic
def ask_approval(
    *,
    kind: str,
    arguments: Mapping[str, Any],
    actor: User,
    at: datetime,
    case_id: int | None = None,
    lead_id: int | None = None,
    replaces_id: int | None = None,
) -> Approval:
    """Ask the heads for a verb they decide on; they sign in the order of the chain.

    :param kind: one of :class:`cases.states.approvals.ApprovalKind`; filing is asked for a lead, all else for a case.
    :param arguments: of the verb, as its form gives them.
    :param replaces_id: the returned approval this one is asked for in place of.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: not possible now, or asked for already.
    """
    chosen = _kind(kind)
    case = lead = None
    if chosen == ApprovalKind.FILE:
        lead = lock_lead(actor, lead_id or 0)
        require_asking_to_file(actor, lead)
    else:
        case = lock_case(actor, case_id or 0)
        require_asking(actor, case, chosen)
    matter: Case | Lead = case or lead  # type: ignore[assignment]  # one of the two was fetched
    if Approval.objects.filter(case=case, lead=lead, kind=chosen, state=ApprovalState.ASKED).exists():
        raise WrongState(
            _("“%(kind)s”已在审批中，要修改的请先撤回或者等待退回。") % {"kind": chosen.label}, code="approval_open"
        )
    written = plain(chosen, arguments)
    roles, _is_default = chain_of(chosen, authority_of(matter.office))
    approval = Approval.objects.create(
        kind=chosen, case=case, lead=lead, subject_label=matter.label[:200], office=matter.office,
        bureau_id=matter.bureau_id, arguments=written, reason=str(written.get("reason", "")), waiting_role=roles[0],
        asked_by=actor, asked_at=at, replaces=_replaced(actor, replaces_id, chosen, case, lead),
    )  # fmt: skip
    for order, role in enumerate(roles, 1):
        ApprovalStep.objects.create(approval=approval, order=order, role=role, asked_by=actor)
    _note(approval, ASK, actor, at, str(written.get("reason", "")))
    return approval


@transaction.atomic
def sign_approval(
    *,
    approval_id: int,
    seen: str,
    actor: User,
    at: datetime,
    opinion: str = "",
    owner_id: int | None = None,
    second_officer_id: int | None = None,
) -> Approval:
    """Agree to what is asked; the last signature carries the verb out in the signer's name.

    What the verb refuses leaves the approval open. Where the matter has moved on, the approval is void instead.

    :param seen: the hash of what the head had before them (:func:`cases.actions.approvable.shown`).
    :param owner_id: with ``second_officer_id``, whom the unit head names for a case to be filed (程序规定第十九条第二款).
    :raises NotFound, NotPermitted, WrongState, Invalid: also whatever the verb itself refuses.
    """
    approval, step = _begin(approval_id, SIGN, actor)
    if is_moot(approval):
        return _void(approval, actor, at)
    officers = _named(approval, step, owner_id, second_officer_id, at)
    _freeze(approval, step, seen)
    step.decided_by, step.decided_at, step.outcome = actor, at, StepOutcome.APPROVED
    step.opinion, step.adds = optional(opinion, "opinion", limit=1000), officers
    step.save()
    following = open_step(approval)
    if following is not None:
        approval.waiting_role = following.role
        approval.save(update_fields=["waiting_role"])
        _note(approval, SIGN, actor, at, step.opinion)
        return approval
    _end(approval, ApprovalState.APPROVED, at, "")
    _note(approval, SIGN, actor, at, step.opinion)
    _carry_out(approval, actor, at)
    _tell(approval, at)
    return approval


@transaction.atomic
def return_approval(*, approval_id: int, seen: str, opinion: str, actor: User, at: datetime) -> Approval:
    """Send what is asked back to the asker, who may ask anew; this one stays as it is.

    :param seen: as in :func:`sign_approval`.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    approval, step = _begin(approval_id, RETURN, actor)
    why = required(opinion, "opinion", _("请写明退回的意见，以便报请人修改。"), limit=1000)
    _freeze(approval, step, seen)
    step.decided_by, step.decided_at, step.outcome, step.opinion = actor, at, StepOutcome.RETURNED, why
    step.save()
    _end(approval, ApprovalState.RETURNED, at, why)
    _note(approval, RETURN, actor, at, why)
    _tell(approval, at)
    return approval


@transaction.atomic
def withdraw_approval(*, approval_id: int, reason: str, actor: User, at: datetime) -> Approval:
    """Take back what one has asked for, while it is not decided.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    approval = _lock(actor, approval_id)
    require_asker(actor, approval)
    _require(approval, WITHDRAW)
    why = required(reason, "reason", _("请写明撤回的理由。"), limit=500)
    _end(approval, ApprovalState.WITHDRAWN, at, why)
    _note(approval, WITHDRAW, actor, at, why)
    return approval


def void_moot_approvals(*, at: datetime) -> int:
    """End what was asked for leads that have been decided otherwise; how many. A case ends its own as it moves.

    Each in a transaction of its own, the lead held first as by everybody who signs.
    """
    asked = Approval.objects.filter(state=ApprovalState.ASKED, lead__isnull=False)
    moot = asked.exclude(lead__state=LeadState.VERIFIED).order_by("id").values_list("pk", "lead")
    return sum(_void_moot(approval_id, lead_id, at) for approval_id, lead_id in list(moot[:AT_ONCE]))


@transaction.atomic
def _void_moot(approval_id: int, lead_id: int | None, at: datetime) -> bool:
    Lead.objects.select_for_update().filter(pk=lead_id or 0).values_list("pk").first()
    approval = Approval.objects.select_related("lead", "case").get(pk=approval_id)
    if approval.state != ApprovalState.ASKED or not is_moot(approval):
        return False
    void_approval(approval, in_record(MOVED_ON), at)
    _record(approval, "void_approval", SWEEP, at)
    _tell(approval, at)
    return True


@transaction.atomic
def set_approval_chain(
    *, authority: Office, kind: str, roles: Sequence[str], actor: Actor, at: datetime
) -> ApprovalChain:
    """Say who signs a kind of approval, in what order; the head of the department comes last and decides.

    What was asked for before goes on in its own order.

    :raises NotPermitted: :raises Invalid: an unknown kind, or an order that does not end with the head of the department.
    """
    require_chain_setter(actor, authority)
    chosen, order = _kind(kind), [str(role) for role in roles]
    if not order or order[-1] != Role.BUREAU_HEAD or len(set(order)) < len(order) or set(order) - set(SIGNERS):
        raise Invalid(
            _("审批顺序须由办案机构负责人、部门负责人组成，不重复，以部门负责人为最后一环。"),
            code="bad_chain", field="roles",
        )  # fmt: skip
    Office.objects.select_for_update().filter(pk=authority.pk).values_list("pk").first()
    ApprovalChain.objects.filter(authority=authority, kind=chosen, ended_at__isnull=True).update(ended_at=at)
    chain = ApprovalChain.objects.create(
        authority=authority, kind=chosen, roles=order, set_by_label=actor.label[:120], set_at=at
    )
    record(
        verb="cases.set_approval_chain", actor=actor, at=at, subject_kind="office", subject_id=authority.pk,
        subject_label=authority.name, kind=str(chosen), roles=chain.roles,
    )  # fmt: skip
    return chain


def _kind(kind: str) -> ApprovalKind:
    if kind not in ApprovalKind.values or ApprovalKind(kind) not in APPROVABLE:
        raise Invalid(_("没有这种审批事项。"), code="unknown_approval_kind", field="kind")
    return ApprovalKind(kind)


def _replaced(
    actor: User, approval_id: int | None, kind: ApprovalKind, case: Case | None, lead: Lead | None
) -> Approval | None:
    if approval_id is None:
        return None
    before = approval_for(actor, approval_id)
    fits = (before.kind, before.case_id, before.lead_id) == (kind, case and case.pk, lead and lead.pk)
    if not fits or before.state != ApprovalState.RETURNED or hasattr(before, "replaced_by"):
        raise Invalid(
            _("只有被退回、还没有重新报请过的审批可以修改后重新报请。"), code="not_returned", field="replaces"
        )
    return before


def _lock(actor: User, approval_id: int) -> Approval:
    """The matter first and its approval after it, as every verb of the matter does."""
    found = approval_for(actor, approval_id)
    if found.case_id is not None:
        lock_case(actor, found.case_id)
    else:
        lock_lead(actor, found.lead_id or 0)
    Approval.objects.select_for_update().filter(pk=found.pk).values_list("pk").first()
    return approval_for(actor, approval_id)


def _require(approval: Approval, row: Transition) -> None:
    require_state(APPROVAL_TRANSITIONS, row, approval.state, str(ApprovalState(approval.state).label))


def _begin(approval_id: int, row: Transition, actor: User) -> tuple[Approval, ApprovalStep]:
    approval = _lock(actor, approval_id)
    _require(approval, row)
    require_signer(actor, approval, row)
    step = open_step(approval)
    assert step is not None  # noqa: S101 - an open approval has a step that is not signed
    return approval, step


def _freeze(approval: Approval, step: ApprovalStep, seen: str) -> None:
    text = shown(approval)
    if digest(text) != seen:
        raise WrongState(_("您打开页面之后内容有了变化，请重新核对后再审批。"), code="shown_changed")
    step.shown, step.shown_sha256 = text, digest(text)


def _named(
    approval: Approval, step: ApprovalStep, owner_id: int | None, second_officer_id: int | None, at: datetime
) -> dict[str, int]:
    if not names_officers(approval, step):
        return {}
    if owner_id is None or second_officer_id is None:
        field = "owner" if owner_id is None else "second_officer"
        raise Invalid(_("请指定两名办案人员（程序规定第十九条第二款）。"), code="two_officers_required", field=field)
    require_officers(approval.office, owner_id, second_officer_id, local_day(at))
    return {"owner_id": owner_id, "second_officer_id": second_officer_id}


def _carry_out(approval: Approval, actor: User, at: datetime) -> None:
    what = APPROVABLE[ApprovalKind(approval.kind)]
    written = dict(approval.arguments)
    for step in approval.steps.all():
        written |= step.adds
    subject = {"case_id": approval.case_id} if approval.case_id else {"lead_id": approval.lead_id}
    what.verb(**subject, **read({**what.arguments, **what.adds}, written), actor=actor, at=at)


def _end(approval: Approval, state: ApprovalState, at: datetime, reason: str) -> None:
    approval.state, approval.waiting_role, approval.ended_at, approval.end_reason = state, "", at, reason[:500]
    approval.save(update_fields=["state", "waiting_role", "ended_at", "end_reason"])


def _void(approval: Approval, actor: User, at: datetime) -> Approval:
    void_approval(approval, in_record(MOVED_ON), at)
    _record(approval, "void_approval", actor, at)
    _tell(approval, at)
    return approval


def _note(approval: Approval, row: Transition, actor: User, at: datetime, reason: str) -> None:
    """Into the history of the case, or for a lead, which has none for cases, into the trail alone."""
    words = f"{in_record(ApprovalKind(approval.kind).label)} {reason}".strip()
    if approval.case is not None:
        write_move(approval.case, row, approval.case.state, actor, at, words)
    else:
        _record(approval, row.name, actor, at)


def _record(approval: Approval, verb: str, actor: Actor, at: datetime) -> None:
    kind, number = ("case", approval.case_id) if approval.case_id else ("lead", approval.lead_id)
    record(
        verb=f"cases.{verb}", actor=actor, at=at, subject_kind=kind, subject_id=number or 0,
        subject_label=approval.subject_label, approval=approval.pk, kind=approval.kind, state=approval.state,
    )  # fmt: skip


def _tell(approval: Approval, at: datetime) -> None:
    """The asker learns what became of it."""
    state = in_record(ApprovalState(approval.state).label)
    number = approval.case.number if approval.case else approval.lead.number if approval.lead else ""
    post_notices(
        [
            NewNotice(
                recipient_id=approval.asked_by_id, kind="approval", key=f"approval:{approval.pk}:{approval.state}",
                subject_kind="approval", subject_id=approval.pk,
                title=f"{in_record(ApprovalKind(approval.kind).label)}{state}：{approval.subject_label}",
                body=approval.end_reason, outside=f"{number} {state}",
            )
        ],
        at=at,
    )  # fmt: skip
