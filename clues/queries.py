"""Fetching leads: every read passes these gates."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Window,
    functions,
    lookups,
    prefetch_related_objects,
)
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Office, User
from accounts.policies import authority_of, rows_to_act_for, scope_of
from accounts.queries import receiver_of, require_role, unseen
from clues import states
from clues.models import Check, Dispute, Lead, LeadMove, NoPenaltyItem, Tenure
from clues.policies import (
    has_role_for,
    is_another_owners,
    keeps_designation,
    may_move,
    may_settle,
    sees_disputes,
    verified_it,
    visible_to,
)
from clues.states import Channel, DisputeState, LeadState
from core.errors import NotPermitted, WrongState
from core.transitions import Transition, require_state
from deadlines.replay import SHANGHAI
from routing.queries import returns_allowed

WITH_OFFICE = ("office", "office__bureau", "office__parent", "office__parent__parent", "owner")
WITH_PARTIES = (
    "lead", "raised_by", "office", "office__parent", "office__parent__parent", "claimed_office",
    "claimed_office__parent", "claimed_office__parent__parent", "superior", "settled_by", "settled_office",
)  # fmt: skip


def leads_for(user: User) -> QuerySet[Lead]:
    """Every lead the user may see, newest first."""
    return Lead.objects.filter(visible_to(user)).select_related("office", "owner").order_by("-received_on", "-id")


def lead_for(user: User, lead_id: int) -> Lead:
    """:raises NotFound:"""
    lead = Lead.objects.filter(visible_to(user)).select_related(*WITH_OFFICE).filter(pk=lead_id).first()
    if lead is None:
        raise unseen(pgettext("in a sentence", "线索"))
    return lead


def lock_lead(user: User, lead_id: int) -> Lead:
    """The same gate, holding the row until the transaction ends.

    Locked first and read afterwards: a statement that waits for a lock and joins would lose the row when the
    transaction it waited for gave it another owner.

    :raises NotFound:
    """
    Lead.objects.filter(visible_to(user), pk=lead_id).select_for_update().values_list("pk").first()
    return lead_for(user, lead_id)


def leads_awaiting(user: User) -> QuerySet[Lead]:
    """Leads whose next step is the user's: to assign (intake, heads) or to decide (heads)."""
    to_assign = Q(state=LeadState.REGISTERED) & rows_to_act_for(user, states.ASSIGN.roles)
    to_decide = Q(state=LeadState.VERIFIED) & rows_to_act_for(user, states.FILE.roles)
    return leads_for(user).filter(to_assign | to_decide)


def leads_to_sign(user: User) -> QuerySet[Lead]:
    """What somebody was given and has not signed for."""
    return leads_for(user).filter(owner=user, state=LeadState.ASSIGNED)


def moves_of(lead: Lead) -> QuerySet[LeadMove]:
    """The history of a lead the caller has fetched through a gate."""
    return lead.moves.select_related("actor", "office", "owner").order_by("id")


def checks_of(lead: Lead) -> QuerySet[Check]:
    """The checks of a lead the caller has fetched through a gate, in the order they were recorded."""
    people = ("officer", "second_officer", "recorded_by", "corrects", "corrected_by")
    return lead.checks.select_related(*people).order_by("id")


def no_penalty_items(office: Office, on: date) -> QuerySet[NoPenaltyItem]:
    """What the no-penalty lists an office goes by say on a day: its own, those of the offices above it, everybody's.

    The examples that come with the product stand aside as soon as an authority has its own items.
    """
    line = [office.pk]
    while office.parent is not None:
        office = office.parent
        line.append(office.pk)
    in_force = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    items = NoPenaltyItem.objects.filter(in_force, Q(office__isnull=True) | Q(office__in=line)).order_by("kind", "key")
    return items.filter(is_default=False) if items.filter(is_default=False).exists() else items


def legal_moves(user: User, lead: Lead) -> list[Transition]:
    """What the state table allows now and this user may do: exactly the buttons to offer."""
    if lead.state == LeadState.VERIFIED:  # whoever checked may not decide; asked once for all four decisions
        prefetch_related_objects([lead], "checks")
    return [row for row in states.table_of(lead.channel) if row.starts_from(lead.state) and may_move(user, lead, row)]


