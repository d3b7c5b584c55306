"""Fetching approvals: every read passes these gates."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Office, User
from accounts.policies import acting_through, authority_of, may_act_for, rows_to_act_for
from accounts.queries import require_role, unseen
from accounts.roles import Role
from audit.actions import Actor
from cases.models import Approval, ApprovalChain, ApprovalStep, Case, FormerPart, Recusal
from cases.policies import conflict, visible_to
from cases.states import matter as states
from cases.states.approvals import (
    ASK,
    BASIS,
    DEFAULT_CHAIN,
    MOVES,
    SIGN,
    SIGNERS,
    WITHDRAW,
    ApprovalKind,
    ApprovalState,
)
from cases.states.duties import Capacity, RecusalState
from cases.states.matter import CaseState
from clues import states as lead_states
from clues.models import Lead
from clues.states import LeadState
from core.errors import NotPermitted
from core.transitions import Transition, require_state

OFFICE = ("office", "office__bureau", "office__parent", "office__parent__parent")
MATTERS = ("case", "case__owner", "case__second_officer", "lead", "lead__owner", "asked_by", "replaces", *OFFICE)


def approvals_for(user: User) -> QuerySet[Approval]:
    """Every approval of a matter the user may see, newest first."""
    return Approval.objects.filter(visible_to(user)).select_related("asked_by", "office").order_by("-id")


def approval_for(user: User, approval_id: int) -> Approval:
    """:raises NotFound:"""
    found = Approval.objects.filter(visible_to(user), pk=approval_id).select_related(*MATTERS).first()
    if found is None:
        raise unseen(pgettext("in a sentence", "审批事项"))
    return found


def approvals_of(case: Case) -> QuerySet[Approval]:
    """What was asked for in a case the caller has fetched through a gate, newest first."""
    return case.approvals.select_related("asked_by").prefetch_related("steps__decided_by").order_by("-id")


def approvals_awaiting(user: User) -> QuerySet[Approval]:
    """Those whose next signature is this user's to give, longest waiting first; tested to agree with :func:`why_not_sign`."""
    mine = Q(pk__in=[])
    for role in SIGNERS:
        mine |= Q(waiting_role=role) & rows_to_act_for(user, [role])
    signed = ApprovalStep.objects.filter(approval=OuterRef("pk"), decided_by=user)
    barred = Recusal.objects.filter(case=OuterRef("case"), person=user, state=RecusalState.GRANTED)
    former = FormerPart.objects.filter(case=OuterRef("case"), user=user, capacity=Capacity.OFFICER)
    officer = Q(case__owner=user) | Q(case__second_officer=user) | Q(lead__owner=user)
    return (
        Approval.objects.filter(mine, ~Exists(signed), ~Exists(barred), ~Exists(former), state=ApprovalState.ASKED)
        .exclude(asked_by=user)
        .exclude(officer)
        .filter(Q(lead__isnull=True) | Q(lead__state=LeadState.VERIFIED))
        .select_related("asked_by", "office")
        .order_by("id")
    )


def open_step(approval: Approval) -> ApprovalStep | None:
    """The signature that comes next; None once it is over."""
    if approval.state != ApprovalState.ASKED:
        return None
    return approval.steps.filter(decided_by__isnull=True).order_by("order").first()


def chain_of(kind: str, authority: Office) -> tuple[list[str], bool]:
    """Who signs in what order, and whether that is only the default of this system."""
    own = ApprovalChain.objects.filter(authority=authority, kind=kind, ended_at__isnull=True).first()
    return (list(own.roles), False) if own is not None else ([role.value for role in DEFAULT_CHAIN], True)


def chains_of(authority: Office) -> QuerySet[ApprovalChain]:
    """Every order the authority has set, also those that ended, newest first."""
    return ApprovalChain.objects.filter(authority=authority).order_by("-id")


def authority_for_chains(user: User) -> Office | None:
    """The authority whose orders somebody sets, else the one they work for; None for somebody without a post."""
    offices = [authority_of(post.office) for post in user.active_posts]
    return next((office for office in offices if may_set_chains(user, office)), next(iter(offices), None))


def may_set_chains(user: User, authority: Office) -> bool:
    return may_act_for(user, authority, [Role.BUREAU_HEAD])


def require_chain_setter(actor: Actor, authority: Office) -> None:
    """:raises NotPermitted: not the head of the authority."""
    if isinstance(actor, User):
        require_role(actor, authority, frozenset({Role.BUREAU_HEAD}), what=_("设定审批顺序"), basis=BASIS)


def move_of(approval: Approval) -> Transition:
    return MOVES[ApprovalKind(approval.kind)]


def is_moot(approval: Approval) -> bool:
    """Whether the matter has moved on, so that what is asked for is not possible any more."""
    matter = approval.case or approval.lead
    return matter is None or not move_of(approval).starts_from(matter.state)


