"""The fonts papers are printed in: those of this machine that a PDF can carry, else the one PDF readers have.

A PDF that is kept for decades must bring its letters along. TrueType fonts are embedded, and what one lacks the next may
have. Without any, Adobe's STSong-Light is named and not embedded: readers show it, or a substitute.
"""

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import getFont, registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFError, TTFont

NAMED = "STSong-Light"
MISSING = "〓"
# Song type where the system has it, then what Debian packages have; the last ones for rare characters of names.
USUAL = (
    "C:/Windows/Fonts/simsun.ttc",
    "C:/Windows/Fonts/simsunb.ttf",
    "/System/Library/Fonts/Supplemental/Songti.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/hanazono/HanaMinA.ttf",
    "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf",
)


def main_font() -> str:
    """The name reportlab knows it by.

    :raises ImproperlyConfigured: ``PAPER_FONTS`` names what is no TrueType font.
    """
    return next(_fonts())


@cache
def font_for(character: str) -> str | None:
    """The first font that has the character; None when none has."""
    return next((name for name in _fonts() if _has(name, character)), None)


def marked(text: str) -> str:
    """For a paragraph of reportlab: escaped, each character in a font that has it, 〓 where none has."""
    return "".join(_marked_run(font, "".join(run)) for font, run in groupby(text, key=font_for))


def plain(text: str) -> str:
    """For a line drawn in the main font alone: 〓 for what that one lacks."""
    return "".join(each if font_for(each) == main_font() else MISSING for each in text)


def _marked_run(font: str | None, run: str) -> str:
    if font is None:
        return MISSING * len(run)
    return escape(run) if font == main_font() else f'<font name="{font}">{escape(run)}</font>'


def _fonts() -> Iterator[str]:
    """In order of preference, each loaded when it is asked for."""
    for each in settings.PAPER_FONTS or [path for path in USUAL if Path(path).is_file()] or [NAMED]:
        yield _registered(each)


@cache
def _registered(path: str) -> str:
    name = Path(path).stem
    try:
        registerFont(UnicodeCIDFont(NAMED) if path == NAMED else TTFont(name, path))
    except TTFError as error:
        raise ImproperlyConfigured(f"PAPER_FONTS: {path}: {error}") from error
    registerFontFamily(name, normal=name, bold=name, italic=name, boldItalic=name)
    return name


def _has(name: str, character: str) -> bool:
    return _is_in_adobe_gb1(character) if name == NAMED else ord(character) in getFont(name).face.charToGlyph


def _is_in_adobe_gb1(character: str) -> bool:
    """Adobe-GB1 has what GBK encodes, and the ideographs of extension A."""
    if "\u3400" <= character <= "\u4dbf" or character.isascii():
        return True
    try:
        character.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True
