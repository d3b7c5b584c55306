"""After a hearing the case goes to legal review before it is decided (程序规定第五十条第一款第二项、第二款)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import user_named
from cases.actions.moves import begin, move
from cases.actions.review import end_review, open_review, require_all_in_order, start_review_clock
from cases.models import Case
from cases.policies import conducted_hearing
from cases.states import matter as states
from cases.states.duties import ReviewGround, ReviewHead, ReviewOutcome
from core.errors import Invalid


@transaction.atomic
def submit_legal_review(
    *, case_id: int, reviewer_id: int, actor: User, at: datetime, grounds: Iterable[str] = ()
) -> Case:
    """Hand the case with minutes and report of the hearing to a legal reviewer who neither investigated nor heard it.

    :param grounds: further ones of :class:`cases.states.duties.ReviewGround`; that a hearing was held is one already.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.SUBMIT_LEGAL_REVIEW)
    reviewer = user_named(reviewer_id, field="reviewer")
    if conducted_hearing(reviewer, case):
        raise Invalid(
            _("%(name)s是本案的听证人员，不得再审核本案（职责分离，本系统默认），请另选审核人员。")
            % {"name": reviewer.name},
            code="reviewer_heard", field="reviewer",
        )  # fmt: skip
    open_review(case, reviewer, [ReviewGround.HEARD.value, *grounds], actor, at)
    move(case, states.SUBMIT_LEGAL_REVIEW, actor, at, f"送{reviewer.name}法制审核")
    start_review_clock(case, reviewer, actor, at)
    return case


@transaction.atomic
def pass_legal_review(
    *, case_id: int, opinion: str, actor: User, at: datetime, heads: Iterable[str] = ReviewHead.values
) -> Case:
    """Agree after the hearing: the case may be discussed and decided (程序规定第五十条、第五十四条第一项).

    :param heads: those of :class:`cases.states.duties.ReviewHead` found in order; all seven must be.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.PASS_LEGAL_REVIEW)
    require_all_in_order(heads)
    end_review(case, ReviewOutcome.AGREE, {}, opinion, actor, at)
    return move(case, states.PASS_LEGAL_REVIEW, actor, at, case.review_opinion)


@transaction.atomic
def return_legal_review(
    *, case_id: int, outcome: str, objections: Mapping[str, str], opinion: str, actor: User, at: datetime
) -> Case:
    """Send the case back after the hearing, to be corrected or proposed anew (程序规定第五十四条第二项至第四项).

    :param outcome: one of :class:`cases.states.duties.ReviewOutcome` other than agreement.
    :param objections: by :class:`cases.states.duties.ReviewHead`, in words; the others are in order.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.RETURN_LEGAL_REVIEW)
    if outcome not in ReviewOutcome.values or outcome == ReviewOutcome.AGREE:
        raise Invalid(
            _("请选择审核结论（程序规定第五十四条第二项至第四项）。"), code="unknown_outcome", field="outcome"
        )
    end_review(case, outcome, objections, opinion, actor, at)
    return move(case, states.RETURN_LEGAL_REVIEW, actor, at, case.review_opinion)
