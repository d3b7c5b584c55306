"""The standard forms as Word templates, made from their layouts in ``data/forms/layouts/``.

A layout is the official form's text, a line per paragraph, with the placeholders of :mod:`documents.templating`. What a
line is, its beginning says; without one of these marks it is a paragraph of the body:

========================  ==========================================================================================
``#`` and ``##``          the authority's name, the title
``^``                     centred: the line with the number
``<`` and ``>``           flush left without indent; to the right: seal and date
``+``                     a small note
``_``                     a line at the foot of every page; ``(PAGE)`` and ``(NUMPAGES)`` count
``~`` and ``===``         an empty line, a new page
``% if x``, ``% for r in rows``, ``% else``, ``% end``    what stands between is chosen or repeated
``|w 10 20 70``           a table begins, with columns of these relative widths
``| a | b |``             its row. A cell begins with ``[3]`` to span columns, ``*`` for a label, ``^^`` to go on with the
                          cell above; ``\\\\`` parts its paragraphs, one that begins with ``>`` stands to the right
``|% for r in rows``      rows of the table are chosen or repeated, to ``|% end``
========================  ==========================================================================================
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

from documents.form_kinds import FOLDER, FormKind

# 党政机关公文格式 (GB/T 9704): A4, the type area 156 by 225 mm, 37 mm above and 28 mm on the binding side.
TOP, LEFT, WIDTH, HEIGHT = Mm(37), Mm(28), Mm(156), Mm(225)
PAGE_WIDTH, PAGE_HEIGHT = Mm(210), Mm(297)
TITLE_FACE, BODY_FACE, NOTE_FACE, LATIN_FACE = "方正小标宋简体", "仿宋", "宋体", "Times New Roman"
LEFTWARD, CENTRED, RIGHTWARD = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


@dataclass(frozen=True)
class Face:
    """How paragraphs of a style look; ``size``, ``line`` (their height) and indents in points."""

    name: str
    font: str = BODY_FACE
    size: float = 16
    line: float = 28
    align: WD_ALIGN_PARAGRAPH = LEFTWARD
    first: float = 0
    after: float = 0


BODY = Face("公文正文", first=32)
CELL, LABEL = Face("表格文字", size=12, line=18), Face("表格栏目", size=12, line=18, align=CENTRED)
SIGNED_CELL = Face("表格落款", size=12, line=18, align=RIGHTWARD)
FOOT = Face("公文页脚", NOTE_FACE, size=10.5, line=16)
MARKED = {
    "##": Face("文书名称", TITLE_FACE, size=22, line=33, align=CENTRED, after=8),
    "#": Face("机关名称", TITLE_FACE, size=22, line=33, align=CENTRED),
    "^": Face("文书文号", align=CENTRED, after=8),
    "<": Face("公文顶格"),
    ">": Face("公文落款", align=RIGHTWARD),
    "+": Face("公文附注", NOTE_FACE, size=10.5, line=16),
}
FACES = (BODY, CELL, LABEL, SIGNED_CELL, FOOT, *MARKED.values())
MARK = re.compile(r"(##|[#^<>+]) (.*)")
SPAN = re.compile(r"\[(\d+)\] *(.*)")
COUNTED = re.compile(r"\((PAGE|NUMPAGES)\)")
KEPT_STYLES = ("Normal", "DefaultParagraphFont", "TableNormal", "TableGrid", "NoList")
LEFT_OUT = ("stylesWithEffects", "customXml", "numbering", "thumbnail")
BORN = (2026, 1, 1, 0, 0, 0)


@lru_cache(maxsize=128)
def standard_template(kind: FormKind) -> bytes:
    """The .docx template of a form as it comes with the product; the same bytes every time."""
    return docx_of(layout_of(kind), kind)


def layout_of(kind: FormKind) -> str:
    """The text of a form's layout."""
    return (FOLDER / "layouts" / f"{kind.no.zfill(2)}_{kind.key}.txt").read_text(encoding="utf-8")


def docx_of(layout_text: str, kind: FormKind) -> bytes:
    """A .docx on A4 whose placeholders are text, to be edited in Word or WPS and filled by ``templating.fill``.

    :raises ValueError: a line that is nothing, naming it.
    """
    sheet = _Sheet(_empty_document(kind.name))
    for number, line in enumerate(layout_text.splitlines(), start=1):
        try:
            sheet.write(line.rstrip(" "))
        except (ValueError, IndexError) as error:
            raise ValueError(f"{kind.key}, line {number}: {line}") from error
    if sheet.loops:
        raise ValueError(f"{kind.key}: {sheet.loops[-1]} without end")
    return _packed(sheet.document)


