"""A closed case with a whole file, put there as rows: binding itself is proved elsewhere."""

from datetime import date, datetime

from cases.models import Case, CaseFile, Evidence
from cases.queries.casefile import last_move_of
from documents.models import Paper, StoredFile, Template
from tests.builders import City

FORMS = ("penalty_decision", "penalty_notice")


def stored(name: str, at: datetime) -> StoredFile:
    return StoredFile.objects.create(
        subject_kind="tests", subject_id=1, purpose="tests", name=name, size=1, media_type="application/pdf",
        sha256="0" * 64, sm3="0" * 64, stored_at=at,
    )  # fmt: skip


def put_file(city: City, case: Case, at: datetime) -> CaseFile:
    """The decision, the notice and a piece of evidence, and a file bound after the last move."""
    template = Template.objects.create(
        form=FORMS[0], version=1, file=stored("模板.docx", at), sha256="0" * 64, added_at=at
    )
    for form in FORMS:
        Paper.objects.create(
            form=form, subject_kind="case", subject_id=case.pk, office=case.authority, title=form, state="issued",
            made_at=at, made_by=city.east_handler, template=template, template_sha256="0" * 64, basis="示例", text="示例",
            dated_on=case.decided_on, file=stored(f"{form}.docx", at), issued_at=at, issued_by=city.east_handler,
        )  # fmt: skip
    Evidence.objects.create(
        case=case, number=1, kind="document", title="进货单", proves="购进数量", source="示例商店提供",
        obtained_on=date(2026, 3, 2), officer=city.east_handler, second_officer=city.east_handler2,
        storage="证物室一号柜", recorded_by=city.east_handler, recorded_at=at,
    )  # fmt: skip
    return CaseFile.objects.create(
        case=case, state="ready", requested_by=city.east_handler, requested_at=at, last_move=last_move_of(case),
        main=stored("正卷.pdf", at), bundle=stored("案卷.zip", at), finished_at=at, pages=9,
    )  # fmt: skip
