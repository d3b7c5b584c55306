"""Cases: the list, one case, filing from a lead, and each verb of the state table."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases.actions import (
    decision,
    defence,
    duties,
    execution,
    filing,
    on_spot,
    performance,
    plans,
    proposal,
    review,
    term,
)
from cases.actions.casefile import archive_case
from cases.api.decision import DecisionReads
from cases.api.filters import CaseFilter
from cases.api.hearing import HearingVerbs
from cases.api.outcomes import OutcomeVerbs
from cases.api.serializers import decision as decision_shapes
from cases.api.serializers import duties as duty_shapes
from cases.api.serializers import matter as shapes
from cases.api.serializers import money as money_shapes
from cases.api.serializers import outcomes as outcome_shapes
from cases.api.serializers.casefile import ArchiveIn
from cases.models import Case
from cases.queries.matter import case_for, cases_for, legal_moves, newest_moves, reviewers_of
from cases.queries.outcomes import is_idle
from cases.states import matter as states
from core.api.verbs import MatterViewSet, given, next_moves, posts, user_of, verb
from deadlines.queries import clocks_of

MOST_MOVES = 500


class CaseViewSet(DecisionReads, HearingVerbs, OutcomeVerbs, MatterViewSet[Case]):
    queryset = Case.objects.none()  # names the model to the reference; rows come through the gates
    subject = "case_id"
    serializer_class = shapes.CaseOut
    filterset_class = CaseFilter
    ordering: ClassVar[Sequence[str]] = ("-filed_on", "-id")

    @extend_schema(
        summary=gettext_lazy("案件列表"),
        description=gettext_lazy("立案日期新的在前。"),
        responses=shapes.CaseRow(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.answer_page(cases_for(user_of(request)), shapes.CaseRow)

    @extend_schema(
        summary=gettext_lazy("案件"),
        description=gettext_lazy(
            "全部事实、期限、经过，以及您现在可以办理的事项（legal_moves）。看不到的与不存在的同样答复404。"
        ),
        responses=shapes.CaseOut,
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(case_for(user_of(request), pk))

    suspend = verb(states.SUSPEND, shapes.SuspendIn, term.suspend_case, shapes.CaseOut)
    resume = verb(states.RESUME, shapes.ResumeIn, term.resume_case, shapes.CaseOut)
    extend = verb(states.EXTEND, shapes.ExtendIn, term.extend_case, shapes.CaseOut)
    exclude = verb(states.EXCLUDE, shapes.CaseExcludeIn, term.exclude_case_days, shapes.CaseOut)
    reassign = verb(states.REASSIGN, shapes.ReassignIn, filing.reassign_case, shapes.CaseOut)
    propose = verb(states.PROPOSE, decision_shapes.PenaltyProposeIn, proposal.propose, shapes.CaseOut)
    approve_notice = verb(
        states.APPROVE_NOTICE, decision_shapes.ApproveNoticeIn, proposal.approve_notice, shapes.CaseOut
    )
    revise = verb(states.REVISE, decision_shapes.ReviseIn, proposal.revise_proposal, shapes.CaseOut)
    declare = verb(states.DECLARE, duty_shapes.DeclareIn, duties.declare, shapes.CaseOut)
    conclude = verb(states.CONCLUDE, duty_shapes.ConcludeIn, review.conclude_case, shapes.CaseOut)
    pass_review = verb(states.PASS_REVIEW, duty_shapes.PassReviewIn, review.pass_review, shapes.CaseOut)
    return_review = verb(states.RETURN_REVIEW, duty_shapes.ReturnReviewIn, review.return_review, shapes.CaseOut)
    extend_review = verb(states.EXTEND_REVIEW, duty_shapes.ExtendReviewIn, review.extend_review, shapes.CaseOut)
    notify = verb(states.NOTIFY, shapes.ServedIn, decision.notify_party, shapes.CaseOut)
    record_defence = verb(states.RECORD_DEFENCE, decision_shapes.DefenceIn, defence.record_defence, shapes.CaseOut)
    decide = verb(states.DECIDE, decision_shapes.PenaltyDecideIn, decision.decide_case, shapes.CaseOut)
    serve = verb(states.SERVE, shapes.ServedIn, decision.serve_decision, shapes.CaseOut)
    record_payment = verb(states.RECORD_PAYMENT, money_shapes.PaymentIn, performance.record_payment, shapes.CaseOut)
    defer = verb(states.DEFER, money_shapes.DeferIn, plans.defer_payment, shapes.CaseOut)
    urge = verb(states.URGE, money_shapes.UrgeIn, execution.urge_party, shapes.CaseOut)
    apply_court = verb(states.APPLY_COURT, money_shapes.ApplyCourtIn, execution.apply_to_court, shapes.CaseOut)
    end_execution = verb(states.END_EXECUTION, money_shapes.EndExecutionIn, execution.end_execution, shapes.CaseOut)
    cease_execution = verb(
        states.CEASE_EXECUTION, money_shapes.CeaseExecutionIn, execution.cease_execution, shapes.CaseOut
    )
    archive = verb(states.ARCHIVE, ArchiveIn, archive_case, shapes.CaseOut)
    close = verb(states.CLOSE, shapes.CloseIn, performance.close_case, shapes.CaseOut)

    @posts(states.FILE, shapes.FileIn, filing.file_case, shapes.CaseOut, "leads_file_create", tags=["leads"])
    def file(self, request: Request, lead_id: int) -> Response:
        """The last verb of a lead is the first of its case, so the app that has both offers it."""
        case = filing.file_case(
            lead_id=lead_id, actor=user_of(request), at=timezone.now(), **given(shapes.FileIn, request)
        )
        return self.answer_made(case, "api:case-detail")

    @posts(states.DECIDE_ON_SPOT, outcome_shapes.SpotIn, on_spot.decide_on_spot, shapes.CaseOut, "cases_decide_on_spot")
    def decide_on_spot(self, request: Request) -> Response:
        """The only verb of the summary procedure that needs no case: it makes one."""
        case = on_spot.decide_on_spot(
            actor=user_of(request), at=timezone.now(), **given(outcome_shapes.SpotIn, request)
        )
        return self.answer_made(case, "api:case-detail")

    @extend_schema(
        operation_id="cases_reviewers",
        summary=gettext_lazy("可以审核本案的人员"),
        description=gettext_lazy("本案处罚机关的法制审核人员，不含办案人员。"),
        responses=shapes.ReviewerOut(many=True),
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def reviewers(self, request: Request, pk: int) -> Response:
        people = reviewers_of(case_for(user_of(request), pk))
        return Response(shapes.ReviewerOut(people, many=True).data)

    def answer(self, matter: Case) -> Response:
        user = user_of(self.request)
        clocks = list(clocks_of("case", matter.pk).prefetch_related(None))
        legal = [row for row in legal_moves(user, matter) if not is_idle(row, clocks)]
        body: dict[str, Any] = {
            **shapes.CaseFacts(matter).data,
            "clocks": shapes.CaseClock(clocks, many=True).data,
            "moves": shapes.CaseMoveOut(newest_moves(matter, MOST_MOVES), many=True).data,
            "legal_moves": next_moves(legal, "case", matter.pk, self.request),
        }
        return Response(body)
