"""The bound file of a case: asking for it, how far it is, taking it away."""

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from cases.actions.casefile import request_file
from cases.api.serializers import casefile as shapes
from cases.models import CaseFile
from cases.queries.casefile import files_of_case, stored_of
from cases.queries.matter import case_for
from cases.states.casefile import REQUEST_FILE
from core.api.verbs import given, posts, user_of
from documents.pages.serving import served

MOST = 20


class CaseFileViewSet(GenericViewSet[CaseFile]):
    queryset = CaseFile.objects.none()  # names the model to the reference; rows come through the gates
    pagination_class = None

    @extend_schema(
        operation_id="cases_files",
        tags=["cases"],
        summary=gettext_lazy("案卷"),
        description=gettext_lazy("新的在前，最多20次；生成中的看done和total。"),
        responses=shapes.CaseFileOut(many=True),
        filters=False,
    )
    def made(self, request: Request, pk: int) -> Response:
        files = files_of_case(case_for(user_of(request), pk))[:MOST]
        return Response(shapes.CaseFileOut(files, many=True).data)

    @posts(
        REQUEST_FILE,
        shapes.RequestFileIn,
        request_file,
        shapes.CaseFileOut,
        "cases_request_file",
        status=202,
        tags=["cases"],
    )
    def ask(self, request: Request, pk: int) -> Response:
        given(shapes.RequestFileIn, request)
        file = request_file(case_id=pk, actor=user_of(request), at=timezone.now())
        return Response(shapes.CaseFileOut(file).data, status=202)

    @extend_schema(
        operation_id="cases_file_download",
        tags=["cases"],
        summary=gettext_lazy("下载案卷"),
        description=gettext_lazy("part 为 main（正卷）、secondary（副卷）或者 bundle（压缩包）。"),
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        filters=False,
    )
    def download(self, request: Request, pk: int, file_id: int, part: str) -> FileResponse:
        return served(stored_of(case_for(user_of(request), pk), file_id, part))
