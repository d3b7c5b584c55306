"""The investigation is concluded and reviewed by somebody who did not carry it out."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import may_act_for
from accounts.queries import user_named
from accounts.roles import Role
from cases import states
from cases.actions.moves import KIND, REVIEW, begin, index_case, move, required
from cases.models import Case
from core.errors import Invalid
from core.transitions import Transition
from deadlines.actions.clocks import Subject, local_day, meet_open, start_clock


@transaction.atomic
def conclude_case(*, case_id: int, conclusion: str, reviewer_id: int, actor: User, at: datetime) -> Case:
    """Hand the final report to a reviewer who did not investigate; 10 working days start (程序规定第四十八条至第五十五条).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.CONCLUDE)
    case.conclusion = required(conclusion, "conclusion", _("请填写调查终结报告。"))
    reviewer = user_named(reviewer_id, field="reviewer")
    if reviewer.pk in (case.owner_id, case.second_officer_id):
        raise Invalid(
            _("办案人员不得作为审核人员（程序规定第四十九条第三款），请另选审核人员。"),
            code="reviewer_investigated", field="reviewer",
        )  # fmt: skip
    if not may_act_for(reviewer, case.office, [Role.LEGAL_REVIEWER]):
        raise Invalid(
            _("%(name)s不是本机关的法制审核人员。") % {"name": reviewer.name}, code="not_a_reviewer", field="reviewer"
        )
    case.reviewer = reviewer
    index_case(case)
    move(case, states.CONCLUDE, actor, at, f"送{reviewer.name}审核")
    subject = Subject(KIND, case.pk, case.label, case.office, reviewer, case.number)
    start_clock(rule=REVIEW, subject=subject, origin_on=local_day(at), actor=actor, at=at)
    return case


@transaction.atomic
def pass_review(*, case_id: int, opinion: str, actor: User, at: datetime) -> Case:
    """Agree with the proposed handling (程序规定第五十四条第一项).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    return _end_review(case_id, states.PASS_REVIEW, opinion, actor, at)


@transaction.atomic
def return_review(*, case_id: int, opinion: str, actor: User, at: datetime) -> Case:
    """Send the case back for correction or further investigation (程序规定第五十四条第二项、第三项).

    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    return _end_review(case_id, states.RETURN_REVIEW, opinion, actor, at)


def _end_review(case_id: int, row: Transition, opinion: str, actor: User, at: datetime) -> Case:
    case = begin(actor, case_id, row)
    case.review_opinion = required(opinion, "opinion", _("请填写书面审核意见（程序规定第五十四条）。"))
    move(case, row, actor, at, case.review_opinion)
    meet_open(rule=REVIEW, subject_kind=KIND, subject_id=case.pk, on=local_day(at), actor=actor, at=at)
    return case
