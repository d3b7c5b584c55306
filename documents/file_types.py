"""What an uploaded file is, read from its content: the name decides nothing, and what is two things at once is refused."""

import codecs
import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from typing import IO

import filetype
from django.utils.translation import gettext as _

from documents import compound, media, packages
from documents.file_refusals import Content, broken, mixed, refused_file
from documents.packages import END_RECORD

HEAD = 8192
CHUNK = 2**20
FURTHEST_END = 22 + 0xFFFF  # an end record and the longest comment a ZIP may have
LONGEST_NAME = 120
NAMELESS = "未命名"
ENCODINGS = ("utf-8", "gb18030")
MARKUP = re.compile(r"[\s\ufeff]*<(\?xml|!doctype|!--|html|head|body|svg|script|iframe|img|meta)\b", re.IGNORECASE)
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
UNWANTED_IN_NAMES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def whole_pdf(content: Content) -> None:
    """From the first byte to the end mark, behind which nothing but blanks stands.

    :raises Invalid: ``broken_file``, ``mixed_content``.
    """
    if content[:5] != b"%PDF-":
        raise mixed()
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise broken()
    if content[end + 5 :].strip(b"\0 \t\r\n\f"):
        raise mixed()


@dataclass(frozen=True)
class FileType:
    """A kind of content: how it is served, which endings of a name fit it, what must hold of all its bytes."""

    media_type: str
    endings: tuple[str, ...]
    check: Callable[[Content], None] | None = None


TYPES = {
    "pdf": FileType("application/pdf", ("pdf",), whole_pdf),
    "jpg": FileType("image/jpeg", ("jpg", "jpeg"), media.whole_jpeg),
    "png": FileType("image/png", ("png",), media.whole_png),
    "gif": FileType("image/gif", ("gif",), media.whole_gif),
    "webp": FileType("image/webp", ("webp",), media.whole_webp),
    "docx": FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",)),
    "xlsx": FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",)),
    "doc": FileType("application/msword", ("doc", "wps")),
    "xls": FileType("application/vnd.ms-excel", ("xls", "et")),
    "txt": FileType("text/plain", ("txt",)),
    "csv": FileType("text/csv", ("csv",)),
    "mp4": FileType("video/mp4", ("mp4",), media.whole_mp4),
    "mp3": FileType("audio/mpeg", ("mp3",)),
    "zip": FileType("application/zip", ("zip",)),
}
IMAGES = frozenset(TYPES[kind].media_type for kind in ("jpg", "png", "gif", "webp"))
PAPERS = ("pdf", "jpg", "png", "gif", "webp", "docx", "xlsx", "doc", "xls", "txt", "csv")
EVIDENCE = (*PAPERS, "mp4", "mp3")


def media_type_of(file: IO[bytes], name: str, allowed: Collection[str] = PAPERS) -> str:
    """The media type of a file on disk that is not empty, once nothing speaks against keeping it.

    :param name: as cleaned by :func:`clean_name`; its ending must fit the content.
    :param allowed: keys of :data:`TYPES`.
    :raises Invalid: ``type_not_allowed``, ``type_mismatch``, ``mixed_content``, ``broken_file``, ``macro_file``,
        ``encrypted_file``, ``archive_bomb``, ``nested_archive``.
    """
    ending = name.rpartition(".")[2].lower()
    with mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        kind = _kind(file, content, ending)
        if kind not in allowed:
            raise refused_file(
                _("这种文件不能上传。可以上传的有：%(allowed)s。") % {"allowed": _("、").join(allowed)},
                code="type_not_allowed",
            )
        found = TYPES[kind]
        if ending not in found.endings:
            raise refused_file(
                _("文件名以“.%(ending)s”结尾，内容却是%(kind)s。请核对是不是选错了文件；没有错的，把扩展名改对再上传。")
                % {"ending": ending[:20], "kind": kind},
                code="type_mismatch",
            )
        if found.check is not None:
            found.check(content)
        if content[:2] != b"PK":
            _require_no_archive(content)
    return found.media_type


def _kind(file: IO[bytes], content: Content, ending: str) -> str:
    """A key of :data:`TYPES`, or another word for what may never be kept."""
    if content[:4] == b"PK\x03\x04":
        return packages.kind_of_package(file)
    if content[:8] == compound.MAGIC:
        return compound.kind_of_compound(content)
    guessed = filetype.guess(content[:HEAD])
    if guessed is not None:
        return "png" if guessed.extension == "apng" else str(guessed.extension)
    if not _is_text(content):
        return "unknown"
    return "csv" if ending == "csv" else "txt"


def _require_no_archive(content: Content) -> None:
    """A ZIP is read from its end: one whose comment runs to the last byte would open as an archive too."""
    place = content.rfind(END_RECORD, max(0, len(content) - FURTHEST_END))
    if place >= 0 and place + 22 + int.from_bytes(content[place + 20 : place + 22], "little") == len(content):
        raise mixed()


def _is_text(content: Content) -> bool:
    """Plain text in UTF-8 or GB 18030, and no page, picture or script written as text."""
    return any(_is_text_in(encoding, content) for encoding in ENCODINGS)


def _is_text_in(encoding: str, content: Content) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), CHUNK):
            text = decoder.decode(content[start : start + CHUNK], final=start + CHUNK >= len(content))
            if NO_TEXT.search(text) or (start == 0 and MARKUP.match(text)):
                return False
    except UnicodeDecodeError:
        return False
    return True


def clean_name(name: str) -> str:
    """The name without folders and without what deceives the eye or a file system; its ending is kept."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(each for each in last if unicodedata.category(each) not in UNWANTED_IN_NAMES)
    cleaned = re.sub(r'[<>:"|?*]', "_", " ".join(visible.split())).strip(". ")
    stem, dot, ending = cleaned.rpartition(".")
    if len(cleaned) > LONGEST_NAME and dot and len(ending) <= 10:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return cleaned[:LONGEST_NAME] or NAMELESS
