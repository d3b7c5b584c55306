"""Approvals: the list, one of them with what is signed, asking for one, and each signature as a POST."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.actions import approvals
from cases.actions.approvable import digest, shown
from cases.api.serializers import approvals as shapes
from cases.models import Approval
from cases.queries.approvals import approval_for, approvals_for
from cases.states.approvals import ASK, RETURN, SIGN, WITHDRAW, ApprovalKind, ApprovalState
from core.api.filters import Filters, IdFilter, OneOfFilter
from core.api.verbs import MatterViewSet, given, posts, user_of, verb


class ApprovalFilter(Filters):
    """A filter given several values takes any of them."""

    state = OneOfFilter(choices=ApprovalState.choices)
    kind = OneOfFilter(choices=ApprovalKind.choices)
    case = IdFilter(field_name="case_id")
    lead = IdFilter(field_name="lead_id")

    class Meta:
        model = Approval
        fields: tuple[str, ...] = ()


class ApprovalViewSet(MatterViewSet[Approval]):
    queryset = Approval.objects.none()  # names the model to the reference; rows come through the gates
    subject = "approval_id"
    serializer_class = shapes.ApprovalOut
    filterset_class = ApprovalFilter
    ordering: ClassVar[Sequence[str]] = ("-id",)

    @extend_schema(
        summary=gettext_lazy("审批列表"),
        description=gettext_lazy("报请在后的在前。"),
        responses=shapes.ApprovalRow(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.answer_page(approvals_for(user_of(request)), shapes.ApprovalRow)

    @extend_schema(summary=gettext_lazy("审批"), responses=shapes.ApprovalOut)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(approval_for(user_of(request), pk))

    sign_approval = verb(SIGN, shapes.ApprovalSignIn, approvals.sign_approval, shapes.ApprovalOut)
    return_approval = verb(RETURN, shapes.ApprovalReturnIn, approvals.return_approval, shapes.ApprovalOut)
    withdraw_approval = verb(WITHDRAW, shapes.WithdrawApprovalIn, approvals.withdraw_approval, shapes.ApprovalOut)

    @posts(ASK, shapes.AskIn, approvals.ask_approval, shapes.ApprovalOut, "cases_ask_approval", tags=["cases"])
    def ask(self, request: Request, pk: int) -> Response:
        return self._begun(request, given(shapes.AskIn, request) | {"case_id": pk})

    @posts(ASK, shapes.AskToFileIn, approvals.ask_approval, shapes.ApprovalOut, "leads_ask_approval", tags=["leads"])
    def ask_to_file(self, request: Request, pk: int) -> Response:
        body = given(shapes.AskToFileIn, request)
        return self._begun(request, body | {"kind": ApprovalKind.FILE, "lead_id": pk})

    def _begun(self, request: Request, arguments: dict[str, Any]) -> Response:
        approval = approvals.ask_approval(**arguments, actor=user_of(request), at=timezone.now())
        return self.answer_made(approval, "api:approval-detail")

    def answer(self, matter: Approval) -> Response:
        text = shown(matter)
        matter_out = {
            **{name: getattr(matter, name) for name in ("id", "kind", "case_id", "lead_id", "subject_label", "arguments")},
            **{name: getattr(matter, name) for name in ("state", "waiting_role", "asked_by_id", "asked_at", "ended_at")},
            "end_reason": matter.end_reason, "replaces_id": matter.replaces_id,
            "steps": matter.steps.order_by("order"), "shown": text, "shown_sha256": digest(text),
        }  # fmt: skip
        return Response(shapes.ApprovalOut(matter_out).data)
