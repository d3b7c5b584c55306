"""The papers of a matter: what there is, one of them, and each of its verbs as a POST. Written once for every desk."""

from collections.abc import Callable
from typing import Any

from django.http import FileResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from core.api.inputs import Input
from core.api.verbs import described, given, user_of
from core.transitions import Transition
from documents import states
from documents.api import paper_shapes as shapes
from documents.desk import Desk, M
from documents.models import Paper
from documents.pages.serving import served
from documents.queries.files import file_of

MOST = 500


def paper_urls(desk: Desk[M]) -> list[URLPattern]:
    """The addresses of the papers of a matter, below its own."""
    views = _views(desk)

    def at(place: str, name: str, **methods: str) -> URLPattern:
        return path(f"{desk.kind}s/<int:pk>/papers/{place}", views.as_view({**methods}), name=f"{desk.kind}-{name}")

    one = "<int:paper_id>/"
    return [
        at("", "papers", get="made", post="draft"),
        at(one, "paper-detail", get="paper"),
        at(f"{one}revise/", "paper-revise", post="revise"),
        at(f"{one}issue/", "paper-issue", post="issue"),
        at(f"{one}void/", "paper-void", post="void"),
        at(f"{one}docx/", "paper-download", get="download"),
    ]


def _views(desk: Desk[M]) -> type[GenericViewSet[Paper]]:
    tag = f"{desk.kind}s"

    def step(row: Transition, form: type[Input], act: Callable[..., Paper]) -> Any:
        """The POST of one step; answers with the paper as it now is."""

        def run(_self: Any, request: Request, pk: int, paper_id: int) -> Response:
            typed = {**desk.naming(pk), **given(form, request)}
            paper = act(paper_id=paper_id, actor=user_of(request), at=timezone.now(), **typed)
            return Response(shapes.PaperOut(paper).data)

        run.__name__ = row.name
        run.__doc__ = described(row.basis, act)
        schema = extend_schema(
            operation_id=f"{tag}_{row.name}", tags=[tag], summary=row.label, request=form, responses=shapes.PaperOut
        )
        return schema(run)

    class PapersViewSet(GenericViewSet[Paper]):
        queryset = Paper.objects.none()  # names the model to the reference; rows come through the gates
        pagination_class = None

        @extend_schema(
            operation_id=f"{tag}_papers",
            tags=[tag],
            summary=gettext_lazy("文书"),
            description=gettext_lazy("制作先后为序，最多500份；以及您现在可以制作的文书种类。"),
            responses=shapes.PapersOut,
            filters=False,
        )
        def made(self, request: Request, pk: int) -> Response:
            user = user_of(request)
            matter = desk.matter_for(user, pk)
            expected = desk.expected(user, matter)
            forms = [
                {"key": kind.key, "name": kind.name, "basis": kind.basis, "is_suggested": kind in expected}
                for kind in desk.offered(user, matter)
            ]
            body = {"papers": desk.papers(matter)[:MOST], "forms": forms}
            return Response(shapes.PapersOut(body).data)

        @extend_schema(
            operation_id=f"{tag}_draft_paper",
            tags=[tag],
            summary=states.DRAFT_PAPER.label,
            description=described(states.DRAFT_PAPER.basis, desk.draft_paper),
            request=shapes.DraftPaperIn,
            responses={201: shapes.PaperOut},
        )
        def draft(self, request: Request, pk: int) -> Response:
            typed = {**desk.naming(pk), **given(shapes.DraftPaperIn, request)}
            paper = desk.draft_paper(actor=user_of(request), at=timezone.now(), **typed)
            here = reverse(f"api:{desk.kind}-paper-detail", args=[pk, paper.pk], request=request)
            return Response(shapes.PaperOut(paper).data, status=201, headers={"Location": here})

        @extend_schema(
            operation_id=f"{tag}_paper",
            tags=[tag],
            summary=gettext_lazy("一份文书"),
            description=gettext_lazy("签发后固定下来的文字、依据和校验值。"),
            responses=shapes.PaperOut,
            filters=False,
        )
        def paper(self, request: Request, pk: int, paper_id: int) -> Response:
            return Response(shapes.PaperOut(desk.paper(desk.matter_for(user_of(request), pk), paper_id)).data)

        revise = step(states.REVISE_PAPER, shapes.RevisePaperIn, desk.revise_paper)
        issue = step(states.ISSUE_PAPER, shapes.IssuePaperIn, desk.issue_paper)
        void = step(states.VOID_PAPER, shapes.VoidPaperIn, desk.void_paper)

        @extend_schema(
            operation_id=f"{tag}_paper_download",
            tags=[tag],
            summary=gettext_lazy("一份文书的Word文件"),
            description=gettext_lazy("没有签发的文书没有文件，答复404。"),
            responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
            filters=False,
        )
        def download(self, request: Request, pk: int, paper_id: int) -> FileResponse:
            paper = desk.paper(desk.matter_for(user_of(request), pk), paper_id)
            return served(file_of("paper", paper.pk, paper.file_id or 0))

    return PapersViewSet
