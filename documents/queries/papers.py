"""Reading papers and templates. The gate of a paper is its matter's; a template is no secret."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Office
from accounts.queries import unseen
from core.errors import Invalid
from documents.file_types import LONGEST_NAME
from documents.form_kinds import form_kind
from documents.models import IssuedNumber, Paper, StoredFile, Template
from documents.queries.files import open_content
from documents.templating import fill
from documents.typed_fields import day_in_words, printed_fields

Rows = Sequence[Mapping[str, str]]
Common = Mapping[str, str | Rows]
NUMBER, DAY = "文号", "日期"  # what only issuing knows


def papers_of_subject(subject_kind: str, subject_id: int) -> QuerySet[Paper]:
    """The papers of a matter the caller has fetched through its gate, in the order they were made; their text is read
    when asked for."""
    return papers_among([(subject_kind, subject_id)])


def papers_among(subjects: Iterable[tuple[str, int]]) -> QuerySet[Paper]:
    """The papers of several matters, by kind and id, as :func:`papers_of_subject`."""
    of_any = reduce(or_, (Q(subject_kind=kind, subject_id=pk) for kind, pk in subjects))
    papers = Paper.objects.filter(of_any).select_related("file", "made_by", "issued_by", "voided_by")
    return papers.defer("text").order_by("id")


def paper_of(subject_kind: str, subject_id: int, paper_id: int) -> Paper:
    """One paper of a matter the caller has fetched through its gate.

    :raises NotFound:
    """
    return the_one(papers_of_subject(subject_kind, subject_id), paper_id)


def the_one(papers: QuerySet[Paper], paper_id: int) -> Paper:
    """One of these papers.

    :raises NotFound:
    """
    paper = papers.filter(pk=paper_id).first()
    if paper is None:
        raise unseen(pgettext("in a sentence", "文书"))
    return paper


def template_for(office: Office, form: str) -> Template:
    """The template an office prints a form from: its own, else the national one.

    :raises Invalid: ``no_template``.
    """
    in_use = Template.objects.filter(form=form, retired_at__isnull=True).select_related("file")
    found = in_use.filter(office=office).first() or in_use.filter(office__isnull=True).first()
    if found is None:
        raise Invalid(
            _("没有《%(form)s》的模板，请联系系统管理员运行 manage.py load_forms。") % {"form": form_kind(form).name},
            code="no_template", field="form",
        )  # fmt: skip
    return found


def templates_in_use(office: Office | None) -> dict[str, Template]:
    """By form: what this office prints from today, or the national ones for None."""
    rows = Template.objects.filter(retired_at__isnull=True).select_related("file", "office", "added_by")
    found = {each.form: each for each in rows.filter(office__isnull=True)}
    if office is not None:
        found |= {each.form: each for each in rows.filter(office=office)}
    return found


def templates_of(office: Office | None, form: str) -> QuerySet[Template]:
    """Every version of a form an office, or for None the nation, ever printed from; the newest first."""
    rows = Template.objects.filter(form=form, office=office)
    return rows.select_related("file", "added_by").order_by("-version")


def template_named(template_id: int) -> Template:
    """:raises NotFound:"""
    found = Template.objects.filter(pk=template_id).select_related("file", "office").first()
    if found is None:
        raise unseen(pgettext("in a sentence", "模板"))
    return found


def content_of(file: StoredFile) -> bytes:
    """The bytes of a template or a paper.

    :raises WrongState: ``file_altered``, ``file_missing``.
    """
    with open_content(file) as content:
        return content.read()


def number_drawn(subject_kind: str, subject_id: int, text: str) -> IssuedNumber | None:
    """The number a verb of the matter drew for a paper that is printed later."""
    return IssuedNumber.objects.filter(subject_kind=subject_kind, subject_id=subject_id, text=text).first()


def filled_in(paper: Paper, common: Common, number: str, dated_on: date | None) -> dict[str, str | Rows]:
    """Everything the template is filled with."""
    return {
        **common, **printed_fields(paper.kind, paper.fields, common), NUMBER: number, DAY: day_in_words(dated_on)
    }  # fmt: skip


def rendered(paper: Paper, common: Common) -> bytes:
    """A draft as it would be printed now, without number; nothing is kept.

    :raises Invalid: ``no_template`` and what the template refuses.
    """
    return fill(content_of(template_for(paper.office, paper.form).file), filled_in(paper, common, "", paper.dated_on))


def file_name(paper: Paper, ending: str) -> str:
    """行政处罚告知书 某市监罚告〔2026〕1号.docx."""
    stem = f"{paper.title.replace('/', '／')} {paper.number_text}".strip()
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
