"""Service of the papers of a case: what was served, and each of its verbs as a POST."""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.models import User
from cases.actions import service as verbs
from cases.api.serializers import service as shapes
from cases.queries.matter import case_for
from core.api.inputs import Input
from core.api.verbs import given, posts, user_of
from core.transitions import Transition
from documents.models import Service
from documents.queries.service import confirmations_of, service_of, services_of, unserved_papers
from documents.service_ways import COMPLETE_ANNOUNCEMENT, CONFIRM_ADDRESS, SERVE_PAPERS, VOID_SERVICE, Delivery

KIND, MOST = "case", 500
FACTS = {field.name for field in fields(Delivery)}


def serve_papers(*, case_id: int, actor: User, at: datetime, **typed: Any) -> Service:
    """Record how papers were served, and carry out what that starts."""
    facts = {name: typed.pop(name) for name in FACTS & typed.keys()}
    typed.setdefault("paper_ids", [])
    return verbs.serve_papers(case_id=case_id, delivery=Delivery(**facts), actor=actor, at=at, **typed)


def _step(row: Transition, form: type[Input], act: Callable[..., Service]) -> Any:
    """The POST of one step; answers with the service as it now is."""

    def run(self: "ServiceViewSet", request: Request, pk: int, service_id: int) -> Response:
        act(case_id=pk, service_id=service_id, actor=user_of(request), at=timezone.now(), **given(form, request))
        return Response(shapes.ServiceOut(service_of(KIND, pk, service_id)).data)

    run.__name__ = row.name
    return posts(row, form, act, shapes.ServiceOut, f"cases_{row.name}", status=200, tags=["cases"])(run)


class ServiceViewSet(GenericViewSet[Service]):
    queryset = Service.objects.none()  # names the model to the reference; rows come through the gates
    pagination_class = None

    @extend_schema(
        operation_id="cases_services",
        tags=["cases"],
        summary=gettext_lazy("案件的送达登记"),
        description=gettext_lazy("登记先后为序，最多500次；以及等待送达的文书和送达地址确认书。"),
        responses=shapes.ServedOut,
        filters=False,
    )
    def made(self, request: Request, pk: int) -> Response:
        case = case_for(user_of(request), pk)
        body = {
            "services": services_of(KIND, case.pk)[:MOST],
            "waiting": [paper.pk for paper in unserved_papers(KIND, case.pk)],
            "addresses": confirmations_of(KIND, case.pk)[:MOST],
        }
        return Response(shapes.ServedOut(body).data)

    @posts(SERVE_PAPERS, shapes.ServeIn, serve_papers, shapes.ServiceOut, "cases_serve_papers", tags=["cases"])
    def serve(self, request: Request, pk: int) -> Response:
        service = serve_papers(case_id=pk, actor=user_of(request), at=timezone.now(), **given(shapes.ServeIn, request))
        return Response(shapes.ServiceOut(service_of(KIND, pk, service.pk)).data, status=201)

    complete = _step(COMPLETE_ANNOUNCEMENT, shapes.CompleteIn, verbs.complete_announcement)
    void = _step(VOID_SERVICE, shapes.VoidServiceIn, verbs.void_service)

    @posts(
        CONFIRM_ADDRESS,
        shapes.AddressIn,
        verbs.confirm_address,
        shapes.AddressOut,
        "cases_confirm_address",
        tags=["cases"],
    )
    def confirm_address(self, request: Request, pk: int) -> Response:
        found = verbs.confirm_address(
            case_id=pk, actor=user_of(request), at=timezone.now(), **given(shapes.AddressIn, request)
        )
        return Response(shapes.AddressOut(found).data, status=201)