def require_move(user: User, lead: Lead, row: Transition) -> Transition:
    """The row of the lead's own table for this verb; says before anything is typed what the verb would say.

    :raises NotPermitted: the role, another's lead, or one's own verification. :raises WrongState:
    """
    own = states.row_of(lead.channel, row)
    if not has_role_for(user, lead, own or row):
        if row.name != states.TAKE_OVER.name:
            require_role(user, lead.office, row.roles, what=str(row.label), basis=row.basis)
        raise NotPermitted(
            _("“%(what)s”须由%(office)s的上级部门负责人办理（%(basis)s）。您没有这项职责。")
            % {"what": row.label, "office": lead.office.name, "basis": row.basis},
            code="not_permitted",
        )
    label = str(LeadState(lead.state).label)
    require_state(states.table_of(lead.channel), own or replace(row, sources=frozenset()), lead.state, label)
    if is_another_owners(user, lead, row):
        raise NotPermitted(
            _("这条线索的承办人是%(owner)s，“%(what)s”须由承办人本人办理。")
            % {"owner": lead.owner.name, "what": row.label},
            code="not_the_owner",
        )
    if verified_it(user, lead, row):
        raise NotPermitted(
            _("您参加了这条线索的核查，是否立案须由没有参加核查的部门负责人决定（%(basis)s）。") % {"basis": row.basis},
            code="separation_of_duties",
        )
    return own or row


def last_move_of(lead: Lead) -> int | None:
    """What a form carries as seen, so that nobody acts on an older picture without knowing."""
    return lead.moves.order_by("-id").values_list("pk", flat=True).first()


def require_unmoved(lead: Lead, seen: int | None) -> None:
    """:raises WrongState: ``moved_meanwhile``: since the move ``seen``, the lead has changed hands."""
    if seen is None:
        return
    since = lead.moves.filter(pk__gt=seen, name__in=states.CUSTODY).select_related("actor", "office", "owner")
    newest = since.order_by("-id").first()
    if newest is not None:
        raise WrongState(
            _("您打开页面之后，%(who)s已于%(when)s办理“%(what)s”，现在由%(office)s%(owner)s承办。请返回线索页核对后再办。")
            % {
                "who": newest.actor.name, "when": f"{newest.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
                "what": states.LABELS[newest.name], "office": newest.office.name, "owner": newest.owner.name,
            },
            code="moved_meanwhile",
        )  # fmt: skip


def returns_of(lead: Lead) -> int:
    """How many times a lead was given back."""
    return lead.moves.filter(name=states.RETURN.name).count()


def holder_before(lead: Lead) -> tuple[Office, User]:
    """Who had the lead before its owner of now; whoever receives for that office, if they have left.

    :raises WrongState: ``nobody_before``. :raises Invalid: nobody receives for that office any more.
    """
    held = (
        Tenure.objects.filter(lead=lead, ends_at__isnull=False, office__is_open=True)
        .exclude(owner_id=lead.owner_id, office_id=lead.office_id)
        .select_related(*WITH_OFFICE)
        .order_by("-starts_at", "-id")
        .first()
    )
    if held is None:
        raise WrongState(
            _("这条线索一直由您承办，没有可以退回的人。不应承办的，请报请负责人改派，或者提出权限争议。"),
            code="nobody_before",
        )
    return still_there(held.office, held.owner)


def still_there(office: Office, owner: User) -> tuple[Office, User]:
    """Who had a lead, if they still work in that office; else whoever receives for it.

    :raises Invalid: nobody receives for that office any more.
    """
    is_there = owner.is_active and any(post.office_id == office.pk for post in owner.active_posts)
    return (office, owner if is_there else receiver_of(office))


