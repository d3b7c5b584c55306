"""Standards of discretion and hearing thresholds of the caller's authority on a day; to read only."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Office, User
from accounts.policies import authority_of
from cases.queries.discretion import local_threshold, local_thresholds, standards_in_force, with_tiers
from cases.states.decision import PenaltyKind, TierKind
from cases.thresholds import carried, in_force
from core.api.inputs import Day, Input, Text
from core.paging import page_behind


class DiscretionQuery(Input):
    on = Day(required=False, help_text=gettext_lazy("这一天适用的；不写的为今天"))
    category = Text(required=False, max_length=40, help_text=gettext_lazy("事项类别；不分类别的也列出"))
    after = Text(required=False, max_length=400, help_text=gettext_lazy("翻页位置，取自上一页的after"))


class ThresholdQuery(Input):
    on = Day(required=False, help_text=gettext_lazy("这一天适用的；不写的为今天"))


class DiscretionTierOut(serializers.Serializer[Any]):
    """``least`` and ``most`` in yuan, or multiples of the standard's base; both included, null where open."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(TierKind.choices)
    factors = serializers.CharField()
    is_multiple = serializers.BooleanField()
    least = serializers.DecimalField(14, 2, allow_null=True)
    most = serializers.DecimalField(14, 2, allow_null=True)


class DiscretionStandardOut(serializers.Serializer[Any]):
    """``is_default`` marks the examples of the product, which are no standards of any authority."""

    id = serializers.IntegerField()
    key = serializers.CharField()
    title = serializers.CharField()
    category = serializers.CharField(allow_blank=True)
    basis = serializers.CharField()
    base = serializers.CharField(allow_blank=True)
    office = serializers.IntegerField(source="office_id", allow_null=True)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    is_default = serializers.BooleanField()
    tiers = DiscretionTierOut(many=True)


class DiscretionPageOut(serializers.Serializer[Any]):
    after = serializers.CharField(allow_blank=True, help_text=gettext_lazy("下一页的位置；末页为空"))
    results = DiscretionStandardOut(many=True)


class ThresholdLimbOut(serializers.Serializer[Any]):
    """A limb is reached by one of the kinds, or by a sum; ``local_basis`` is set where the province replaced the sums."""

    basis = serializers.CharField()
    penalties = serializers.ListField(child=serializers.ChoiceField(PenaltyKind.choices))
    person = serializers.DecimalField(14, 2, allow_null=True)
    organisation = serializers.DecimalField(14, 2, allow_null=True)
    local_basis = serializers.CharField(allow_blank=True)


class ThresholdsOut(serializers.Serializer[Any]):
    on = serializers.DateField()
    hearing = ThresholdLimbOut(many=True)
    on_spot = ThresholdLimbOut(many=True)


class DiscretionStandards(APIView):
    @extend_schema(
        operation_id="discretion_standards_list",
        tags=["discretion"],
        summary=gettext_lazy("裁量基准"),
        description=gettext_lazy("您所在处罚机关在某一天适用的裁量基准及其档次，每页50个。"),
        parameters=[DiscretionQuery],
        responses=DiscretionPageOut,
    )
    def get(self, request: Request) -> Response:
        asked, office = _asked(request, DiscretionQuery), _authority(request)
        if office is None:
            return Response({"after": "", "results": []})
        standards = standards_in_force(office, asked.get("on", timezone.localdate()))
        if asked.get("category"):
            standards = standards.filter(category__in=["", asked["category"]])
        page = page_behind(with_tiers(standards), ("title", "id"), asked.get("after", ""))
        rows = [_row(standard) for standard in page.rows]
        return Response(DiscretionPageOut({"after": page.after, "results": rows}).data)


class Thresholds(APIView):
    @extend_schema(
        operation_id="thresholds_retrieve",
        tags=["discretion"],
        summary=gettext_lazy("听证标准和当场处罚的限额"),
        description=gettext_lazy("某一天适用的；没有载入这一天规定的，两个清单为空。"),
        parameters=[ThresholdQuery],
        responses=ThresholdsOut,
    )
    def get(self, request: Request) -> Response:
        on = _asked(request, ThresholdQuery).get("on", timezone.localdate())
        hearing, summary = in_force(carried().hearing, on), in_force(carried().summary, on)
        limbs: list[dict[str, Any]] = []
        if hearing is not None:
            office = _authority(request)
            local = local_threshold(local_thresholds(office), office, on) if office else None
            limbs = [_limb(f"{hearing.basis}{limb}", kinds) for limb, kinds in hearing.kinds]
            for kinds, (limb, sums) in (({PenaltyKind.FINE}, hearing.fine), (TAKEN, hearing.confiscation)):
                limbs.append(_limb(f"{hearing.basis}{limb}", kinds, local or sums, local.basis if local else ""))
        spot = [_limb(summary.basis, summary.penalties, summary.most)] if summary else []
        return Response(ThresholdsOut({"on": on, "hearing": limbs, "on_spot": spot}).data)


TAKEN = {PenaltyKind.CONFISCATE_INCOME, PenaltyKind.CONFISCATE_GOODS}


def _limb(basis: str, kinds: Any, sums: Any = None, local_basis: str = "") -> dict[str, Any]:
    return {
        "basis": basis, "penalties": [kind for kind in PenaltyKind.values if kind in kinds],
        "person": sums and sums.person, "organisation": sums and sums.organisation, "local_basis": local_basis,
    }  # fmt: skip


def _row(standard: Any) -> dict[str, Any]:
    names = ("id", "key", "title", "category", "basis", "base", "office_id", "starts_on", "ends_on", "is_default")
    return {**{name: getattr(standard, name) for name in names}, "tiers": standard.tiers.all()}


def _asked(request: Request, form: type[Input]) -> dict[str, Any]:
    """:raises ValidationError:"""
    query = form(data=request.query_params.dict())
    query.is_valid(raise_exception=True)
    found: dict[str, Any] = query.validated_data
    return found


def _authority(request: Request) -> Office | None:
    assert isinstance(request.user, User)  # noqa: S101 - the default permission lets nobody else through
    return next((authority_of(post.office) for post in request.user.active_posts), None)
