"""The verbs of hearing, legal review and discussion with valid input, and cases in the states they lead to."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from cases.actions import hearing, hearing_session, legal_review
from cases.models import Case
from cases.queries.hearing import open_hearing
from cases.states.duties import ReviewHead
from cases.states.hearing import HearingState
from cases.states.matter import CaseState
from tests.builders import City, moment
from tests.cases import hearing_builders as build
from tests.cases.hearing_builders import hearing_in
from tests.kept import kept

# A case of these states waits for somebody named for it, whatever post the table names first.
DOERS = ("report_hearing", "end_hearing")
SUBMITTED = moment("2026-04-08")


def _report(city: City, case: Case, actor: User, at: datetime) -> Case:
    """A hearing can only be reported on once it was held: both or neither."""
    with transaction.atomic():
        heard = open_hearing(Case.objects.get(pk=case.pk))
        if heard is not None and heard.state == HearingState.SCHEDULED:
            build.hold(city, case)
        return hearing_session.report_hearing(
            case_id=case.pk, summary="各方充分发表意见。", advice="建议维持。", actor=actor, at=at
        )


def _discuss(city: City, case: Case, actor: User, at: datetime) -> Case:
    with transaction.atomic():
        return build.discuss(city, case, at=at, actor=actor)


VERBS: dict[str, Callable[[City, Case, User, datetime], Case]] = {
    "request_hearing": lambda city, case, actor, at: hearing.request_hearing(
        case_id=case.pk, requested_on=date(2026, 3, 20), way="receipt", actor=actor, at=at
    ),
    "end_hearing": lambda city, case, actor, at: hearing_session.end_hearing(
        case_id=case.pk, ground="request_withdrawn", reason="当事人书面撤回。", actor=actor, at=at
    ),
    "report_hearing": _report,
    "submit_legal_review": lambda city, case, actor, at: legal_review.submit_legal_review(
        case_id=case.pk, reviewer_id=city.east_reviewer.pk, actor=actor, at=at
    ),
    "pass_legal_review": lambda city, case, actor, at: legal_review.pass_legal_review(
        case_id=case.pk, opinion="同意。", actor=actor, at=at
    ),
    "return_legal_review": lambda city, case, actor, at: legal_review.return_legal_review(
        case_id=case.pk, outcome="correct", objections={"nature": "定性有误"}, opinion="建议纠正。", actor=actor, at=at
    ),
    "discuss": _discuss,
}
SITTING: dict[str, Any] = {"opens_at": "2026-04-02T09:00:00+08:00", "place": "三楼会议室"}
BODIES: dict[str, dict[str, Any]] = {
    "request_hearing": {"requested_on": "2026-03-20", "way": "receipt"},
    "report_hearing": {"summary": "各方充分发表意见", "advice": "建议维持"},
    "end_hearing": {"ground": "request_withdrawn", "reason": "书面撤回"},
    "submit_legal_review": {"reviewer": 1},
    "pass_legal_review": {"opinion": "同意", "heads": ReviewHead.values},
    "return_legal_review": {"outcome": "correct", "objections": {"nature": "定性有误"}, "opinion": "建议纠正"},
    "discuss": {
        "topic": "decision", "held_at": SITTING["opens_at"], "place": "三楼会议室", "chair": 1, "recorder": 2,
        "voices": [{"person": 1, "stance": "for", "opinion": "同意"}], "minutes": "逐一发言", "conclusion": "agree",
        "resolution": "按拟处罚意见作出决定",
    },
    "name_host": {"host": 1},
    "change_hosts": {"host": 1, "reason": "原主持人回避"},
    "hand_materials": {"handed_on": "2026-03-23"},
    "schedule_hearing": {**SITTING, "recorder": 1},
    "reschedule_hearing": {**SITTING, "reason": "当事人住院"},
    "record_hearing_notice": {"told": "party", "told_on": "2026-03-24"},
    "announce_hearing": {"announced_on": "2026-03-24", "where": "公告栏"},
    "ask_hearing_recusal": {"person": 1, "reason": "是当事人的亲属"},
    "decide_hearing_recusal": {"person": 1, "is_granted": True, "opinion": "情况属实"},
    "suspend_hearing": {"ground": "force_majeure", "reason": "当事人住院"},
    "resume_hearing": {**SITTING, "reason": "当事人已出院"},
    "hold_hearing": {
        "held_on": "2026-04-02", "attendance": [{"part": "party", "name": "示例商店"}], "minutes": "逐项调查",
        "last_word_officers": "维持", "last_word_party": "请求从轻",
    },
}  # fmt: skip


@kept
def case_heard(city: City, state: str) -> Case:
    """A case in a hearing that is ready to be held, heard, or in legal review after it."""
    if state == CaseState.HEARING:
        return hearing_in(city, HearingState.SCHEDULED)
    case = hearing_in(city, HearingState.REPORTED)
    return build.submit(city, case, at=SUBMITTED) if state == CaseState.LEGAL_REVIEW else case