def require_return(lead: Lead, on: date) -> tuple[Office, User]:
    """Where the lead goes when it is given back.

    :raises WrongState: ``returned_too_often``, ``dispute_open``, ``designated``, ``nobody_before``. :raises Invalid:
    """
    allowed, taken = returns_allowed(on), returns_of(lead)
    if taken >= allowed:
        raise WrongState(
            _(
                "这条线索已退回%(taken)s次，最多退回%(allowed)s次（本系统设定，不是法律规定）。"
                "仍认为不应承办的，请提出权限争议。"
            )
            % {"taken": taken, "allowed": allowed},
            code="returned_too_often",
        )
    office, owner = holder_before(lead)
    require_may_go(lead, office)
    return office, owner


def twin_of(lead: Lead) -> Lead | None:
    """The complaint registered beside a report from the same material, or the other way round."""
    channel = states.TWINS[Channel(lead.channel)]
    twin = lead.offspring.filter(channel=channel).first() or lead.origin
    return twin if twin is not None and twin.channel == channel else None


def require_not_done(lead: Lead, row: Transition) -> None:
    """:raises WrongState: ``already_split``, ``already_told``: what is done once has been done."""
    if row.name == states.SPLIT.name and (twin := twin_of(lead)) is not None:
        raise WrongState(
            _("这份材料已经分别登记，另一件是%(number)s。") % {"number": twin.number}, code="already_split"
        )
    if row.name == states.TELL.name and lead.outcome_told_on is not None:
        raise WrongState(
            _("已登记%(day)s告知双方，不必重复登记。") % {"day": lead.outcome_told_on}, code="already_told"
        )


# ---- disputes ---------------------------------------------------------------


def disputes_for(user: User) -> QuerySet[Dispute]:
    """The disputes one of the user's offices is a party to, newest first.

    Apart from :func:`leads_for`: whose the lead should be learns of it here, and the list of leads stays one equality.
    """
    return Dispute.objects.filter(sees_disputes(user)).select_related(*WITH_PARTIES).order_by("-id")


def dispute_for(user: User, dispute_id: int) -> Dispute:
    """:raises NotFound:"""
    dispute = disputes_for(user).filter(pk=dispute_id).first()
    if dispute is None:
        raise unseen(pgettext("in a sentence", "权限争议"))
    return dispute


def lock_dispute(user: User, dispute_id: int) -> Dispute:
    """The same gate, holding the lead until the transaction ends: every change of a dispute takes this lock.

    :raises NotFound:
    """
    found = dispute_for(user, dispute_id)
    Lead.objects.filter(pk=found.lead_id).select_for_update().values_list("pk").first()
    return dispute_for(user, dispute_id)


def open_dispute(lead: Lead) -> Dispute | None:
    """The dispute over a lead the caller has fetched through a gate, while it goes on."""
    return lead.disputes.filter(settled_at__isnull=True).select_related(*WITH_PARTIES).first()


def disputes_of(lead: Lead) -> QuerySet[Dispute]:
    """Every dispute over a lead the caller has fetched through a gate, newest first."""
    return lead.disputes.select_related(*WITH_PARTIES).order_by("-id")


def legal_settlements(user: User, dispute: Dispute) -> list[Transition]:
    """What may be done with a dispute now, by this user."""
    return [row for row in states.DISPUTE_TABLE if row.starts_from(dispute.state) and may_settle(user, dispute, row)]


def require_settlement(user: User, dispute: Dispute, row: Transition) -> None:
    """:raises NotPermitted, WrongState:"""
    if not may_settle(user, dispute, row):
        office = dispute.superior if row.name == states.DESIGNATE.name else dispute.office
        require_role(user, office, row.roles, what=str(row.label), basis=row.basis)
    label = str(DisputeState(dispute.state).label)
    require_state(states.DISPUTE_TABLE, row, dispute.state, label)


def require_undisputed(lead: Lead) -> None:
    """:raises WrongState: ``dispute_open``: until it is over the lead stays where it is, and nothing is decided."""
    if lead.disputes.filter(settled_at__isnull=True).exists():
        raise WrongState(
            _(
                "这条线索的处理权限正在争议中，争议解决之前由现承办机构继续办理，不能决定，也不能转给其他机构（%(basis)s）。"
            )
            % {"basis": states.DISPUTE_BASIS},
            code="dispute_open",
        )


