"""Who sees cases, and who may move them."""

from collections.abc import Callable

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import acting_through, may_act_for, scope_of
from accounts.roles import Role
from cases.models import Case
from cases.states import hearing
from cases.states import matter as states
from cases.states.duties import Capacity
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

    程序规定第四十九条第三款: an officer never reviews. Whoever investigated or reviewed does not decide either. Who acts
    in another's place may do no more than that other might.
    """
    return _in_own_name_or_another(_conflict, user, case, row)


def _in_own_name_or_another(
    rule: Callable[[User, Case, Transition], str], user: User, case: Case, row: Transition
) -> str:
    why = rule(user, case, row)
    holders = [] if why else acting_through(user, case.office, row.roles)
    if why or not holders or user in holders:
        return why
    refusals = [(holder, rule(holder, case, row)) for holder in holders]
    if not all(refusal for _holder, refusal in refusals):
        return ""
    holder, refusal = refusals[0]
    return _("您受%(name)s委托，而%(name)s本人不能办理：%(why)s") % {"name": holder.name, "why": refusal}


def principal_of(user: User, case: Case, row: Transition) -> User | None:
    """In whose place the user makes this move; None when by their own post."""
    holders = acting_through(user, case.office, row.roles)
    if not holders or user in holders:
        return None
    return next((holder for holder in holders if not _conflict(holder, case, row)), holders[0])


def _conflict(user: User, case: Case, row: Transition) -> str:
    if user.pk in case.barred_ids:
        return _("已决定由您回避本案（市场监督管理行政处罚程序规定第四条）")
    if row is states.DECLARE:
        return "" if capacity_in(user, case) else _("由本案办案人员、审核人员、听证主持人本人声明")
    if row.name in HEARD_BY:
        return hearing_conflict(user, case, row)
    return _separation(user, case, row, (case.owner_id, case.second_officer_id))


def _separation(user: User, case: Case, row: Transition, officers: tuple[int, int]) -> str:
    if row.roles == frozenset(states.OFFICER) and user.pk not in officers:
        return _("由本案办案人员%(owner)s、%(second)s办理") % {
            "owner": case.owner.name,
            "second": case.second_officer.name,
        }
    if Role.LEGAL_REVIEWER in row.roles:
        if user.pk in case.investigator_ids:
            return _("办案人员不得作为审核人员（市场监督管理行政处罚程序规定第四十九条第三款）")
        if case.reviewer is not None and user.pk != case.reviewer_id:
            return _("由审核人员%(name)s办理") % {"name": case.reviewer.name}
        if row in AFTER_HEARING and conducted_hearing(user, case):
            return _("听证人员不得再审核本案（职责分离，本系统默认）")
    if (
        row in (states.REVISE, states.REQUEST_HEARING)
        and user.pk not in officers
        and not may_act_for(user, case.office, states.HEAD)
    ):
        return _("由本案办案人员或者部门负责人办理")
    if row in DECISIONS and user.pk in case.investigator_ids | case.examiner_ids:
        return _("调查、审核人员不得兼作决定人")
    if row in ENDINGS and user.pk in case.investigator_ids:
        return _("本案办案人员不得批准自己办理的事项")
    if row in (states.DECIDE, states.SPARE) and conducted_hearing(user, case):
        return _("听证人员不得兼作决定人（职责分离，本系统默认）")
    return ""


DECISIONS = (states.APPROVE_NOTICE, states.DECIDE, states.SPARE)
ENDINGS = (
    states.TRANSFER, states.REFER, states.TERMINATE, states.WITHDRAW, states.MERGE, states.SPLIT, states.ANNUL,
    states.CEASE_EXECUTION,
)  # fmt: skip


def capacity_in(user: User, case: Case) -> Capacity | None:
    """In what capacity the user takes part in the case; None when they do not."""
    if user.pk in (case.owner_id, case.second_officer_id):
        return Capacity.OFFICER
    if user.pk == case.reviewer_id:
        return Capacity.REVIEWER
    heard = case.latest_hearing
    return Capacity.HOST if heard is not None and heard.is_open and heard.host_id == user.pk else None


# Who has which part in the steps of a hearing, whatever their post (听证办法第四条、第十一条、第十二条、第十九条).
HOST, RECORDER, OFFICERS, HEAD = "host", "recorder", "officers", "head"
HEARD_BY: dict[str, tuple[str, ...]] = {
    hearing.NAME_HOST.name: (HEAD,),
    hearing.CHANGE_HOSTS.name: (HEAD,),
    hearing.HAND_MATERIALS.name: (OFFICERS,),
    hearing.SCHEDULE.name: (HOST,),
    hearing.RESCHEDULE.name: (HOST,),
    hearing.TELL.name: (HOST, RECORDER, OFFICERS),
    hearing.ANNOUNCE.name: (HOST, RECORDER, OFFICERS),
    hearing.ASK_RECUSAL.name: (HOST, RECORDER),
    hearing.DECIDE_RECUSAL.name: (HOST, HEAD),
    hearing.SUSPEND.name: (HOST,),
    hearing.RESUME.name: (HOST,),
    hearing.HOLD.name: (HOST, RECORDER),
    hearing.REPORT.name: (HOST,),
    hearing.END.name: (HOST,),
}
AFTER_HEARING = (states.PASS_LEGAL_REVIEW, states.RETURN_LEGAL_REVIEW)


def hearing_conflict(user: User, case: Case, row: Transition) -> str:
    """Why this person has no part in this step of the hearing; empty if they have one."""
    heard = case.latest_hearing
    parts = HEARD_BY[row.name]
    if heard is None or not heard.is_open:
        return ""
    if row.name == hearing.END.name and heard.host_id is None:
        parts = (HEAD,)  # nobody else is there yet to record that the party withdrew
    mine = {
        HOST: user.pk == heard.host_id,
        RECORDER: user.pk == heard.recorder_id,
        OFFICERS: user.pk in (case.owner_id, case.second_officer_id),
        HEAD: may_act_for(user, case.office, states.HEAD) and user.pk != heard.host_id,
    }
    if user.is_active and any(mine[part] for part in parts):
        return ""
    return _("由%(who)s办理") % {"who": who_hears(case, row)}


def who_hears(case: Case, row: Transition) -> str:
    """Whose step of the hearing it is, in words: 听证主持人王某."""
    heard = case.latest_hearing
    parts = HEARD_BY[row.name]
    if heard is None or (row.name == hearing.END.name and heard.host_id is None):
        parts = (HEAD,)
    host, recorder = (heard.host, heard.recorder) if heard else (None, None)
    words = {
        HOST: _("听证主持人%(name)s") % {"name": host.name} if host else "",
        RECORDER: _("记录员%(name)s") % {"name": recorder.name} if recorder else "",
        OFFICERS: _("办案人员%(owner)s、%(second)s") % {"owner": case.owner.name, "second": case.second_officer.name},
        HEAD: _("部门负责人"),
    }
    return _("、").join(filter(None, (words[part] for part in parts)))


def conducted_hearing(user: User, case: Case) -> bool:
    """Whether this person conducted the hearing of the case."""
    heard = case.latest_hearing
    return heard is not None and user.pk in (heard.host_id, heard.member_id, heard.second_member_id, heard.recorder_id)


def conflict_in_investigation(user: User, case: Case, row: Transition) -> str:
    """:func:`conflict` for a move of evidence, of a measure or of goods; empty if the person may.

    程序规定第三十三条、第三十六条: the head who approves is not one of the officers who act.
    """
    return _in_own_name_or_another(_conflict_in_investigation, user, case, row)


def _conflict_in_investigation(user: User, case: Case, row: Transition) -> str:
    officers = (case.owner_id, case.second_officer_id)
    if row.roles == frozenset(states.HEAD) and user.pk in case.investigator_ids:
        return _("本案办案人员不得批准自己办理的事项")
    if (
        row.roles == frozenset([*states.OFFICER, *states.HEAD])
        and user.pk not in officers
        and not may_act_for(user, case.office, states.HEAD)
    ):
        return _("由本案办案人员或者部门负责人办理")
    return _conflict(user, case, row)
