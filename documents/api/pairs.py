"""The papers that are served together, and whether the caller's authority does so."""

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from documents.pairs import carried_pairs, companion_names, is_switched_off, name_of
from documents.policies import authority_for_templates


class PairMemberOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    is_own = serializers.BooleanField(help_text=gettext_lazy("本机关自备，本系统不制作"))


class PairOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    basis = serializers.CharField()
    members = PairMemberOut(many=True)
    is_switched_off = serializers.BooleanField(help_text=gettext_lazy("您所在处罚机关不实行"))


class PairListView(APIView):
    @extend_schema(
        operation_id="pairs_list",
        tags=["forms"],
        summary=gettext_lazy("成对送达的文书"),
        description=gettext_lazy("地方做法，本系统默认；一对里缺一份的，不登记送达。"),
        responses=PairOut(many=True),
    )
    def get(self, request: Request) -> Response:
        assert isinstance(request.user, User)  # noqa: S101 - the default permission lets nobody else through
        office, own = authority_for_templates(request.user), companion_names()
        is_off = office is not None and is_switched_off(office.code)
        rows = [
            {
                "key": pair.key, "name": pair.name, "basis": pair.basis, "is_switched_off": is_off,
                "members": [{"key": key, "name": name_of(key), "is_own": key in own} for key in pair.members],
            }
            for pair in carried_pairs()
        ]  # fmt: skip
        return Response(PairOut(rows, many=True).data)