@dataclass
class _Sheet:
    """A document being written, line by line."""

    document: Any
    loops: list[str] = field(default_factory=list)
    widths: list[Length] = field(default_factory=list)
    table: Any = None
    foot_lines: int = 0

    def write(self, line: str) -> None:
        if not line:
            return
        if line.startswith("|w "):
            self._begin_table([int(part) for part in line[3:].split()])
        elif line.startswith("|%"):
            self._add_row([self._tag("tr", line[2:])])
        elif line.startswith("|"):
            self._add_row([cell.strip(" ") for cell in line[1:-1].split("|")])
        else:
            self.table = None
            self._write_paragraph(line)

    def _write_paragraph(self, line: str) -> None:
        marked = MARK.fullmatch(line)
        if line.startswith("% "):
            self._add(self._tag("p", line[2:]), BODY)
        elif line.startswith("_ "):
            self._add_foot(line[2:])
        elif line == "===":
            self._add("", BODY).add_run().add_break(WD_BREAK.PAGE)
        elif line == "~":
            self._add("", BODY)
        elif marked:
            self._add(marked[2], MARKED[marked[1]])
        else:
            self._add(line, BODY)

    def _add(self, text: str, face: Face) -> Any:
        return self.document.add_paragraph(text, style=face.name)

    def _tag(self, place: str, words: str) -> str:
        word = words.split()[0]
        if word == "end":
            return f"{{%{place} end{self.loops.pop()} %}}"
        if word in ("if", "for"):
            self.loops.append(word)
        elif word not in ("else", "elif"):
            raise ValueError(words)
        return f"{{%{place} {words.strip()} %}}"

    def _add_foot(self, text: str) -> None:
        footer = self.document.sections[0].footer
        paragraph = footer.add_paragraph() if self.foot_lines else footer.paragraphs[0]
        paragraph.style = FOOT.name
        self.foot_lines += 1
        for index, part in enumerate(COUNTED.split(text)):
            if index % 2:
                paragraph._p.append(_counting_field(part))
            else:
                paragraph.add_run(part)

    def _begin_table(self, shares: list[int]) -> None:
        self.widths = [Length(WIDTH * share // sum(shares)) for share in shares]
        self.table = self.document.add_table(0, len(shares), style="Table Grid")
        self.table.autofit = False
        for column, width in zip(self.table.columns, self.widths, strict=True):
            column.width = width

    def _add_row(self, cells: list[str]) -> None:
        row, column = self.table.add_row(), 0
        for cell in cells:
            spanned = SPAN.fullmatch(cell)
            # A tag of its own row needs no cells beside it, yet a row must be whole.
            span = int(spanned[1]) if spanned else len(self.widths) if cell.startswith("{%tr") else 1
            self._write_cell(row, column, span, spanned[2] if spanned else cell)
            column += span
        if column != len(self.widths):
            raise ValueError(f"{column} columns")

    def _write_cell(self, row: Any, column: int, span: int, text: str) -> None:
        cell = row.cells[column]
        if span > 1:
            cell = cell.merge(row.cells[column + span - 1])
        cell.width = Length(sum(self.widths[column : column + span]))
        if text == "^^":
            _continue_above(self.table, row, column)
            return
        label = text.startswith("*")
        for index, part in enumerate(text.removeprefix("*").split("\\\\")):
            paragraph = cell.add_paragraph() if index else cell.paragraphs[0]
            part = part.strip(" ")
            paragraph.style = (LABEL if label else SIGNED_CELL if part.startswith(">") else CELL).name
            paragraph.add_run(part.strip("~").removeprefix(">"))


def _continue_above(table: Any, row: Any, column: int) -> None:
    """Mark the cell as the lower part of the one above it, which begins the merge if nothing has yet."""
    above = table.rows[-2].cells[column]._tc if len(table.rows) > 1 else None
    if above is None:
        raise ValueError("nothing above")
    if above.vMerge is None:
        above.vMerge = "restart"
    row.cells[column].paragraphs[0].style = CELL.name
    row._tr.tc_at_grid_offset(column).vMerge = "continue"


def _counting_field(code: str) -> Any:
    counting, run, text = (OxmlElement(name) for name in ("w:fldSimple", "w:r", "w:t"))
    counting.set(qn("w:instr"), code)
    text.text = "1"
    run.append(text)
    counting.append(run)
    return counting


def _empty_document(title: str) -> Any:
    document = Document(BytesIO(_blank()))
    document.core_properties.title = title
    return document


@lru_cache(maxsize=1)
def _blank() -> bytes:
    document: Any = Document()
    document.core_properties.author, document.core_properties.comments = "", ""
    section = document.sections[0]
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    section.top_margin, section.left_margin = TOP, LEFT
    section.right_margin = Length(PAGE_WIDTH - LEFT - WIDTH)
    section.bottom_margin = Length(PAGE_HEIGHT - TOP - HEIGHT)
    _lighten(document)
    for face in FACES:
        _add_style(document, face)
    return _packed(document)


def _lighten(document: Any) -> None:
    """Without what python-docx's own template carries along: a hundred styles, a theme whose fonts would win, a picture."""
    for part in (document.part, document.part.package):
        for key in [key for key, relation in part.rels.items() if relation.reltype.endswith(LEFT_OUT)]:
            part.rels.pop(key)
    styles = document.styles.element
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    for style in list(styles.iterchildren(qn("w:style"), qn("w:latentStyles"))):
        if style.tag == qn("w:latentStyles") or style.get(qn("w:styleId")) not in KEPT_STYLES:
            styles.remove(style)
    for fonts in styles.iter(qn("w:rFonts")):
        for name in [name for name in fonts.attrib if name.lower().endswith("theme")]:
            del fonts.attrib[name]


def _add_style(document: Any, face: Face) -> None:
    style = document.styles.add_style(face.name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.name, style.font.size = LATIN_FACE, Pt(face.size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), face.font)
    form = style.paragraph_format
    form.alignment, form.line_spacing = face.align, Pt(face.line)
    form.space_before, form.space_after, form.first_line_indent = Pt(0), Pt(face.after), Pt(face.first)
    style.quick_style = True


def _packed(document: Any) -> bytes:
    """Saved so that the same layout gives the same bytes, whenever it is made."""
    with BytesIO() as made, BytesIO() as out:
        document.save(made)
        with ZipFile(made) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
            for part in source.infolist():
                target.writestr(ZipInfo(part.filename, BORN), source.read(part), ZIP_DEFLATED)
        return out.getvalue()
