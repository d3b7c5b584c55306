"""Leads: the list, one lead, and each verb of its state table."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clues import states
from clues.actions import intake
from clues.api import serializers as shapes
from clues.api.bulk import BulkVerbs
from clues.api.complaints import ComplaintVerbs
from clues.api.custody import CustodyVerbs
from clues.api.decisions import DecisionVerbs
from clues.api.disputes import DisputeVerbs
from clues.api.files import FileVerbs
from clues.api.filters import LeadFilter
from clues.api.merging import LikelyOut, LoggedLead, MergingVerbs
from clues.api.verification import VerificationVerbs
from clues.duplicates import likely_same_as, sought_of
from clues.models import Lead
from clues.queries import checks_of, lead_for, leads_for, legal_moves, moves_of
from core.api.verbs import MatterViewSet, described, given, next_moves, user_of
from core.errors import Invalid
from deadlines.queries import clocks_of
from documents.queries.files import files_of


class LeadViewSet(
    MergingVerbs,
    BulkVerbs,
    CustodyVerbs,
    DisputeVerbs,
    VerificationVerbs,
    DecisionVerbs,
    ComplaintVerbs,
    FileVerbs,
    MatterViewSet[Lead],
):
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
        return self.answer_page(leads_for(user_of(request)), shapes.LeadRow)

    @extend_schema(
        summary=gettext_lazy("线索"),
        description=gettext_lazy(
            "全部事实、期限、经过，以及您现在可以办理的事项（legal_moves）。看不到的与不存在的同样答复404。"
        ),
        responses=shapes.LeadOut,
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(lead_for(user_of(request), pk))

    @extend_schema(
        summary=states.LOG.label, description=described(states.LOG.basis, intake.log_lead),
        request=shapes.LogLeadIn, responses={201: LoggedLead},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        values = given(shapes.LogLeadIn, request)
        informant = intake.InformantInput(**values.pop("informant", {}))
        try:
            lead = intake.log_lead(actor=user_of(request), at=timezone.now(), informant=informant, **values)
        except Invalid as refusal:
            raise _placed_in_body(refusal) from refusal
        answer = self.answer_made(lead, "api:lead-detail")
        answer.data["likely"] = LikelyOut(likely_same_as(user_of(request), sought_of(lead)), many=True).data
        return answer

    def answer(self, matter: Lead) -> Response:
        user = user_of(self.request)
        body: dict[str, Any] = {
            **shapes.LeadFacts(matter).data,
            "checks": shapes.LeadCheck(checks_of(matter), many=True).data,
            "files": shapes.LeadFile(files_of("lead", matter.pk), many=True).data,
            "clocks": shapes.LeadClock(clocks_of("lead", matter.pk).prefetch_related(None), many=True).data,
            "moves": shapes.LeadMoveOut(moves_of(matter), many=True).data,
            "legal_moves": next_moves(legal_moves(user, matter), "lead", matter.pk, self.request),
        }
        return Response(body)


def _placed_in_body(refusal: Invalid) -> Invalid:
    """Facts of the channel stand within ``facts``."""
    body = shapes.LogLeadIn().fields
    errors = [
        error if error.field in body else replace(error, field=f"facts.{error.field}") for error in refusal.errors
    ]
    return Invalid(refusal.detail, code=refusal.code, field=refusal.field, errors=errors)