def why_not_sign(user: User, approval: Approval) -> str:
    """Why the next signature is not this user's although they hold the role; '' when it is."""
    if user.pk == approval.asked_by_id:
        return _("报请人不得审批自己报请的事项")
    if approval.lead is not None and user.pk == approval.lead.owner_id:
        return _("承办人不得审批自己承办的线索")
    if approval.case is not None:
        if user.pk in approval.case.investigator_ids:
            return _("办案人员不得审批本案的事项")
        if why := conflict(user, approval.case, SIGN):
            return why
    signed = set(approval.steps.exclude(decided_by=None).values_list("decided_by_id", flat=True))
    if user.pk in signed:
        return _("您已在前一环节审批，后一环节须由他人审批")
    holders = acting_through(user, approval.office, [approval.waiting_role])
    if holders and user not in holders and all(holder.pk in signed | _hands(approval) for holder in holders):
        return _("委托您的%(name)s参与了本事项或者已经审批，本人不得再审批") % {"name": holders[0].name}
    return ""


def _hands(approval: Approval) -> frozenset[int]:
    """Who had a hand in the matter before anybody signs."""
    case, lead = approval.case, approval.lead
    officers = case.investigator_ids | case.barred_ids if case is not None else frozenset[int]()
    return officers | {approval.asked_by_id} | ({lead.owner_id} if lead is not None else set())


def may_sign(user: User, approval: Approval) -> bool:
    """Whether the next signature is this user's to give."""
    is_open = approval.state == ApprovalState.ASKED
    return is_open and may_act_for(user, approval.office, [approval.waiting_role]) and not why_not_sign(user, approval)


def require_signer(user: User, approval: Approval, row: Transition) -> None:
    """:raises NotPermitted: another's signature comes next, or they had a hand in the matter."""
    if approval.waiting_role:
        require_role(user, approval.office, frozenset([approval.waiting_role]), what=str(row.label), basis=row.basis)
    if why := why_not_sign(user, approval):
        raise NotPermitted(_("您不能审批：%(why)s。") % {"why": why}, code="separation_of_duties")


def may_withdraw(user: User, approval: Approval) -> bool:
    """Whether the request is this user's to take back."""
    is_open = approval.state == ApprovalState.ASKED
    return is_open and user.pk == approval.asked_by_id and may_act_for(user, approval.office, WITHDRAW.roles)


def require_asker(user: User, approval: Approval) -> None:
    """:raises NotPermitted: not an officer of the office any more, or somebody else asked."""
    require_role(user, approval.office, WITHDRAW.roles, what=str(WITHDRAW.label), basis=WITHDRAW.basis)
    if user.pk != approval.asked_by_id:
        raise NotPermitted(
            _("“%(what)s”由报请人%(name)s办理。") % {"what": WITHDRAW.label, "name": approval.asked_by.name},
            code="not_the_asker",
        )


def kinds_to_ask(user: User, case: Case) -> list[ApprovalKind]:
    """What an officer may ask for in a case now."""
    if not may_ask_in(user, case):
        return []
    return [kind for kind, row in MOVES.items() if row.starts_from(case.state) and row in states.TRANSITIONS]


def may_ask_in(user: User, case: Case) -> bool:
    return may_act_for(user, case.office, ASK.roles) and not conflict(user, case, ASK)


def require_asking(user: User, case: Case, kind: ApprovalKind) -> None:
    """:raises NotPermitted: not an officer of the case. :raises WrongState: not possible in its state."""
    require_role(user, case.office, ASK.roles, what=str(ASK.label), basis=ASK.basis)
    if why := conflict(user, case, ASK):
        raise NotPermitted(
            _("您不能办理“%(what)s”：%(why)s。") % {"what": ASK.label, "why": why}, code="separation_of_duties"
        )
    require_state(states.TRANSITIONS, MOVES[kind], case.state, str(CaseState(case.state).label))


def may_ask_to_file(user: User, lead: Lead) -> bool:
    return lead.state == LeadState.VERIFIED and lead.owner_id == user.pk and may_act_for(user, lead.office, ASK.roles)


def require_asking_to_file(user: User, lead: Lead) -> None:
    """:raises NotPermitted: not the owner of the lead. :raises WrongState: not verified yet, or decided."""
    require_role(user, lead.office, ASK.roles, what=str(ASK.label), basis=ASK.basis)
    if user.pk != lead.owner_id:
        raise NotPermitted(
            _("“%(what)s”由承办人%(name)s办理。") % {"what": ASK.label, "name": lead.owner.name}, code="not_the_owner"
        )
    table = lead_states.table_of(lead.channel)
    require_state(table, lead_states.FILE, lead.state, str(LeadState(lead.state).label))


def names_officers(approval: Approval, step: ApprovalStep) -> bool:
    """Whether this step names the two officers: the unit head's, else the last (程序规定第十九条第二款)."""
    if approval.kind != ApprovalKind.FILE:
        return False
    heads = [each for each in approval.steps.all() if each.role == Role.UNIT_HEAD]
    last = max(each.order for each in approval.steps.all())
    return step.order == (heads[0].order if heads else last)
