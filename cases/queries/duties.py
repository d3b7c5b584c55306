"""Who declared, who must keep away, and how a case was reviewed."""

from collections.abc import Iterable

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Office, User
from accounts.policies import authority_of, is_main_head, may_act_for
from accounts.queries import officers_of, unseen
from accounts.roles import Role
from cases.models import Case, Declaration, Recusal, Review
from cases.states.duties import GRANT_RECUSAL, RecusalRank
from core.errors import NotPermitted, WrongState


def declarations_of(case: Case) -> QuerySet[Declaration]:
    """What everybody declared, newest first, of a case the caller has fetched through a gate."""
    return case.declarations.select_related("user").order_by("-id")


def recusals_of(case: Case) -> QuerySet[Recusal]:
    """Who was asked to withdraw, newest first, of a case the caller has fetched through a gate."""
    return case.recusals.select_related("person", "decided_by", "recorded_by").order_by("-id")


def recusal_of(case: Case, recusal_id: int) -> Recusal:
    """:raises NotFound:"""
    found = recusals_of(case).filter(pk=recusal_id).first()
    if found is None:
        raise unseen(pgettext("in a sentence", "回避事项"))
    return found


def undeclared(case: Case) -> list[User]:
    """The officers who have not yet said whether they have a reason to withdraw."""
    return [officer for officer in (case.owner, case.second_officer) if officer.pk not in case.declared_ids]


def require_declared(case: Case) -> None:
    """:raises WrongState: an officer has not declared (程序规定第四条)."""
    if silent := undeclared(case):
        raise WrongState(
            _(
                "%(names)s尚未声明有无回避情形（市场监督管理行政处罚程序规定第四条），"
                "请先由本人办理“声明有无回避情形”，再送审。"
            )
            % {"names": _("、").join(user.name for user in silent)},
            code="not_declared",
        )


def may_be_asked_to_withdraw(case: Case) -> list[User]:
    """Whose withdrawal can be asked for: who takes part, and the heads who decide (程序规定第四条第一款)."""
    hearing = case.latest_hearing
    taking_part = [case.owner, case.second_officer, case.reviewer, hearing.host if hearing else None]
    heads = officers_of(case.authority, [Role.BUREAU_HEAD])
    found = dict.fromkeys([*(user for user in taking_part if user is not None), *heads])
    return [user for user in found if user.pk not in case.barred_ids]


def rank_for(person: User, authority: Office) -> RecusalRank:
    """Who decides on the withdrawal of this person (程序规定第四条第一款)."""
    if is_main_head(person, authority):
        return RecusalRank.DISCUSSION
    heads = (post for post in person.active_posts if post.role == Role.BUREAU_HEAD)
    if any(authority_of(post.office).pk == authority.pk for post in heads):
        return RecusalRank.MAIN_HEAD
    return RecusalRank.HEAD


def may_decide_recusal(user: User, case: Case, recusal: Recusal) -> bool:
    """:func:`require_recusal_decider` as an answer."""
    return not _why_not_decide(user, case, recusal)


def require_recusal_decider(user: User, case: Case, recusal: Recusal) -> None:
    """:raises NotPermitted: not of the rank that decides on this person, or somebody who takes part."""
    if why := _why_not_decide(user, case, recusal):
        raise NotPermitted(
            _("您不能决定这一回避事项：%(why)s（市场监督管理行政处罚程序规定第四条）。") % {"why": why},
            code="not_recusal_decider",
        )


def _why_not_decide(user: User, case: Case, recusal: Recusal) -> str:
    if user.pk == recusal.person_id:
        return _("本人的回避须由他人决定")
    if user.pk in (case.owner_id, case.second_officer_id, *case.barred_ids):
        return _("您是本案办案人员或者已被决定回避")
    rank = rank_for(recusal.person, case.authority)
    if rank == RecusalRank.MAIN_HEAD:
        return "" if is_main_head(user, case.authority) else _("部门其他负责人的回避由部门主要负责人决定")
    if may_act_for(user, case.office, GRANT_RECUSAL.roles):
        return ""
    if rank == RecusalRank.DISCUSSION:
        return _("部门主要负责人的回避由部门负责人集体讨论决定")
    return _("办案、审核人员的回避由部门负责人决定")


def barred_officer(case: Case) -> User | None:
    """An officer who must withdraw and has not been replaced yet."""
    return next((user for user in (case.owner, case.second_officer) if user.pk in case.barred_ids), None)


def reviews_of(case: Case) -> QuerySet[Review]:
    """Each round of review, newest first, of a case the caller has fetched through a gate."""
    return case.reviews.select_related("reviewer", "asked_by").order_by("-round")


def last_review(case: Case) -> Review | None:
    """The newest round of review, ended or not; its ``grounds`` hold those of 程序规定第五十条第一款."""
    return reviews_of(case).first()


def next_round(case: Case) -> int:
    return (case.reviews.aggregate(last=Max("round"))["last"] or 0) + 1


def require_fit(people: Iterable[User], case: Case) -> None:
    """:raises NotPermitted: one of them must keep away from the case."""
    for person in people:
        if person.pk in case.barred_ids:
            raise NotPermitted(
                _("%(name)s已被决定回避本案（市场监督管理行政处罚程序规定第四条），请改选他人。")
                % {"name": person.name},
                code="recused",
            )
