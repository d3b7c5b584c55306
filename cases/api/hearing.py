"""Hearings, legal review after them and collective discussion below a case: each step a POST, what there is a GET."""

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases.actions import discussion, hearing, hearing_session, legal_review
from cases.api.serializers import duties as duty_shapes
from cases.api.serializers import hearing as shapes
from cases.api.serializers.matter import CaseOut
from cases.queries.hearing import discussions_with_voices, legal_steps, whole_hearings_of
from cases.queries.matter import case_for
from cases.states import hearing as steps
from cases.states import matter as states
from core.api.verbs import next_moves, user_of, verb

MOST = 100


class HearingVerbs:
    """Moves of the case, and steps of its hearing that leave the case where it is."""

    request_hearing = verb(states.REQUEST_HEARING, shapes.RequestHearingIn, hearing.request_hearing, CaseOut)
    report_hearing = verb(states.REPORT_HEARING, shapes.HearingReportIn, hearing_session.report_hearing, CaseOut)
    end_hearing = verb(states.END_HEARING, shapes.EndHearingIn, hearing_session.end_hearing, CaseOut)
    submit_legal_review = verb(
        states.SUBMIT_LEGAL_REVIEW, shapes.SubmitLegalReviewIn, legal_review.submit_legal_review, CaseOut
    )
    pass_legal_review = verb(
        states.PASS_LEGAL_REVIEW, duty_shapes.PassReviewIn, legal_review.pass_legal_review, CaseOut
    )
    return_legal_review = verb(
        states.RETURN_LEGAL_REVIEW, duty_shapes.ReturnReviewIn, legal_review.return_legal_review, CaseOut
    )
    discuss = verb(states.DISCUSS, shapes.DiscussIn, discussion.discuss_case, CaseOut)

    name_host = verb(steps.NAME_HOST, shapes.NameHostIn, hearing.name_host, CaseOut)
    change_hosts = verb(steps.CHANGE_HOSTS, shapes.ChangeHostsIn, hearing.change_hosts, CaseOut)
    hand_materials = verb(steps.HAND_MATERIALS, shapes.HandMaterialsIn, hearing.hand_materials, CaseOut)
    schedule_hearing = verb(steps.SCHEDULE, shapes.ScheduleIn, hearing.schedule_hearing, CaseOut)
    reschedule_hearing = verb(steps.RESCHEDULE, shapes.RescheduleIn, hearing.reschedule_hearing, CaseOut)
    record_hearing_notice = verb(steps.TELL, shapes.HearingTellIn, hearing.record_hearing_notice, CaseOut)
    announce_hearing = verb(steps.ANNOUNCE, shapes.HearingAnnounceIn, hearing.announce_hearing, CaseOut)
    ask_hearing_recusal = verb(
        steps.ASK_RECUSAL, shapes.AskHearingRecusalIn, hearing_session.ask_hearing_recusal, CaseOut
    )
    decide_hearing_recusal = verb(
        steps.DECIDE_RECUSAL, shapes.DecideHearingRecusalIn, hearing_session.decide_hearing_recusal, CaseOut
    )
    suspend_hearing = verb(steps.SUSPEND, shapes.SuspendHearingIn, hearing_session.suspend_hearing, CaseOut)
    resume_hearing = verb(steps.RESUME, shapes.ResumeHearingIn, hearing_session.resume_hearing, CaseOut)
    hold_hearing = verb(steps.HOLD, shapes.HoldIn, hearing_session.hold_hearing, CaseOut)

    @extend_schema(
        operation_id="cases_hearings",
        summary=gettext_lazy("听证"),
        description=gettext_lazy("本案的听证，新的在前，以及您现在可以办理的听证步骤（legal_steps）。"),
        responses=shapes.HearingsOut,
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def hearings(self, request: Request, pk: int) -> Response:
        user = user_of(request)
        case = case_for(user, pk)
        body: dict[str, Any] = {
            "hearings": shapes.HearingOut(whole_hearings_of(case)[:MOST], many=True).data,
            "legal_steps": next_moves(legal_steps(user, case), "case", case.pk, request),
        }
        return Response(body)

    @extend_schema(
        operation_id="cases_discussions",
        summary=gettext_lazy("集体讨论"),
        description=gettext_lazy("新的在前，每位负责人的意见照录；同一事项以最近一次为准。"),
        responses=shapes.DiscussionOut(many=True),
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def discussions(self, request: Request, pk: int) -> Response:
        rows = discussions_with_voices(case_for(user_of(request), pk), most=MOST)
        return Response(shapes.DiscussionOut(rows, many=True).data)
