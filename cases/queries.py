"""Fetching cases: every read passes these gates."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Office, Post, User
from accounts.policies import authority_of, rows_to_act_for
from accounts.queries import require_role, unseen
from accounts.roles import Role
from cases import states
from cases.models import Case, CaseMove
from cases.policies import conflict, may_move, visible_to
from cases.states import CaseState
from core.errors import NotPermitted
from core.transitions import Transition, require_state

PEOPLE = ("owner", "second_officer", "reviewer", "decided_by")
WITH_OFFICE = ("office", "office__bureau", "office__parent", "office__parent__parent", "authority", "lead", *PEOPLE)


def cases_for(user: User) -> QuerySet[Case]:
    """Every case the user may see, newest first."""
    return (
        Case.objects.filter(visible_to(user))
        .select_related("office", "owner", "second_officer")
        .order_by("-filed_on", "-id")
    )


def case_for(user: User, case_id: int) -> Case:
    """:raises NotFound:"""
    case = Case.objects.filter(visible_to(user)).select_related(*WITH_OFFICE).filter(pk=case_id).first()
    if case is None:
        raise unseen(pgettext("in a sentence", "案件"))
    return case


def lock_case(user: User, case_id: int) -> Case:
    """The same gate, holding the row until the transaction ends.

    Locked first and read afterwards: a statement that waits for a lock and joins would lose the row when the
    transaction it waited for gave it another owner.

    :raises NotFound:
    """
    Case.objects.filter(visible_to(user), pk=case_id).select_for_update().values_list("pk").first()
    return case_for(user, case_id)


def cases_awaiting(user: User) -> QuerySet[Case]:
    """Cases whose next step is this user's approval: to review, to decide, to close."""
    to_decide = Q(state=CaseState.NOTIFIED) & rows_to_act_for(user, states.DECIDE.roles)
    to_close = Q(state=CaseState.PERFORMED) & rows_to_act_for(user, states.CLOSE.roles)
    return cases_for(user).filter(to_decide | to_close | Q(state=CaseState.UNDER_REVIEW, reviewer=user))


def moves_of(case: Case) -> QuerySet[CaseMove]:
    """The history of a case the caller has fetched through a gate."""
    return case.moves.select_related("actor").order_by("id")


def legal_moves(user: User, case: Case) -> list[Transition]:
    """What the state table allows now and this user may do: exactly the buttons to offer."""
    return [row for row in states.TRANSITIONS if row.starts_from(case.state) and may_move(user, case, row)]


def reviewers_for(office: Office) -> list[User]:
    """The legal reviewers of the authority that decides this office's cases."""
    authority = authority_of(office)
    posts = Post.objects.filter(role=Role.LEGAL_REVIEWER, ends_on__isnull=True, user__is_active=True)
    posts = posts.select_related("user", "office", "office__parent", "office__parent__parent").order_by("user_id")
    return list(dict.fromkeys(post.user for post in posts if authority_of(post.office) == authority))


def require_move(user: User, case: Case, row: Transition) -> None:
    """Say before anything is typed what the verb would say: by role, by separation of duties, by state.

    :raises NotPermitted, WrongState:
    """
    require_role(user, case.office, row.roles, what=str(row.label), basis=row.basis)
    if why := conflict(user, case, row):
        raise NotPermitted(
            _("您不能办理“%(what)s”：%(why)s。") % {"what": row.label, "why": why}, code="separation_of_duties"
        )
    require_state(states.TRANSITIONS, row, case.state, str(CaseState(case.state).label))


def reviewers_of(case: Case) -> list[User]:
    """Who may review this case: the reviewers of its authority, without those who investigated it."""
    return [user for user in reviewers_for(case.office) if user.pk not in (case.owner_id, case.second_officer_id)]
