"""The investigation is concluded and reviewed by somebody who did not carry it out."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import may_act_for
from accounts.queries import user_named
from accounts.roles import Role
from cases.actions.duties import keep_former, write_declaration
from cases.actions.moves import KIND, REVIEW, begin, index_case, move, open_clock_id, optional, required
from cases.models import Case, Review
from cases.queries.decision import require_proposal
from cases.queries.duties import last_review, next_round, require_declared
from cases.states import matter as states
from cases.states.duties import Capacity, ReviewGround, ReviewHead, ReviewKind, ReviewOutcome
from core.errors import Invalid, WrongState
from core.transitions import Transition
from deadlines.actions.clocks import (
    Subject,
    extend_clock,
    hand_over_clocks,
    local_day,
    meet_open,
    start_clock,
)


@transaction.atomic
def conclude_case(
    *, case_id: int, conclusion: str, reviewer_id: int, actor: User, at: datetime, grounds: Iterable[str] = ()
) -> Case:
    """Hand the final report to a reviewer who did not investigate; 10 working days start (程序规定第四十八条至第五十五条).

    :param grounds: those of :class:`cases.states.duties.ReviewGround` that hold; with any of them the review is a legal
        one, for a legal reviewer alone.
    :raises NotFound, NotPermitted, Invalid: :raises WrongState: also while nothing is proposed or an officer has not
        declared whether they must withdraw.
    """
    case = begin(actor, case_id, states.CONCLUDE)
    require_declared(case)
    require_proposal(case)
    case.conclusion = required(conclusion, "conclusion", _("请填写调查终结报告。"), limit=8000)
    reviewer = user_named(reviewer_id, field="reviewer")
    review = open_review(case, reviewer, grounds, actor, at)
    index_case(case)
    move(case, states.CONCLUDE, actor, at, f"送{reviewer.name}{review.get_kind_display()}")
    start_review_clock(case, reviewer, actor, at)
    return case


@transaction.atomic
def pass_review(
    *, case_id: int, opinion: str, actor: User, at: datetime, heads: Iterable[str] = ReviewHead.values
) -> Case:
    """Agree with the proposed handling (程序规定第五十四条第一项).

    :param heads: those of :class:`cases.states.duties.ReviewHead` found in order; all seven must be.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.PASS_REVIEW)
    require_all_in_order(heads)
    return _end_review(case, states.PASS_REVIEW, ReviewOutcome.AGREE, {}, opinion, actor, at)


