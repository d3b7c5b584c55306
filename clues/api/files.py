"""The files of a lead: putting one to it, and each of them through the lead's gate."""

from datetime import datetime
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from accounts.models import User
from clues import states
from clues.actions import files
from clues.api.serializers import LeadOut
from clues.models import Lead
from clues.queries import lead_for
from core.api.inputs import Input, Text, Upload
from core.api.verbs import user_of, verb
from documents.pages.serving import served
from documents.queries.files import file_of


class AttachIn(Input):
    purpose = Text(
        max_length=30,
        help_text=gettext_lazy("材料种类：material、test_report、paper、receipt，或者核查记录的file_purpose"),
    )
    upload = Upload()


def attach_file(*, lead_id: int, upload: Any, purpose: str, actor: User, at: datetime) -> Lead:
    """Put a file to a lead."""
    return files.attach_files(lead_id=lead_id, upload=[upload], purpose=purpose, actor=actor, at=at)


class FileVerbs:
    attach = verb(states.ATTACH, AttachIn, attach_file, LeadOut)

    @extend_schema(
        summary=gettext_lazy("线索的一份文件"),
        parameters=[OpenApiParameter("file_id", int, OpenApiParameter.PATH)],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"], url_path="files/<int:file_id>", url_name="download")
    def download(self, request: Request, pk: int, file_id: int) -> FileResponse:
        return served(file_of("lead", lead_for(user_of(request), pk).pk, file_id))
