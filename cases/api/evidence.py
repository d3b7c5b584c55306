"""Evidence over the API: the catalogue of a case, one exhibit with its custody, the index of recordings."""

from datetime import datetime
from typing import Any

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from cases.actions import evidence as verbs
from cases.actions.evidence import Described
from cases.actions.recordings import index_recording
from cases.api.serializers import evidence as shapes
from cases.models import Evidence
from cases.queries.evidence import (
    broken_steps,
    custody_of,
    evidence_for,
    evidence_of,
    file_of_evidence,
    files_of_evidence,
    legal_evidence_moves,
    recordings_of,
    with_files,
)
from cases.queries.matter import case_for
from cases.states import evidence as rows
from core.api.verbs import MatterViewSet, given, next_moves, posts, user_of, verb
from documents.models import StoredFile
from documents.pages.serving import served


def correct_evidence(*, evidence_id: int, reason: str, actor: User, at: datetime, **facts: Any) -> Evidence:
    """Register the exhibit anew where its registration is wrong."""
    return verbs.correct_evidence(
        evidence_id=evidence_id, described=Described(**facts), reason=reason, actor=actor, at=at
    )


def attach_file(*, evidence_id: int, upload: Any, actor: User, at: datetime) -> Evidence:
    """Store a further file of the exhibit."""
    return verbs.attach_evidence(evidence_id=evidence_id, upload=[upload], actor=actor, at=at)


MOST = 500


class EvidenceViewSet(MatterViewSet[Evidence]):
    queryset = Evidence.objects.none()  # names the model to the reference; rows come through the gates
    pagination_class = None  # a case has some dozens at most
    subject = "evidence_id"
    serializer_class = shapes.EvidenceOut

    @extend_schema(summary=gettext_lazy("证据"), responses=shapes.EvidenceOut)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.answer(evidence_for(user_of(request), pk))

    attach_files = verb(rows.ATTACH_FILES, shapes.EvidenceAttachIn, attach_file, shapes.EvidenceOut)
    correct_evidence = verb(rows.CORRECT_EVIDENCE, shapes.CorrectIn, correct_evidence, shapes.EvidenceOut)
    verify_evidence = verb(rows.VERIFY_EVIDENCE, shapes.VerifyIn, verbs.verify_evidence, shapes.EvidenceOut)
    exclude_evidence = verb(rows.EXCLUDE_EVIDENCE, shapes.ExcludeIn, verbs.exclude_evidence, shapes.EvidenceOut)
    hand_over_evidence = verb(rows.HAND_OVER_EVIDENCE, shapes.HandOverIn, verbs.hand_over_evidence, shapes.EvidenceOut)
    confirm_custody = verb(rows.CONFIRM_CUSTODY, shapes.CustodyConfirmIn, verbs.confirm_custody, shapes.EvidenceOut)

    @extend_schema(
        summary=gettext_lazy("证据的一份文件"),
        parameters=[OpenApiParameter("file_id", int, OpenApiParameter.PATH)],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"], url_path="files/<int:file_id>", url_name="download")
    def download(self, request: Request, pk: int, file_id: int) -> FileResponse:
        return served(file_of_evidence(evidence_for(user_of(request), pk), file_id))

    @extend_schema(
        operation_id="cases_evidence_list", summary=gettext_lazy("案件的证据目录"),
        description=gettext_lazy("编号为序，最多500份。"), responses=shapes.EvidenceRow(many=True), filters=False,
    )  # fmt: skip
    def of_case(self, request: Request, case_id: int) -> Response:
        found = with_files(list(evidence_of(case_for(user_of(request), case_id))[:MOST]))
        return Response([_row(evidence, files) for evidence, files in found])

    @posts(rows.ADD_EVIDENCE, shapes.DescribedIn, verbs.add_evidence, shapes.EvidenceOut, "cases_evidence_add")
    def add(self, request: Request, case_id: int) -> Response:
        facts = Described(**given(shapes.DescribedIn, request))
        made = verbs.add_evidence(case_id=case_id, described=facts, actor=user_of(request), at=timezone.now())
        return self.answer_made(evidence_for(user_of(request), made.pk))

    @posts(rows.ADOPT_EVIDENCE, shapes.AdoptIn, verbs.adopt_evidence, shapes.EvidenceOut, "cases_evidence_adopt")
    def adopt(self, request: Request, case_id: int) -> Response:
        facts = given(shapes.AdoptIn, request)
        what = {name: facts.pop(name, None) for name in ("lead_file_id", "check_id")}
        made = verbs.adopt_evidence(
            case_id=case_id, described=Described(**facts), actor=user_of(request), at=timezone.now(), **what
        )
        return self.answer_made(evidence_for(user_of(request), made.pk))

    @extend_schema(
        operation_id="cases_recordings_list", summary=gettext_lazy("案件的音像记录索引"),
        description=gettext_lazy("开始时间为序，最多500份。"), responses=shapes.RecordingOut(many=True), filters=False,
    )  # fmt: skip
    def recordings(self, request: Request, case_id: int) -> Response:
        found = recordings_of(case_for(user_of(request), case_id))[:MOST]
        return Response(shapes.RecordingOut(found, many=True).data)

    @posts(rows.INDEX_RECORDING, shapes.RecordingIn, index_recording, shapes.RecordingOut, "cases_recordings_index")
    def record(self, request: Request, case_id: int) -> Response:
        made = index_recording(
            case_id=case_id, actor=user_of(request), at=timezone.now(), **given(shapes.RecordingIn, request)
        )
        return Response(shapes.RecordingOut(made).data, status=201)

    def answer(self, matter: Evidence) -> Response:
        user, steps = user_of(self.request), custody_of(matter)
        broken = set(broken_steps(steps))
        for step in steps:
            setattr(step, "is_intact", step.step not in broken)  # noqa: B010 - a fact for the serializer, no field
        body = {
            **_row(matter, files_of_evidence(matter)),
            "custody": shapes.CustodyOut(steps, many=True).data,
            "legal_moves": next_moves(legal_evidence_moves(user, matter, steps), "evidence", matter.pk, self.request),
        }
        return Response(body)


def _row(evidence: Evidence, files: list[StoredFile]) -> dict[str, Any]:
    return {**shapes.EvidenceFacts(evidence).data, "files": shapes.FileOut(files, many=True).data}
