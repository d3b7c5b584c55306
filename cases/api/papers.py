"""The papers of a case: what there is, one of them, and each of its verbs as a POST."""

from collections.abc import Callable
from typing import Any

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from accounts.models import User
from cases.actions import papers
from cases.api.serializers import papers as shapes
from cases.queries.matter import case_for
from cases.queries.papers import fitting_forms, may_make
from core.api.inputs import Input
from core.api.verbs import described, given
from core.transitions import Transition
from documents import states
from documents.models import Paper
from documents.pages.serving import served
from documents.queries.files import file_of
from documents.queries.papers import paper_of, papers_of_subject

KIND = "case"
MOST = 500


def _step(row: Transition, form: type[Input], act: Callable[..., Paper]) -> Any:
    """The POST of one step; answers with the paper as it now is."""

    def run(self: "PapersViewSet", request: Request, pk: int, paper_id: int) -> Response:
        paper = act(case_id=pk, paper_id=paper_id, actor=_user(request), at=timezone.now(), **given(form, request))
        return Response(shapes.PaperOut(paper).data)

    run.__name__ = row.name
    run.__doc__ = described(row.basis, act)
    return extend_schema(
        operation_id=f"cases_{row.name}", tags=["cases"], summary=row.label, request=form, responses=shapes.PaperOut
    )(run)


class PapersViewSet(GenericViewSet[Paper]):
    queryset = Paper.objects.none()  # names the model to the reference; rows come through the gates
    pagination_class = None

    @extend_schema(
        operation_id="cases_papers",
        tags=["cases"],
        summary=gettext_lazy("案件的文书"),
        description=gettext_lazy("制作先后为序，最多500份；以及您现在可以制作的文书种类。"),
        responses=shapes.PapersOut,
        filters=False,
    )
    def made(self, request: Request, pk: int) -> Response:
        user = _user(request)
        case = case_for(user, pk)
        forms = [kind for kind in fitting_forms(case) if may_make(user, case, kind.key)]
        body = {"papers": papers_of_subject(KIND, case.pk)[:MOST], "forms": forms}
        return Response(shapes.PapersOut(body).data)

    @extend_schema(
        operation_id="cases_draft_paper", tags=["cases"], summary=states.DRAFT_PAPER.label,
        description=described(states.DRAFT_PAPER.basis, papers.draft_paper), request=shapes.DraftPaperIn,
        responses={201: shapes.PaperOut},
    )  # fmt: skip
    def draft(self, request: Request, pk: int) -> Response:
        paper = papers.draft_paper(
            case_id=pk, actor=_user(request), at=timezone.now(), **given(shapes.DraftPaperIn, request)
        )
        here = reverse("api:case-paper-detail", args=[pk, paper.pk], request=request)
        return Response(shapes.PaperOut(paper).data, status=201, headers={"Location": here})

    @extend_schema(
        operation_id="cases_paper",
        tags=["cases"],
        summary=gettext_lazy("一份文书"),
        description=gettext_lazy("签发后固定下来的文字、依据和校验值。"),
        responses=shapes.PaperOut,
        filters=False,
    )
    def paper(self, request: Request, pk: int, paper_id: int) -> Response:
        return Response(shapes.PaperOut(paper_of(KIND, case_for(_user(request), pk).pk, paper_id)).data)

    revise = _step(states.REVISE_PAPER, shapes.RevisePaperIn, papers.revise_paper)
    issue = _step(states.ISSUE_PAPER, shapes.IssuePaperIn, papers.issue_paper)
    void = _step(states.VOID_PAPER, shapes.VoidPaperIn, papers.void_paper)

    @extend_schema(
        operation_id="cases_paper_download",
        tags=["cases"],
        summary=gettext_lazy("一份文书的Word文件"),
        description=gettext_lazy("没有签发的文书没有文件，答复404。"),
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        filters=False,
    )
    def download(self, request: Request, pk: int, paper_id: int) -> FileResponse:
        paper = paper_of(KIND, case_for(_user(request), pk).pk, paper_id)
        return served(file_of("paper", paper.pk, paper.file_id or 0))


def _user(request: Request) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the default permission lets nobody else through
    return request.user