def require_may_go(lead: Lead, office: Office) -> None:
    """Within its office a lead is anybody's to give; out of it not while disputed, nor against a designation.

    :raises WrongState: ``dispute_open``, ``designated``.
    """
    if office.pk == lead.office_id:
        return
    require_undisputed(lead)
    last = lead.disputes.filter(state=DisputeState.DESIGNATED).select_related(*WITH_PARTIES).order_by("-id").first()
    if last is not None and not keeps_designation(last, office):
        raise WrongState(
            _("承办机构已由%(superior)s指定，不得再退回、移交或者提出争议（%(basis)s）。")
            % {"superior": last.superior.name, "basis": states.DESIGNATE.basis},
            code="designated",
        )


def require_first_hand(lead: Lead) -> None:
    """Who was sent a lead or a case by another authority and objects does not send it on again (程序规定第十四条).

    :raises WrongState: ``handed_over_before``.
    """
    sent = (states.HAND_OVER.name, states.RECEIVE.name)
    handed = lead.moves.filter(name__in=sent).select_related(*WITH_OFFICE).order_by("-id").first()
    if handed is not None and authority_of(handed.office).pk == authority_of(lead.office).pk:
        raise WrongState(
            _(
                "这条线索是移交来的，认为不应由本机关承办的，应当报请共同的上一级指定，不得再自行移送（%(basis)s）。请提出权限争议。"
            )
            % {"basis": states.HAND_OVER.basis},
            code="handed_over_before",
        )


# ---- who owned what ---------------------------------------------------------


def owned_at(user: User, moment: datetime) -> QuerySet[Tenure]:
    """Who owned what at a moment: the one tenure of each lead in hand then, of those in the user's offices then.

    In hand: logged before, and not decided before that day.
    """
    return tenures_for(user).filter(held_at(moment)).select_related("lead", "office", "owner").order_by("-id")


def tenures_for(user: User) -> QuerySet[Tenure]:
    """Whose the leads were while they were of the user's offices."""
    return Tenure.objects.filter(scope_of(user).rows())


def held_at(moment: datetime) -> Q:
    """The tenures of a moment, of leads not decided before that day."""
    day = moment.astimezone(SHANGHAI).date()
    covers = Q(starts_at__lte=moment) & (Q(ends_at__isnull=True) | Q(ends_at__gt=moment))
    return covers & (Q(lead__decided_on__isnull=True) | Q(lead__decided_on__gte=day))


def owned_by_office(owned: QuerySet[Tenure]) -> list[tuple[Office, int]]:
    """How many of them each office had, the busiest first."""
    counts = dict(owned.order_by().values_list("office").annotate(n=Count("pk")))
    offices = Office.objects.in_bulk(list(counts))
    return sorted(((offices[pk], n) for pk, n in counts.items()), key=lambda pair: (-pair[1], pair[0].code))


def ownership_faults() -> dict[str, QuerySet[Any]]:
    """What must not be, by name: leads and tenures that break "exactly one owner at every moment"."""
    held = Tenure.objects.filter(ends_at__isnull=True)
    following = Window(functions.Lead("starts_at"), partition_by="lead", order_by=("starts_at", "id"))
    chained = Tenure.objects.annotate(following=following)
    first_move = LeadMove.objects.filter(lead=OuterRef("pk")).order_by("at").values("at")[:1]
    from_the_first = Tenure.objects.filter(lead=OuterRef("pk"), starts_at__lte=OuterRef("logged_at"))
    same_bureau = lookups.Exact(functions.Coalesce("bureau", 0), functions.Coalesce("lead__bureau", 0))
    same = Q(same_bureau, office=F("lead__office"), owner=F("lead__owner"))
    return {
        "no_open_tenure": Lead.objects.filter(~Exists(held.filter(lead=OuterRef("pk")))),
        "differs_from_lead": held.exclude(same),
        "gap": chained.filter(following__gt=F("ends_at")),
        "overlap": chained.filter(Q(following__lt=F("ends_at")) | Q(following__isnull=False, ends_at__isnull=True)),
        "starts_late": Lead.objects.annotate(logged_at=Subquery(first_move)).filter(~Exists(from_the_first)),
    }
