"""Leads: the list, one lead, and each verb of its state table."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.models import User
from clues import actions, states
from clues.api import serializers as shapes
from clues.api.filters import LeadFilter
from clues.models import Lead
from clues.queries import lead_for, leads_for, legal_moves, moves_of
from core.api.verbs import MatterViewSet, described, given, next_moves, verb
from deadlines.queries import clocks_of


class LeadViewSet(MatterViewSet[Lead]):
    queryset = Lead.objects.none()  # names the model to the reference; rows come through the gates
    subject = "lead_id"
    serializer_class = shapes.LeadOut
    filterset_class = LeadFilter
    ordering: ClassVar[Sequence[str]] = ("-received_on", "-id")

    @extend_schema(
        summary=gettext_lazy("线索列表"),
        description=gettext_lazy("收到日期新的在前。"),
        responses=shapes.LeadRow(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.answer_page(leads_for(_user(request)), shapes.LeadRow)

    @extend_schema(
        summary=gettext_lazy("线索"),
        description=gettext_lazy(
            "全部事实、期限、经过，以及您现在可以办理的事项（legal_moves）。看不到的与不存在的同样答复404。"
        ),
        responses=shapes.LeadOut,
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(lead_for(_user(request), pk))

    @extend_schema(
        summary=states.LOG.label, description=described(states.LOG.basis, actions.log_lead),
        request=shapes.LogLeadIn, responses={201: shapes.LeadOut},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        lead = actions.log_lead(actor=_user(request), at=timezone.now(), **given(shapes.LogLeadIn, request))
        answer = self.answer(lead)
        answer.status_code = 201
        answer["Location"] = reverse("api:lead-detail", args=[lead.pk], request=request)
        return answer

    assign = verb(states.ASSIGN, shapes.AssignIn, actions.assign_lead, shapes.LeadOut)
    extend = verb(states.EXTEND, shapes.ReasonIn, actions.extend_verification, shapes.LeadOut)
    exclude = verb(states.EXCLUDE, shapes.LeadExcludeIn, actions.exclude_test_days, shapes.LeadOut)
    report = verb(states.REPORT, shapes.ReportIn, actions.report_findings, shapes.LeadOut)
    send_back = verb(states.SEND_BACK, shapes.ReasonIn, actions.send_back_lead, shapes.LeadOut)
    decline = verb(states.DECLINE, shapes.DeclineIn, actions.decline_lead, shapes.LeadOut)
    transfer = verb(states.TRANSFER, shapes.TransferIn, actions.transfer_lead, shapes.LeadOut)

    def answer(self, matter: Lead) -> Response:
        user = _user(self.request)
        body: dict[str, Any] = {
            **shapes.LeadFacts(matter).data,
            "clocks": shapes.LeadClock(clocks_of("lead", matter.pk).prefetch_related(None), many=True).data,
            "moves": shapes.LeadMoveOut(moves_of(matter), many=True).data,
            "legal_moves": next_moves(legal_moves(user, matter), "lead", matter.pk, self.request),
        }
        return Response(body)


def _user(request: Request) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the default permission lets nobody else through
    return request.user
