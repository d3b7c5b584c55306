"""The order in which heads sign approvals in the caller's authority."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Office
from accounts.roles import Role
from cases.actions.approvable import APPROVABLE
from cases.actions.approvals import set_approval_chain
from cases.queries.approvals import authority_for_chains, chains_of
from cases.states.approvals import DEFAULT_CHAIN, SIGNERS, ApprovalKind
from core.api.inputs import Choice, Input
from core.api.verbs import given, user_of
from core.errors import NotPermitted


class ApprovalChainOut(serializers.Serializer[Any]):
    """``roles`` sign in this order; the last one decides. Who set an order is empty for the default of the system."""

    kind = serializers.ChoiceField(ApprovalKind.choices)
    roles = serializers.ListField(child=serializers.ChoiceField(Role.choices))
    is_default = serializers.BooleanField()
    set_by = serializers.CharField(allow_blank=True)
    set_at = serializers.DateTimeField(allow_null=True)


class ApprovalChainIn(Input):
    kind = Choice(ApprovalKind.choices)
    roles = serializers.ListField(
        child=Choice([(role.value, role.label) for role in SIGNERS]), max_length=len(SIGNERS),
        help_text=gettext_lazy("依次审批的岗位，以部门负责人为最后一环"),
    )  # fmt: skip


class ApprovalChains(APIView):
    @extend_schema(
        operation_id="approval_chains_list",
        tags=["approvals"],
        summary=gettext_lazy("审批顺序"),
        description=gettext_lazy("您所在处罚机关各类审批由谁依次审批；没有设定的按本系统默认。"),
        responses=ApprovalChainOut(many=True),
    )
    def get(self, request: Request) -> Response:
        return Response(_told(authority_for_chains(user_of(request))))

    @extend_schema(
        operation_id="approval_chains_set",
        tags=["approvals"],
        summary=gettext_lazy("设定审批顺序"),
        description=gettext_lazy("由部门负责人设定，用于以后报请的事项；已经报请的按原来的顺序走完。"),
        request=ApprovalChainIn,
        responses=ApprovalChainOut(many=True),
    )
    def post(self, request: Request) -> Response:
        actor, body = user_of(request), given(ApprovalChainIn, request)
        office = authority_for_chains(actor)
        if office is None:
            raise NotPermitted(_("您目前没有任职岗位，不能设定审批顺序。"), code="not_permitted")
        set_approval_chain(authority=office, **body, actor=actor, at=timezone.now())
        return Response(_told(office))


def _told(office: Office | None) -> Any:
    chains = chains_of(office).filter(ended_at__isnull=True) if office else ()
    own = {chain.kind: chain for chain in chains}
    rows = [
        {
            "kind": kind, "roles": chain.roles if chain else DEFAULT_CHAIN, "is_default": chain is None,
            "set_by": chain.set_by_label if chain else "", "set_at": chain.set_at if chain else None,
        }
        for kind in APPROVABLE
        for chain in [own.get(kind)]
    ]  # fmt: skip
    return ApprovalChainOut(rows, many=True).data
