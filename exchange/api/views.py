"""Imports: the list, one of them, and what a person does with it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.models import User
from core.api.parsing import UploadParser
from core.api.verbs import MatterViewSet, described, given, verb
from exchange import states
from exchange.actions import steps
from exchange.api import serializers as shapes
from exchange.models import Import
from exchange.queries import import_for, imports_for, problems_of

MOST_PROBLEMS = 100


class ImportViewSet(MatterViewSet[Import]):
    queryset = Import.objects.none()  # names the model to the reference; rows come through the gates
    subject = "import_id"
    serializer_class = shapes.ImportOut
    ordering: ClassVar[Sequence[str]] = ("-id",)

    def get_parsers(self) -> list[Any]:
        return [UploadParser()] if getattr(self, "action_map", {}).get("post") == "create" else super().get_parsers()

    @extend_schema(
        summary=gettext_lazy("导入列表"),
        description=gettext_lazy("新的在前。只列您可以为之导入的机构的。"),
        responses=shapes.ImportRow(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.answer_page(imports_for(_user(request)), shapes.ImportRow)

    @extend_schema(
        summary=gettext_lazy("一次导入"),
        description=gettext_lazy("列的对应、进度和前100个问题。"),
        responses=shapes.ImportOut,
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(import_for(_user(request), pk))

    @extend_schema(
        summary=states.UPLOAD.label, description=described(states.UPLOAD.basis, steps.upload_leads),
        request={"multipart/form-data": shapes.UploadIn}, responses={201: shapes.ImportOut},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        made = steps.upload_leads(actor=_user(request), at=timezone.now(), **given(shapes.UploadIn, request))
        answer = self.answer(made)
        answer.status_code = 201
        answer["Location"] = reverse("api:import-detail", args=[made.pk], request=request)
        return answer

    check = verb(states.CHECK, shapes.MappingIn, steps.check_import, shapes.ImportOut)
    confirm = verb(states.CONFIRM, shapes.ConfirmIn, steps.confirm_import, shapes.ImportOut)
    cancel = verb(states.CANCEL, shapes.CancelIn, steps.cancel_import, shapes.ImportOut)

    def answer(self, matter: Import) -> Response:
        body = {
            **shapes.ImportRow(matter).data,
            "headers": matter.headers,
            "mapping": matter.mapping,
            "problems": shapes.ProblemOut(problems_of(matter)[:MOST_PROBLEMS], many=True).data,
        }
        return Response(body)


def _user(request: Request) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the default permission lets nobody else through
    return request.user