@transaction.atomic
def return_review(
    *, case_id: int, outcome: str, objections: Mapping[str, str], opinion: str, actor: User, at: datetime
) -> Case:
    """Send the case back for correction or further investigation (程序规定第五十四条第二项至第四项).

    :param outcome: one of :class:`cases.states.duties.ReviewOutcome` other than agreement.
    :param objections: by :class:`cases.states.duties.ReviewHead`, in words; the others are in order.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.RETURN_REVIEW)
    if outcome not in ReviewOutcome.values or outcome == ReviewOutcome.AGREE:
        raise Invalid(
            _("请选择审核结论（程序规定第五十四条第二项至第四项）。"), code="unknown_outcome", field="outcome"
        )
    return _end_review(case, states.RETURN_REVIEW, outcome, objections, opinion, actor, at)


@transaction.atomic
def extend_review(*, case_id: int, days: int, reason: str, actor: User, at: datetime) -> Case:
    """Give the review more time, as much as the head fixes: the law names no length (程序规定第五十五条).

    :param days: working days.
    :raises NotFound, NotPermitted, WrongState, Invalid:
    """
    case = begin(actor, case_id, states.EXTEND_REVIEW)
    why = required(reason, "reason", _("请写明延长的特殊情况。"), limit=500)
    clock = extend_clock(
        clock_id=open_clock_id(case, REVIEW), approved_by=actor, reason=why, amount=days, actor=actor, at=at
    )
    return move(case, states.EXTEND_REVIEW, actor, at, f"延至{clock.due_on}：{why}")


def open_review(case: Case, reviewer: User, grounds: Iterable[str], actor: User, at: datetime) -> Review:
    """Begin a round and name its reviewer on the case, which the caller saves.

    :raises Invalid: an unknown ground, or a reviewer who may not review this case.
    """
    given = list(dict.fromkeys(grounds))
    if unknown := [ground for ground in given if ground not in ReviewGround.values]:
        raise Invalid(
            _("没有这种法制审核的情形：%(names)s。") % {"names": _("、").join(unknown)},
            code="unknown_ground",
            field="grounds",
        )
    kind = ReviewKind.LEGAL if given else ReviewKind.CASE
    require_reviewer(case, reviewer, kind)
    _seat(case, reviewer, at)
    return Review.objects.create(
        case=case, round=next_round(case), kind=kind, grounds=[each.value for each in ReviewGround if each in given],
        reviewer=reviewer, asked_by=actor, asked_at=at,
    )  # fmt: skip


def _seat(case: Case, reviewer: User, at: datetime) -> None:
    if case.reviewer is not None and case.reviewer != reviewer:
        keep_former(case, case.reviewer, Capacity.REVIEWER, at)
    case.reviewer = reviewer


def end_review(
    case: Case, outcome: str, objections: Mapping[str, str], opinion: str, actor: User, at: datetime
) -> Review:
    """End the open round with its outcome. Whoever reviews declares with it that there is no reason to withdraw.

    :raises Invalid: no opinion, an unknown head, or a return without any objection.
    :raises WrongState: no round is open.
    """
    noted = {head: optional(note, "objections", limit=500) for head, note in objections.items() if note.strip()}
    if unknown := [head for head in noted if head not in ReviewHead.values]:
        raise Invalid(
            _("没有这项审核内容：%(names)s。") % {"names": _("、").join(unknown)},
            code="unknown_head",
            field="objections",
        )
    if outcome != ReviewOutcome.AGREE and not noted:
        raise Invalid(
            _("退回的，请至少对一项审核内容写明异议（程序规定第五十三条）。"), code="no_objection", field="objections"
        )
    review = last_review(case)
    if review is None or review.ended_at is not None:
        raise WrongState(_("本案没有正在进行的审核。"), code="no_open_review")
    case.review_opinion = required(opinion, "opinion", _("请填写书面审核意见（程序规定第五十四条）。"), limit=2000)
    review.heads = [{"head": head.value, "note": noted.get(head, "")} for head in ReviewHead]
    review.opinion, review.outcome, review.ended_at = case.review_opinion, outcome, at
    review.save()
    if not case.declarations.filter(user=actor).exists():
        write_declaration(case, actor, Capacity.REVIEWER, at)
    meet_open(rule=REVIEW, subject_kind=KIND, subject_id=case.pk, on=local_day(at), actor=actor, at=at)
    return review


def require_all_in_order(heads: Iterable[str]) -> None:
    """:raises Invalid: whoever agrees has found all seven in order."""
    given = set(heads)
    if missing := [head for head in ReviewHead if head not in given]:
        raise Invalid(
            _("同意的，七项审核内容都应当没有异议（程序规定第五十三条、第五十四条第一项）。尚未确认：%(missing)s。有异议的，请退回。")
            % {"missing": _("；").join(str(head.label) for head in missing)},
            code="head_not_confirmed", field="heads",
        )  # fmt: skip


def hand_review_over(case: Case, reviewer: User, actor: User, at: datetime) -> None:
    """Let somebody else end the open round; its clock goes on.

    :raises Invalid: who may not review this case. :raises WrongState: no round is open.
    """
    review = last_review(case)
    if review is None or review.ended_at is not None or case.reviewer is None:
        raise WrongState(_("本案没有正在进行的审核。"), code="no_open_review")
    require_reviewer(case, reviewer, review.kind)
    before, review.reviewer = case.reviewer, reviewer
    _seat(case, reviewer, at)
    case.save(update_fields=["reviewer"])
    review.save(update_fields=["reviewer"])
    hand_over_clocks(subject=_review_subject(case, reviewer), from_owner=before, actor=actor, at=at)


def start_review_clock(case: Case, reviewer: User, actor: User, at: datetime) -> None:
    """Ten working days from the day the reviewer got the papers (程序规定第五十五条)."""
    start_clock(rule=REVIEW, subject=_review_subject(case, reviewer), origin_on=local_day(at), actor=actor, at=at)


def require_reviewer(case: Case, reviewer: User, kind: str) -> None:
    """:raises Invalid: they investigated, must keep away, or have no such post in this authority."""
    if reviewer.pk in case.investigator_ids:
        raise Invalid(
            _("办案人员不得作为审核人员（程序规定第四十九条第三款），请另选审核人员。"),
            code="reviewer_investigated", field="reviewer",
        )  # fmt: skip
    if reviewer.pk in case.barred_ids:
        raise Invalid(
            _("%(name)s已被决定回避本案（程序规定第四条），请另选审核人员。") % {"name": reviewer.name},
            code="recused", field="reviewer",
        )  # fmt: skip
    if may_act_for(reviewer, case.office, [Role.LEGAL_REVIEWER]):
        return
    if kind == ReviewKind.LEGAL:
        raise Invalid(
            _("%(name)s不是本机关的法制审核人员，法制审核须由法制审核人员办理（程序规定第五十条、第五十一条）。")
            % {"name": reviewer.name},
            code="not_a_reviewer", field="reviewer",
        )  # fmt: skip
    if not may_act_for(reviewer, case.office, [Role.UNIT_HEAD]):
        raise Invalid(
            _("%(name)s不是本机关的法制审核人员或者办案机构负责人（程序规定第五十一条、第五十二条）。")
            % {"name": reviewer.name},
            code="not_a_reviewer", field="reviewer",
        )  # fmt: skip


def _review_subject(case: Case, reviewer: User) -> Subject:
    return Subject(KIND, case.pk, case.label, case.office, reviewer, case.number)


def _end_review(
    case: Case, row: Transition, outcome: str, objections: Mapping[str, str], opinion: str, actor: User, at: datetime
) -> Case:
    end_review(case, outcome, objections, opinion, actor, at)
    return move(case, row, actor, at, case.review_opinion)
