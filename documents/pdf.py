"""A Word document as PDF: paragraphs and tables in order, in the fonts of :mod:`documents.fonts`.

What the layouts of forms use is kept: alignment, size, bold, underlining, indents, page breaks, borders, merged cells.
So is the foot of every page with its numbers; pictures and headers are not. A character no font has is printed as 〓
and listed at the end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from typing import Any
from xml.parsers.expat import ExpatError

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Length
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph
from lxml.etree import LxmlError
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle
from reportlab.platypus.doctemplate import LayoutError

from core.errors import Invalid
from documents.file_refusals import broken, refused_file
from documents.fonts import MISSING, font_for, main_font, marked, plain
from documents.packages import whole_document

STAND_INS = {"☑": "√", "☐": "□", "\t": "　　", "\xa0": " ", "\u2003": "　", "•": "·"}
PLACES: dict[WD_ALIGN_PARAGRAPH, int] = {
    WD_ALIGN_PARAGRAPH.CENTER: TA_CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT: TA_RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY: TA_JUSTIFY,
}
USUAL_SIZE, LEADING = 12.0, 1.5  # points, and lines to a line
FOOT_SIZE, FOOT_LEADING, FOOT_END = 10.5, 16.0, 12 * mm
PADDING = 6  # of reportlab's frame
MOST_BLOCKS = 20_000

# What python-docx, lxml and mammoth raise for a package whose parts are not what they say.
UNREADABLE = (
    PackageNotFoundError, LxmlError, ExpatError, KeyError, ValueError, AttributeError, IndexError, TypeError, RecursionError,
)  # fmt: skip

FootLine = Sequence[tuple[str, str]]  # text and '', or '' and a field such as PAGE


@dataclass(frozen=True)
class MadePdf:
    """``pages`` of them; ``missing``: the characters that are printed as 〓."""

    content: bytes
    pages: int
    missing: tuple[str, ...]


def pdf_of(document: bytes) -> MadePdf:
    """The document as PDF; the same bytes for the same document.

    :raises Invalid: ``broken_file`` and what else ``documents.packages.whole_document`` refuses, ``document_too_long``.
    """
    file = whole_document(document)
    try:
        word = Document(file)
        story = _Story(word)
        for block in word.iter_inner_content():
            story.add(block)
    except UNREADABLE as error:
        raise broken() from error
    return story.printed()


def foot_of(word: Any) -> list[FootLine]:  # Any: a document of python-docx
    """The lines at the foot of every page, with the places of its number and of how many there are."""
    paragraphs = word.sections[0].footer.paragraphs if word.sections else []
    lines = [list(_foot_parts(paragraph)) for paragraph in paragraphs]
    return [line for line in lines if any(text.strip() or code for text, code in line)]


def _foot_parts(paragraph: WordParagraph) -> Iterator[tuple[str, str]]:
    """A field is one element, or the text between the marks ``begin`` and ``end``."""
    code: str | None = None
    for element in paragraph._p.iter():
        if element.tag == qn("w:fldSimple"):
            yield "", (element.get(qn("w:instr")) or "").strip().upper()
        elif element.tag == qn("w:fldChar"):
            mark = element.get(qn("w:fldCharType"))
            if mark == "end" and code is not None:
                yield "", code.strip().upper()
            code = "" if mark == "begin" else None if mark == "end" else code
        elif element.tag == qn("w:instrText"):
            code = (code or "") + (element.text or "")
        elif element.tag == qn("w:t") and code is None and not _is_in_field(element):
            yield element.text or "", ""


def _is_in_field(element: Any) -> bool:
    return any(above.tag == qn("w:fldSimple") for above in element.iterancestors())


class _Sheets(Canvas):  # type: ignore[misc]  # reportlab has no types
    """Pages are finished when all are laid out: only then is it known how many there are."""

    def __init__(self, *args: Any, foot: Sequence[FootLine], left: float, width: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._foot, self._left, self._width = foot, left, width
        self._laid_out: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - the name reportlab calls
        self._laid_out.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._laid_out, start=1):
            self.__dict__.update(page)
            self._draw_foot({"PAGE": str(number), "NUMPAGES": str(len(self._laid_out))})
            super().showPage()
        super().save()

    def _draw_foot(self, counted: dict[str, str]) -> None:
        self.setFont(main_font(), FOOT_SIZE)
        for place, line in enumerate(reversed(self._foot)):
            text = "".join(text or counted.get(code, "") for text, code in line)
            height = FOOT_END + place * FOOT_LEADING
            if any(code for _text, code in line):
                self.drawCentredString(self._left + self._width / 2, height, text)
            else:
                self.drawString(self._left, height, text)


@dataclass
class _Story:
    """What is laid out, collected block by block; the characters that could not be printed with it."""

    word: Any
    flow: list[Flowable] = field(default_factory=list)
    missing: dict[str, None] = field(default_factory=dict)
    blocks: int = 0

    def __post_init__(self) -> None:
        page = self.word.sections[0] if self.word.sections else None
        given = (page.left_margin, page.right_margin, page.top_margin, page.bottom_margin) if page else (None,) * 4
        self.left, right, self.top, bottom = (float(each.pt) if each else 25 * mm for each in given)
        self.foot = [[(plain(self._known(text)), code) for text, code in line] for line in foot_of(self.word)]
        self.bottom = max(bottom, FOOT_END + (len(self.foot) + 1) * FOOT_LEADING if self.foot else 0)
        self.right, self.width = right, max(A4[0] - self.left - right, 100.0)

    def add(self, block: WordParagraph | WordTable) -> None:
        if isinstance(block, WordTable):
            self.flow += self._table(block)
        else:
            self.flow += self._paragraph(block)

    def printed(self) -> MadePdf:
        if self.missing:
            listed = "、".join(f"U+{ord(each):04X}" for each in self.missing)
            note = _("本PDF所用字体缺少以下字，文中以{mark}代替，以Word文件为准：{listed}").format(
                mark=MISSING, listed=listed
            )
            self.flow += [Spacer(1, 12), Paragraph(self._escaped(note), _style(9, TA_LEFT))]
        out = BytesIO()
        made = SimpleDocTemplate(
            out, pagesize=A4, leftMargin=self.left - PADDING, rightMargin=self.right - PADDING,
            topMargin=self.top - PADDING, bottomMargin=self.bottom - PADDING, invariant=1, pageCompression=1, title="",
            author="", initialFontName=main_font(),
        )  # fmt: skip
        sheets = partial(_Sheets, foot=self.foot, left=self.left, width=self.width)
        try:
            made.build(self.flow or [Spacer(1, 1)], canvasmaker=sheets)
        except LayoutError as error:
            raise _too_long() from error
        return MadePdf(out.getvalue(), made.page, tuple(self.missing))

    def _paragraph(self, paragraph: WordParagraph) -> Iterator[Flowable]:
        self._count()
        if paragraph.paragraph_format.page_break_before:
            yield PageBreak()
        parts = self._parts(paragraph)
        yield self._flowable(paragraph, parts[0])
        for part in parts[1:]:
            yield PageBreak()
            if part:
                yield self._flowable(paragraph, part)

    def _flowable(self, paragraph: WordParagraph, marked: str, *, blank: float = 1.0) -> Flowable:
        """``blank``: the height of an empty line, in lines."""
        size = _size_of(paragraph)
        if not marked.strip():
            return Spacer(1, _leading_of(paragraph, size) * blank)
        style = _style(size, _place_of(paragraph), paragraph)
        bold = [run for run in paragraph.runs if run.text.strip()]
        return (_Bold if bold and all(run.bold for run in bold) else Paragraph)(marked, style)

    def _parts(self, paragraph: WordParagraph) -> list[str]:
        """The marked text of a paragraph, cut where it begins a new page."""
        parts = [""]
        for run in paragraph.runs:
            for piece in run._r:
                if piece.tag == qn("w:br"):
                    if piece.get(qn("w:type")) == "page":
                        parts.append("")
                    else:
                        parts[-1] += "<br/>"
                elif piece.tag in (qn("w:t"), qn("w:tab"), qn("w:cr"), qn("w:noBreakHyphen")):
                    text = self._escaped(piece.text or "" if piece.tag == qn("w:t") else str(piece))
                    parts[-1] += f"<u>{text}</u>" if run.underline and text else text
        return parts

    def _escaped(self, text: str) -> str:
        return marked(self._known(text)).replace("  ", "&nbsp; ")

    def _known(self, text: str) -> str:
        """The text with stand-ins for signs that fonts seldom have; what no font has is remembered."""
        known = "".join(STAND_INS.get(each, each) for each in text)
        self.missing |= dict.fromkeys(each for each in known if font_for(each) is None)
        return known

    def _table(self, table: WordTable) -> Iterator[Flowable]:
        cells, spans = _grid_of(table)
        columns = max((len(row) for row in cells), default=0)
        if not columns:
            return
        widths = _widths_of(table, columns, self.width)
        rows = [
            [self._cell(table, cell) if cell is not None else "" for cell in row] + [""] * (columns - len(row))
            for row in cells
        ]
        style: list[tuple[Any, ...]] = [
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), 4), ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 3), ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            *(("SPAN", first, last) for first, last in spans),
        ]  # fmt: skip
        if _has_borders(table):
            style.append(("GRID", (0, 0), (-1, -1), 0.5, colors.black))
        yield Table(rows, colWidths=widths, style=TableStyle(style), splitInRow=1)

    def _cell(self, table: WordTable, cell: Any) -> list[Flowable]:  # Any: an XML cell of python-docx
        found: list[Flowable] = []
        for child in cell.iterchildren(qn("w:p"), qn("w:tbl")):
            self._count()
            if child.tag == qn("w:tbl"):
                found += self._table(WordTable(child, table))
                continue
            paragraph = WordParagraph(child, table)
            found += [self._flowable(paragraph, part, blank=0.5) for part in self._parts(paragraph)]
        return found

    def _count(self) -> None:
        self.blocks += 1
        if self.blocks > MOST_BLOCKS:
            raise _too_long()


class _Bold(Paragraph):  # type: ignore[misc]  # reportlab has no types
    """The font has one weight: a bold paragraph is filled and outlined."""

    def draw(self) -> None:
        self.canv.saveState()
        self.canv.setLineWidth(0.35)
        mode = self.canv.beginText()
        mode.setTextRenderMode(2)
        self.canv.drawText(mode)
        super().draw()
        self.canv.restoreState()


def _style(size: float, place: int, paragraph: WordParagraph | None = None) -> ParagraphStyle:
    def points(name: str) -> float:
        found = _formatted(paragraph, name) if paragraph is not None else None
        return float(found.pt) if found is not None else 0.0

    return ParagraphStyle(
        "paper", fontName=main_font(), fontSize=size, leading=_leading_of(paragraph, size), alignment=place, wordWrap="CJK",
        firstLineIndent=points("first_line_indent"), leftIndent=points("left_indent"),
        rightIndent=points("right_indent"), spaceBefore=points("space_before"), spaceAfter=points("space_after"),
    )  # fmt: skip


def _formatted(paragraph: WordParagraph, name: str) -> Any:
    """What the paragraph says of its format, else its style, else the style that one is based on."""
    found, style = getattr(paragraph.paragraph_format, name), paragraph.style
    while found is None and style is not None:
        found, style = getattr(style.paragraph_format, name), style.base_style
    return found


def _leading_of(paragraph: WordParagraph | None, size: float) -> float:
    """Points from line to line, never less than the letters need."""
    found = _formatted(paragraph, "line_spacing") if paragraph is not None else None
    exact = float(found.pt) if isinstance(found, Length) else size * LEADING
    return max(exact, size * 1.15)


def _place_of(paragraph: WordParagraph) -> int:
    found = _formatted(paragraph, "alignment")
    return int(TA_LEFT if found is None else PLACES.get(found, TA_LEFT))


def _size_of(paragraph: WordParagraph) -> float:
    """Points: the largest of its runs, else that of its style."""
    sizes = [run.font.size.pt for run in paragraph.runs if run.font.size is not None]
    if sizes:
        return float(min(max(sizes), 72.0))
    style: Any = paragraph.style
    while style is not None:
        if style.font.size is not None:
            return float(style.font.size.pt)
        style = style.base_style
    return USUAL_SIZE


def _grid_of(table: WordTable) -> tuple[list[list[Any]], list[tuple[tuple[int, int], tuple[int, int]]]]:
    """The cells by row and column, None where one is merged into another, and the merged areas (column, row)."""
    cells: list[list[Any]] = []
    spans: list[tuple[tuple[int, int], tuple[int, int]]] = []
    open_down: dict[int, tuple[int, int, int]] = {}  # column: first row, last row, width
    for at, row in enumerate(table._tbl.tr_lst):
        line: list[Any] = [None] * row.grid_before
        for cell in row.tc_lst:
            column, width = len(line), cell.grid_span
            if cell.vMerge == "continue" and column in open_down:
                first, _last, wide = open_down[column]
                open_down[column] = (first, at, wide)
                line += [None] * width
                continue
            if column in open_down:
                spans += _area(column, open_down.pop(column))
            if cell.vMerge == "restart":
                open_down[column] = (at, at, width)
            elif width > 1:
                spans.append(((column, at), (column + width - 1, at)))
            line += [cell, *[None] * (width - 1)]
        cells.append(line)
    for column, area in open_down.items():
        spans += _area(column, area)
    return cells, spans


def _area(column: int, area: tuple[int, int, int]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    first, last, width = area
    return [((column, first), (column + width - 1, last))] if last > first or width > 1 else []


def _widths_of(table: WordTable, columns: int, room: float) -> list[float]:
    """Points per column: those of the file in proportion, filling the page."""
    given = [float(each.w or 0) for each in table._tbl.tblGrid.gridCol_lst][:columns]
    if len(given) < columns or min(given, default=0.0) <= 0:
        given = [1.0] * columns
    return [room * each / sum(given) for each in given]


def _has_borders(table: WordTable) -> bool:
    style: Any = table.style
    own = table._tbl.tblPr.find(qn("w:tblBorders"))
    if own is not None:
        return any(each.get(qn("w:val")) not in ("none", "nil") for each in own)
    return style is not None and "grid" in (style.name or "").lower()


def _too_long() -> Invalid:
    return refused_file(_("文书太长，不能转换为PDF。请下载Word文件打印，或者拆分后再制作。"), code="document_too_long")
