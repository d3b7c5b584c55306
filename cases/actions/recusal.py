"""Withdrawal from a case, decided by rank (程序规定第四条)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.queries import user_named
from cases.actions.moves import required, write_move
from cases.actions.review import hand_review_over
from cases.models import Case, Recusal
from cases.queries.duties import rank_for, recusal_of, require_recusal_decider
from cases.queries.matter import lock_case
from cases.states.discussion import Topic
from cases.states.duties import GRANT_RECUSAL, RECUSAL_TRANSITIONS, REFUSE_RECUSAL, RecusalRank, RecusalState
from cases.states.matter import CaseState
from core.errors import Invalid
from core.transitions import Transition, in_record, require_state
from deadlines.actions.clocks import local_day

IN_REVIEW = (CaseState.UNDER_REVIEW, CaseState.LEGAL_REVIEW)


@transaction.atomic
def grant_recusal(
    *,
    case_id: int,
    recusal_id: int,
    opinion: str,
    actor: User,
    at: datetime,
    minutes: str = "",
    reviewer_id: int | None = None,
) -> Case:
    """Decide that somebody must withdraw: from now on they do nothing more in this case (程序规定第四条).

    :param minutes: where the collective discussion is recorded; needed where that decides and none is registered.
    :param reviewer_id: who reviews instead, needed while the person has the case for review.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case, recusal = _decide_recusal(case_id, recusal_id, GRANT_RECUSAL, opinion, minutes, actor, at)
    for known in ("known_recusals", "barred_ids"):
        vars(case).pop(known, None)
    if recusal.person_id == case.reviewer_id and case.state in IN_REVIEW:
        if reviewer_id is None:
            raise Invalid(
                _("%(name)s正在审核本案，请同时指定接替的审核人员。") % {"name": recusal.person.name},
                code="required", field="reviewer",
            )  # fmt: skip
        hand_review_over(case, user_named(reviewer_id, field="reviewer"), actor, at)
    return case


@transaction.atomic
def refuse_recusal(
    *, case_id: int, recusal_id: int, opinion: str, actor: User, at: datetime, minutes: str = ""
) -> Case:
    """Decide that there is no reason to withdraw (程序规定第四条). ``minutes`` as in :func:`grant_recusal`.

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    return _decide_recusal(case_id, recusal_id, REFUSE_RECUSAL, opinion, minutes, actor, at)[0]


def _decide_recusal(
    case_id: int, recusal_id: int, row: Transition, opinion: str, minutes: str, actor: User, at: datetime
) -> tuple[Case, Recusal]:
    case = lock_case(actor, case_id)
    recusal = recusal_of(case, recusal_id)
    require_recusal_decider(actor, case, recusal)
    require_state(RECUSAL_TRANSITIONS, row, recusal.state, str(RecusalState(recusal.state).label))
    recusal.rank = rank_for(recusal.person, case.authority)
    if recusal.rank == RecusalRank.DISCUSSION:
        recusal.minutes = _minutes(case, minutes)
    recusal.opinion = required(opinion, "opinion", _("请写明决定的理由。"), limit=1000)
    recusal.state, recusal.decided_by, recusal.decided_at = str(row.target), actor, at
    recusal.save()
    write_move(case, row, case.state, actor, at, f"{recusal.person.name}：{recusal.opinion}")
    return case, recusal


def _minutes(case: Case, minutes: str) -> str:
    """Where the discussion is recorded: what was typed, else the one registered for this case."""
    registered = case.discussions.filter(topic=Topic.RECUSAL).order_by("-id").first()
    if registered is not None and not minutes.strip():
        return in_record(gettext_lazy("%(day)s集体讨论记录")) % {"day": local_day(registered.held_at)}
    return required(
        minutes, "minutes", _("主要负责人的回避由负责人集体讨论决定（程序规定第四条），请写明集体讨论记录。"), limit=200
    )
