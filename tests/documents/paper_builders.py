"""Small Word templates and papers of a case, made through the verbs."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any

from docx import Document

from accounts.models import Office, User
from cases.actions import papers
from cases.actions.service import serve_papers
from cases.models import Case
from documents.actions.templates import add_template, set_form_numbers
from documents.models import Paper, Service, Template
from documents.service_ways import Delivery, Way
from tests.builders import NOW, SYSTEM, City
from tests.documents.made_files import PDF, upload

HEAD = ("{{ 机关名称 }}", "{{ 文号 }}", "{{ 当事人名称 }}：{{ 案由 }}", "{{ 日期 }}")
INQUIRY = {"调查事项": "经营超过保质期食品", "询问时间": "2026年3月5日9时", "询问地点": "大队询问室"}

PAPER_BODIES: dict[str, dict[str, Any]] = {
    "case-paper-revise": {"typed": INQUIRY},
    "case-paper-issue": {"dated_on": "2026-03-02"},
    "case-paper-void": {"reason": "写错"},
    "lead-paper-revise": {"typed": {"登记人": "张三"}},
    "lead-paper-issue": {"dated_on": "2026-03-02"},
    "lead-paper-void": {"reason": "写错"},
    "case-services": {"way": "direct", "recipient": "示例商店", "on": "2026-03-02"},
    "case-void-service": {"reason": "登记有误"},
    "case-confirm-address": {"recipient": "示例商店", "address": "示例路1号", "signed_on": "2026-03-02"},
}


def word(lines: Iterable[str] = HEAD, *, table: Iterable[Iterable[str]] = ()) -> bytes:
    """A document with a paragraph per line and, behind them, a table."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    rows = [list(row) for row in table]
    if rows:
        made = document.add_table(len(rows), len(rows[0]))
        made.style = "Table Grid"
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                made.cell(at, column).text = text
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def make_template(
    form: str,
    lines: Iterable[str] = HEAD,
    *,
    office: Office | None = None,
    actor: User | None = None,
    at: datetime = NOW,
) -> Template:
    """A template of a form, national unless an office is named."""
    return add_template(
        form=form, office=office, upload=upload(word(lines), f"{form}.docx"), actor=actor or SYSTEM, at=at
    )


def make_forms(*forms: str) -> None:
    """National templates of these forms, and the formats of all numbers."""
    for form in forms:
        make_template(form)
    set_form_numbers(actor=SYSTEM, at=NOW)


def draft(
    city: City, case: Case, form: str = "inquiry_notice", fields: Mapping[str, object] = INQUIRY, *, at: datetime = NOW
) -> Paper:
    return papers.draft_paper(case_id=case.pk, form=form, fields=fields, actor=city.east_handler, at=at)


def issue(
    city: City, case: Case, form: str = "inquiry_notice", fields: Mapping[str, object] = INQUIRY, *, at: datetime = NOW,
    on: date | None = None,
) -> Paper:  # fmt: skip
    paper = draft(city, case, form, fields, at=at)
    return papers.issue_paper(
        case_id=case.pk, paper_id=paper.pk, dated_on=on or at.date(), actor=city.east_handler, at=at
    )


def announce(city: City, case: Case, paper: Paper, *, at: datetime = NOW, on: date | None = None) -> Service:
    """A paper served by announcement in a newspaper, with the page it was printed on."""
    delivery = Delivery(
        way=Way.ANNOUNCEMENT, recipient=case.party_name, on=on or at.date(), posting="media", through="示例日报",
        reason="登记的住所已经无人，联系不上。",
    )  # fmt: skip
    return serve_papers(
        case_id=case.pk, paper_ids=[paper.pk], delivery=delivery, actor=city.east_handler, at=at,
        upload=[upload(PDF, "公告.pdf")],
    )  # fmt: skip
