"""Who sees cases, and who may move them."""

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import may_act_for, scope_of
from accounts.roles import Role
from cases import states
from cases.models import Case
from core.transitions import Transition


def visible_to(user: User) -> Q:
    return scope_of(user).rows()


def may_see(user: User, case: Case) -> bool:
    return scope_of(user).covers(office_id=case.office_id, bureau_id=case.bureau_id)


def may_move(user: User, case: Case, row: Transition) -> bool:
    """The role the state table names for the case's office, and the separation of duties for this very case."""
    return may_act_for(user, case.office, row.roles) and not conflict(user, case, row)


def conflict(user: User, case: Case, row: Transition) -> str:
    """Why this person may not make this move of this case although their post carries the role; empty if they may.

    程序规定第四十九条第三款: an officer never reviews. Whoever investigated or reviewed does not decide either.
    """
    officers = (case.owner_id, case.second_officer_id)
    if row.roles == frozenset(states.OFFICER) and user.pk not in officers:
        return _("由本案办案人员%(owner)s、%(second)s办理") % {
            "owner": case.owner.name,
            "second": case.second_officer.name,
        }
    if Role.LEGAL_REVIEWER in row.roles:
        if user.pk in officers:
            return _("办案人员不得作为审核人员（市场监督管理行政处罚程序规定第四十九条第三款）")
        if case.reviewer is not None and user.pk != case.reviewer_id:
            return _("由审核人员%(name)s办理") % {"name": case.reviewer.name}
    if row is states.DECIDE and user.pk in (*officers, case.reviewer_id):
        return _("调查、审核人员不得兼作决定人")
    return ""
