"""A Word document as a piece of a page: its text, tables and stress, and nothing that runs, asks outside or styles."""

from html import escape
from itertools import product
from typing import Any

import mammoth
import nh3
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH

from documents.file_refusals import broken
from documents.packages import whole_document
from documents.pdf import UNREADABLE, foot_of

TAGS = {
    "p", "br", "strong", "em", "s", "u", "sub", "sup", "h1", "h2", "h3", "h4", "table", "thead", "tbody", "tr", "td", "th", "ul",
    "ol", "li",
}  # fmt: skip
SPANS = {"colspan", "rowspan"}
PLACES = {"center": "is-centre", "right": "is-right", "end": "is-right"}
OF_STYLES = {WD_ALIGN_PARAGRAPH.CENTER: "is-centre", WD_ALIGN_PARAGRAPH.RIGHT: "is-right"}
TITLE_SIZE = 20  # points; titles of papers are 22
CLASSES = ("is-centre", "is-right", "is-indented", "is-title")
LOOKS = [
    " ".join(filter(None, look))
    for look in product(("", "is-centre", "is-right"), ("", "is-indented"), ("", "is-title"))
    if any(look)
]
STYLE_MAP = "\n".join(["u => u", *(f"p[style-name='{each}'] => p.{each.replace(' ', '.')}:fresh" for each in LOOKS)])


def html_of(document: bytes) -> str:
    """The document as clean HTML: paragraphs, tables, bold and underlined text, the foot of its pages once at the end;
    pictures and links are left out.

    :raises Invalid: ``broken_file`` and what else ``documents.packages.whole_document`` refuses.
    """
    file = whole_document(document)
    try:
        word = Document(file)
        file.seek(0)
        made = mammoth.convert_to_html(
            file, transform_document=_looking(word), style_map=STYLE_MAP, include_embedded_style_map=False,
            convert_image=_no_picture,
        )  # fmt: skip
        foot = "".join(f"<p>{escape(line)}</p>" for line in _foot(word))
    except UNREADABLE as error:
        raise broken() from error
    return nh3.clean(
        made.value + foot, tags=TAGS, attributes={"td": SPANS, "th": SPANS}, allowed_classes={"p": set(CLASSES)},
        clean_content_tags={"script", "style"},
    )  # fmt: skip


def _foot(word: Any) -> list[str]:
    return ["".join(text or "＿" for text, _code in line) for line in foot_of(word)]


def _looking(word: Any) -> Any:  # Any: mammoth and python-docx have no types for this
    """How paragraphs look as the name of a style, the only thing a style map can ask for."""
    styles = {style.name: _look_of(style) for style in word.styles if style.type == WD_STYLE_TYPE.PARAGRAPH}

    def look(paragraph: Any) -> Any:
        place, indented, title = styles.get(paragraph.style_name, ("", "", ""))
        name = " ".join(filter(None, (PLACES.get(paragraph.alignment, place), indented, title)))
        return paragraph.copy(style_id=name, style_name=name) if name else paragraph

    return mammoth.transforms.paragraph(look)


def _look_of(style: Any) -> tuple[str, str, str]:
    layout, size = style.paragraph_format, style.font.size
    return (
        OF_STYLES.get(layout.alignment, ""),
        "is-indented" if layout.first_line_indent else "",
        "is-title" if size is not None and size.pt >= TITLE_SIZE else "",
    )


def _no_picture(_image: Any) -> list[Any]:
    return []
