"""Cases: the list, one case, filing from a lead, and each verb of the state table."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.models import User
from cases import states
from cases.actions import decision, filing, performance, review, term
from cases.api import serializers as shapes
from cases.api.filters import CaseFilter
from cases.models import Case
from cases.queries import case_for, cases_for, legal_moves, moves_of, reviewers_of
from core.api.verbs import MatterViewSet, described, given, next_moves, verb
from deadlines.queries import clocks_of


class CaseViewSet(MatterViewSet[Case]):
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
        return self.answer_page(cases_for(_user(request)), shapes.CaseRow)

    @extend_schema(
        summary=gettext_lazy("案件"),
        description=gettext_lazy(
            "全部事实、期限、经过，以及您现在可以办理的事项（legal_moves）。看不到的与不存在的同样答复404。"
        ),
        responses=shapes.CaseOut,
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(case_for(_user(request), pk))

    suspend = verb(states.SUSPEND, shapes.SuspendIn, term.suspend_case, shapes.CaseOut)
    resume = verb(states.RESUME, shapes.ResumeIn, term.resume_case, shapes.CaseOut)
    extend = verb(states.EXTEND, shapes.ExtendIn, term.extend_case, shapes.CaseOut)
    exclude = verb(states.EXCLUDE, shapes.CaseExcludeIn, term.exclude_case_days, shapes.CaseOut)
    reassign = verb(states.REASSIGN, shapes.ReassignIn, filing.reassign_case, shapes.CaseOut)
    conclude = verb(states.CONCLUDE, shapes.ConcludeIn, review.conclude_case, shapes.CaseOut)
    pass_review = verb(states.PASS_REVIEW, shapes.OpinionIn, review.pass_review, shapes.CaseOut)
    return_review = verb(states.RETURN_REVIEW, shapes.OpinionIn, review.return_review, shapes.CaseOut)
    notify = verb(states.NOTIFY, shapes.ServedIn, decision.notify_party, shapes.CaseOut)
    decide = verb(states.DECIDE, shapes.DecideIn, decision.decide_case, shapes.CaseOut)
    serve = verb(states.SERVE, shapes.ServedIn, decision.serve_decision, shapes.CaseOut)
    record_payment = verb(states.RECORD_PAYMENT, shapes.PaymentIn, performance.record_payment, shapes.CaseOut)
    close = verb(states.CLOSE, shapes.CloseIn, performance.close_case, shapes.CaseOut)

    @extend_schema(
        operation_id="leads_file_create", tags=["leads"], summary=states.FILE.label,
        description=described(states.FILE.basis, filing.file_case), request=shapes.FileIn,
        responses={201: shapes.CaseOut},
    )  # fmt: skip
    def file(self, request: Request, lead_id: int) -> Response:
        """The last verb of a lead is the first of its case, so the app that has both offers it."""
        case = filing.file_case(
            lead_id=lead_id, actor=_user(request), at=timezone.now(), **given(shapes.FileIn, request)
        )
        answer = self.answer(case)
        answer.status_code = 201
        answer["Location"] = reverse("api:case-detail", args=[case.pk], request=request)
        return answer

    @extend_schema(
        operation_id="cases_reviewers",
        summary=gettext_lazy("可以审核本案的人员"),
        description=gettext_lazy("本案处罚机关的法制审核人员，不含办案人员。"),
        responses=shapes.ReviewerOut(many=True),
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def reviewers(self, request: Request, pk: int) -> Response:
        people = reviewers_of(case_for(_user(request), pk))
        return Response(shapes.ReviewerOut(people, many=True).data)

    def answer(self, matter: Case) -> Response:
        user = _user(self.request)
        body: dict[str, Any] = {
            **shapes.CaseFacts(matter).data,
            "clocks": shapes.CaseClock(clocks_of("case", matter.pk).prefetch_related(None), many=True).data,
            "moves": shapes.CaseMoveOut(moves_of(matter), many=True).data,
            "legal_moves": next_moves(legal_moves(user, matter), "case", matter.pk, self.request),
        }
        return Response(body)


def _user(request: Request) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the default permission lets nobody else through
    return request.user
