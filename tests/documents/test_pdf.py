"""A document shown in a page is harmless, and as PDF it is all there: text, tables, merged cells, the foot of its pages."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import reportlab
from django.core.exceptions import ImproperlyConfigured
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from pypdf import PdfReader

from core.errors import Invalid
from documents import packages, pdf
from documents.fonts import font_for, main_font, marked, plain
from documents.form_kinds import common_fields, form_kind
from documents.layouts import standard_template
from documents.pdf import pdf_of
from documents.preview import html_of
from documents.templating import fill
from documents.typed_fields import sample_context
from tests.documents.made_files import archive, docx, xlsx
from tests.documents.paper_builders import word

LATIN = f"{Path(reportlab.__file__).parent}/fonts/Vera.ttf"


@pytest.fixture(autouse=True)
def _fonts_are_asked_for_anew() -> Iterator[None]:
    font_for.cache_clear()
    yield
    font_for.cache_clear()


def text_of_pdf(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def sample(form: str) -> bytes:
    kind = form_kind(form)
    return fill(standard_template(kind), sample_context(kind, common_fields(kind.subject)))


def test_a_chinese_paper_as_pdf_can_be_read_again() -> None:
    made = pdf_of(sample("penalty_decision"))

    text = "".join(text_of_pdf(made.content)).replace("\n", "")
    assert "行政处罚决定书" in text and "〔统一社会信用代码〕" in text and "（印 章）" in text
    assert (made.pages, made.missing) == (len(text_of_pdf(made.content)), ())
    assert pdf_of(sample("penalty_decision")) == made, "the same document gives the same bytes"


def test_every_page_has_its_foot_with_its_number() -> None:
    document = Document(BytesIO(sample("defence_record")))
    document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("第二页")
    out = BytesIO()
    document.save(out)

    pages = text_of_pdf(pdf_of(out.getvalue()).content)
    assert ["第1页共2页" in pages[0], "第2页共2页" in pages[1], "第二页" in pages[1]] == [True, True, True]
    assert all("陈述申辩人：" in page for page in pages)
    assert "第＿页共＿页" in html_of(out.getvalue())


def test_tables_keep_merged_cells_and_a_cell_may_be_longer_than_a_page() -> None:
    document = Document()
    table = document.add_table(3, 3)
    table.style = "Table Grid"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "跨两列"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "跨两行"
    table.cell(1, 1).text = "很长的话。" * 900
    table.cell(2, 2).text = "最后一格"
    out = BytesIO()
    document.save(out)

    made = pdf_of(out.getvalue())
    text = "".join(text_of_pdf(made.content)).replace("\n", "")
    assert made.pages > 3
    assert text.count("很长的话。") == 900
    assert all(text.count(each) == 1 for each in ("跨两列", "跨两行", "最后一格"))
    shown = html_of(out.getvalue())
    assert 'colspan="2"' in shown and 'rowspan="2"' in shown


@pytest.mark.parametrize("fonts", [["STSong-Light"], []], ids=["named", "of this machine"])
def test_papers_are_read_again_in_whatever_font_they_are_printed(settings: Any, fonts: list[str]) -> None:
    settings.PAPER_FONTS = fonts
    made = pdf_of(sample("penalty_decision"))
    assert "行政处罚决定书" in "".join(text_of_pdf(made.content)).replace("\n", "")
    assert made.missing == ()


def test_what_one_font_lacks_the_next_prints_and_truetype_is_embedded(settings: Any) -> None:
    settings.PAPER_FONTS = [LATIN, "STSong-Light"]
    made = pdf_of(word(["No. 12 案件"]))
    assert made.missing == () and "No. 12 案件" in text_of_pdf(made.content)[0]
    assert b"/FontFile2" in made.content
    assert marked("A案<") == 'A<font name="STSong-Light">案</font>&lt;'
    assert plain("A案") == "A〓"


def test_a_font_that_is_none_is_told_of_with_its_setting(settings: Any) -> None:
    settings.PAPER_FONTS = [__file__]
    with pytest.raises(ImproperlyConfigured, match=r"PAPER_FONTS: .*test_pdf\.py"):
        main_font()


def test_a_character_the_font_lacks_is_marked_and_listed_and_never_dropped(settings: Any) -> None:
    settings.PAPER_FONTS = ["STSong-Light"]
    made = pdf_of(word(["当事人：𠮷某", "☑ 已核对", "A & B <x>"]))
    text = text_of_pdf(made.content)[0]
    assert made.missing == ("𠮷",)
    assert "〓某" in text and "U+20BB7" in text
    assert "√ 已核对" in text and "A & B <x>" in text


def test_alignment_and_stress_are_kept_in_the_preview() -> None:
    document = Document()
    for place, text in ((WD_ALIGN_PARAGRAPH.CENTER, "标题"), (WD_ALIGN_PARAGRAPH.RIGHT, "日期")):
        paragraph = document.add_paragraph()
        paragraph.alignment = place
        paragraph.add_run(text).bold = True
    out = BytesIO()
    document.save(out)
    shown = html_of(out.getvalue())
    assert '<p class="is-centre"><strong>标题</strong></p>' in shown
    assert '<p class="is-right">' in shown


def test_the_preview_carries_nothing_that_runs_or_asks_outside() -> None:
    shown = html_of(word(["<script>alert(1)</script>", "<img src=https://example.invalid/x>", "javascript:alert(1)"]))
    assert "&lt;script&gt;" in shown
    assert set(re.findall(r"<(\w+)[^>]*>", shown)) == {"p"} and not re.search(r"<\w+\s", shown)


def with_part(content: bytes, name: str, body: bytes) -> bytes:
    """The package with one part replaced."""
    with ZipFile(BytesIO(content)) as source:
        parts = {part: source.read(part) for part in source.namelist()}
    return archive({**parts, name: body})


BROKEN: list[tuple[str, Callable[[], bytes], str]] = [
    ("nothing", lambda: b"", "broken_file"),
    ("half a file", lambda: word()[:400], "broken_file"),
    ("a workbook", xlsx, "broken_file"),
    ("a document without its parts", docx, "broken_file"),
    ("a document type", lambda: with_part(word(), "word/document.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
     "broken_file"),
    ("another encoding", lambda: with_part(word(), "word/document.xml", "<a/>".encode("utf-16")), "broken_file"),
    ("no XML", lambda: with_part(word(), "word/document.xml", b"<w:document"), "broken_file"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "content", "code"), BROKEN, ids=[what for what, _content, _code in BROKEN])
def test_what_is_no_whole_document_is_refused_by_both(what: str, content: Callable[[], bytes], code: str) -> None:
    for make in (pdf_of, html_of):
        with pytest.raises(Invalid) as refusal:
            make(content())
        assert refusal.value.code == code


def test_a_document_beyond_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    long = word(["一行"] * 60)
    monkeypatch.setattr(pdf, "MOST_BLOCKS", 50)
    with pytest.raises(Invalid) as refusal:
        pdf_of(long)
    assert refusal.value.code == "document_too_long"
    monkeypatch.setattr(packages, "MOST_BYTES_OF_TEXT", 500)
    for make in (pdf_of, html_of):
        with pytest.raises(Invalid) as refusal:
            make(long)
        assert refusal.value.code == "document_too_long"
