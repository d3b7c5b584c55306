"""Fetching cases: every read passes these gates."""

from datetime import date
from functools import cache

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Office, Post, User
from accounts.policies import authority_of, rows_to_act_for
from accounts.queries import officers_of, require_role, unseen
from accounts.roles import Role
from cases.models import (
    Approval,
    Case,
    CaseFile,
    CaseMove,
    Defence,
    Discussion,
    Evidence,
    FormerPart,
    Hearing,
    Measure,
    Proposal,
    Recusal,
)
from cases.policies import conflict, may_move, visible_to
from cases.states import matter as states
from cases.states.duties import RecusalState
from cases.states.matter import CaseState
from core.errors import NotPermitted, WrongState
from core.transitions import Transition, require_state
from deadlines.replay import SHANGHAI
from documents.models import Service
from informants.queries import code_of_teller

PEOPLE = ("owner", "second_officer", "reviewer", "decided_by")
WITH_OFFICE = ("office", "office__bureau", "office__parent", "office__parent__parent", "authority", "lead", *PEOPLE)


_OF_IT = OuterRef("pk")
# What a case fetched through the gate knows of its rows, so that nobody asks for those that are not there.
KNOWN = {
    "has_links": Exists(Case.objects.filter(Q(merged_into=_OF_IT) | Q(split_from=_OF_IT))),
    "has_hearings": Exists(Hearing.objects.filter(case=_OF_IT)),
    "has_recusals": Exists(Recusal.objects.filter(case=_OF_IT)),
    "has_former_parts": Exists(FormerPart.objects.filter(case=_OF_IT)),
    "has_discussions": Exists(Discussion.objects.filter(case=_OF_IT)),
    "has_approvals": Exists(Approval.objects.filter(case=_OF_IT)),
    "has_proposals": Exists(Proposal.objects.filter(case=_OF_IT)),
    "has_defences": Exists(Defence.objects.filter(case=_OF_IT)),
    "has_evidence": Exists(Evidence.objects.filter(case=_OF_IT)),
    "has_measures": Exists(Measure.objects.filter(case=_OF_IT)),
    "has_services": Exists(Service.objects.filter(subject_kind="case", subject_id=_OF_IT)),
    "has_files": Exists(CaseFile.objects.filter(case=_OF_IT)),
}


def knows_of_none(case: Case, what: str) -> bool:
    """Whether a case fetched through the gate has no rows of this kind (a key of :data:`KNOWN`)."""
    return not getattr(case, what, True)


def cases_for(user: User) -> QuerySet[Case]:
    """Every case the user may see, newest first."""
    return (
        Case.objects.filter(visible_to(user))
        .select_related("office", "owner", "second_officer")
        .order_by("-filed_on", "-id")
    )


def case_for(user: User, case_id: int) -> Case:
    """:raises NotFound:"""
    case = _whole().filter(visible_to(user), pk=case_id).first()
    if case is None:
        raise unseen(pgettext("in a sentence", "案件"))
    return case


@cache
def _whole() -> QuerySet[Case]:
    """Never evaluated itself: each reading narrows a copy, which spares putting a dozen subqueries together anew."""
    rows = Case.objects.select_related(*WITH_OFFICE)
    return rows.annotate(**KNOWN, told_code=code_of_teller("lead", "lead_id"))


def lock_case(user: User, case_id: int) -> Case:
    """The same gate, holding the row until the transaction ends.

    Locked first and read afterwards: a statement that waits for a lock and joins would lose the row when the
    transaction it waited for gave it another owner.

    :raises NotFound:
    """
    Case.objects.filter(visible_to(user), pk=case_id).select_for_update().values_list("pk").first()
    return case_for(user, case_id)


def hold_case(case_id: int) -> Case:
    """:func:`lock_case` for a bell, which acts for nobody and passes no gate."""
    Case.objects.filter(pk=case_id).select_for_update().values_list("pk").first()
    return _whole().get(pk=case_id)


def cases_awaiting(user: User) -> QuerySet[Case]:
    """Cases whose next step is this user's: to review, to decide, to close, to replace who must keep away, or to decide
    who must. Who must keep away has nothing to do there."""
    to_decide = Q(state__in=[CaseState.REVIEWED, CaseState.NOTIFIED]) & rows_to_act_for(user, states.DECIDE.roles)
    to_close = Q(state__in=states.CLOSE.sources) & rows_to_act_for(user, states.CLOSE.roles)
    to_review = Q(state__in=[CaseState.UNDER_REVIEW, CaseState.LEGAL_REVIEW], reviewer=user)
    granted = Recusal.objects.filter(case=OuterRef("pk"), state=RecusalState.GRANTED)
    barred_officer = Exists(granted.filter(Q(person=OuterRef("owner")) | Q(person=OuterRef("second_officer"))))
    to_replace = Q(barred_officer, state__in=states.REASSIGN.sources) & rows_to_act_for(user, states.REASSIGN.roles)
    asked = Recusal.objects.filter(case=OuterRef("pk"), state=RecusalState.PENDING).exclude(person=user)
    to_answer = Q(Exists(asked)) & rows_to_act_for(user, states.HEAD)
    waiting = to_decide | to_close | to_review | to_replace | to_answer
    return cases_for(user).filter(waiting, ~Exists(granted.filter(person=user)))


def moves_of(case: Case) -> QuerySet[CaseMove]:
    """The history of a case the caller has fetched through a gate."""
    return case.moves.select_related("actor", "on_behalf_of").order_by("id")


def newest_moves(case: Case, most: int) -> list[CaseMove]:
    """The last moves of a case, oldest of them first."""
    return list(moves_of(case).order_by("-id")[:most])[::-1]


def move_days(case: Case) -> dict[str, date]:
    """The day on which each move was last made, by its name."""
    days = case.moves.order_by().values_list("name").annotate(last=Max("at"))
    return {name: last.astimezone(SHANGHAI).date() for name, last in days}


def legal_moves(user: User, case: Case) -> list[Transition]:
    """What the state table allows now and this user may do; what else must be so first, the verb says."""
    rows = states.rows_for(case.procedure)
    return [row for row in rows if row.starts_from(case.state) and may_move(user, case, row)]


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
    require_row(case, row)


def require_row(case: Case, row: Transition) -> None:
    """What the table of the case's procedure allows now, whoever asks.

    :raises WrongState: ``wrong_procedure``, ``wrong_state``.
    """
    rows = states.rows_for(case.procedure)
    if row not in rows and row in (*states.TRANSITIONS, *states.SUMMARY_TRANSITIONS):
        raise WrongState(
            _("“%(what)s”不适用于%(procedure)s的案件（%(basis)s）。")
            % {"what": row.label, "procedure": case.get_procedure_display(), "basis": row.basis},
            code="wrong_procedure",
        )
    require_state(rows, row, case.state, str(CaseState(case.state).label))


def reviewers_of(case: Case) -> list[User]:
    """Who may review this case: legal reviewers of its authority, and for a case review the unit's heads; nobody who
    investigated it or must keep away."""
    people = dict.fromkeys([*reviewers_for(case.office), *officers_of(case.office, [Role.UNIT_HEAD])])
    barred = case.investigator_ids | case.barred_ids
    return [user for user in people if user.pk not in barred]
