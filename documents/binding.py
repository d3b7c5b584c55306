"""Pages for a bound file: what is not a PDF becomes one, and volumes are put together with a number on every page.

Nothing of a PDF that acts (scripts, forms, links, attachments) is taken over; a PDF that cannot be read, is encrypted or
too long is represented by a slip. Pictures are scaled down to print: the original goes beside the volume.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import NameObject
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

from documents.fonts import main_font, marked, plain

MARGIN = 22 * mm
PRINT_SIZE = (1654, 2339)  # A4 at 200 dots per inch
MOST_PIXELS = 80_000_000
MOST_PAGES = 1500  # of one PDF
ACTING = ("/AA", "/Annots", "/B", "/Metadata", "/PieceInfo")
FONT = main_font()  # asked for here, so that a wrong setting is told of at the start
TITLE = ParagraphStyle("title", fontName=FONT, fontSize=18, leading=28, alignment=TA_CENTER, spaceAfter=6 * mm)
LABEL = ParagraphStyle("label", fontName=FONT, fontSize=11, leading=18, spaceBefore=3 * mm, textColor="#555555")
TEXT = ParagraphStyle("text", fontName=FONT, fontSize=12, leading=20, wordWrap="CJK")
NOTE = ParagraphStyle("note", fontName=FONT, fontSize=9.5, leading=15, textColor="#555555", wordWrap="CJK")


class Unprintable(Exception):  # noqa: N818 - named for what it is, and always answered by a slip
    """A file that has no pages to bind."""


def words_pdf(title: str, rows: Iterable[tuple[str, str]], note: str) -> bytes:
    """Labels and texts one below the other under a title, with a note at the end; the same bytes for the same words."""
    story = [Paragraph(marked(title), TITLE)]
    for label, text in rows:
        story.append(Paragraph(marked(label), LABEL))
        story += [Paragraph(marked(line) or "　", TEXT) for line in (text or "无").split("\n")]
    story += [Spacer(1, 8 * mm), Paragraph(marked(note), NOTE)]
    to = BytesIO()
    SimpleDocTemplate(
        to, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN, invariant=1,
        title=title, initialFontName=FONT,
    ).build(story)  # fmt: skip
    return to.getvalue()


def picture_pdf(file: IO[bytes], caption: str) -> bytes:
    """A picture on a page, turned as the camera says and no finer than print.

    :raises Unprintable:
    """
    try:
        with Image.open(file) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unprintable
            picture.draft("RGB", PRINT_SIZE)
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail(PRINT_SIZE)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unprintable from error
    printed = BytesIO()
    upright.save(printed, "JPEG", quality=82)
    to, (width, height) = BytesIO(), A4
    canvas = Canvas(to, pagesize=A4, invariant=1, initialFontName=FONT)
    canvas.drawImage(
        ImageReader(printed), MARGIN, MARGIN + 10 * mm, width - 2 * MARGIN, height - 2 * MARGIN - 10 * mm,
        preserveAspectRatio=True, anchor="n",
    )  # fmt: skip
    canvas.setFont(FONT, 10)
    canvas.drawCentredString(width / 2, MARGIN, plain(caption[:60]))
    canvas.save()
    return to.getvalue()


def pages_of(file: IO[bytes] | Path) -> int:
    """How many pages a PDF has that can be bound.

    :raises Unprintable: it cannot be read, is encrypted, has none or more than :data:`MOST_PAGES`.
    """
    try:
        with PdfReader(file, strict=False) as reader:
            if reader.is_encrypted:
                raise Unprintable
            count = len(reader.pages)
            for page in reader.pages:
                if page.mediabox.width <= 0 or page.mediabox.height <= 0:
                    raise Unprintable
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise Unprintable from error
    if not 0 < count <= MOST_PAGES:
        raise Unprintable
    return count


def bind(front: Sequence[bytes], parts: Sequence[Path], back: Sequence[bytes], to: Path, *, title: str) -> int:
    """One PDF: the front as it is, the parts numbered from page 1, the back as it is; how many pages are numbered."""
    writer = PdfWriter()
    for each in front:
        writer.append(BytesIO(each), import_outline=False)
    first = len(writer.pages)
    for part in parts:
        with PdfReader(part, strict=False) as reader:
            for page in reader.pages:
                for name in ACTING:
                    page.pop(NameObject(name), None)
                writer.add_page(page)
    count = len(writer.pages) - first
    _number(writer, first, count)
    for each in back:
        writer.append(BytesIO(each), import_outline=False)
    writer.add_metadata({"/Title": title, "/Producer": "casemgr"})
    with to.open("wb") as file:
        writer.write(file)
    writer.close()
    return count


def _number(writer: PdfWriter, first: int, count: int) -> None:
    """Stamp the page numbers at the upper outer corner, whatever the size of the page."""
    if not count:
        return
    stamps, sizes = BytesIO(), []
    for page in writer.pages[first : first + count]:
        if page.rotation:
            page.transfer_rotation_to_content()
        sizes.append((page.cropbox.left, page.cropbox.bottom, page.cropbox.right, page.cropbox.top))
    canvas = Canvas(stamps, invariant=1, initialFontName=FONT)
    for number, (left, _bottom, right, top) in enumerate(sizes, start=1):
        canvas.setPageSize((float(right), float(top)))
        canvas.setFont(FONT, 11)
        outer = float(right) - 12 * mm if number % 2 else float(left) + 12 * mm
        canvas.drawCentredString(outer, float(top) - 10 * mm, str(number))
        canvas.showPage()
    canvas.save()
    for page, stamp in zip(writer.pages[first : first + count], PdfReader(stamps).pages, strict=True):
        page.merge_page(stamp)
