"""Office files that are ZIP packages (ECMA-376): which kind, and nothing in them that runs or bursts."""

import zlib
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from core.errors import Invalid
from documents import compound
from documents.file_refusals import broken, mixed, refused_file, with_macros

# Local defaults: what no honest office document comes near.
MOST_ENTRIES = 10_000
MOST_BYTES = 256 * 2**20
MOST_RATIO = 200
BYTES_OF_A_SMALL_ONE = 8 * 2**20
MOST_BYTES_OF_TYPES = 2**20
MOST_BYTES_OF_TEXT = 8 * 2**20  # of one part of a document that is laid out, not only kept
TYPES_PART = "[Content_Types].xml"
MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"presentationml.presentation.main+xml": "pptx",
}
RUNS = ("vbaproject.bin", "vbadata.xml")
RUNNING_FOLDERS = ("macrosheets", "activex", "dialogsheets", "customui")
END_RECORD = b"PK\x05\x06"


def kind_of_package(file: IO[bytes], *, depth: int = 0) -> str:
    """``docx``, ``xlsx``, ``pptx``; ``zip`` for an archive that is no office file.

    :raises Invalid: ``broken_file``, ``mixed_content``, ``archive_bomb``, ``macro_file``, ``encrypted_file``,
        ``nested_archive``.
    """
    try:
        with ZipFile(file) as archive:
            kind = _kind(archive)
            if kind != "zip":
                _require_whole(file, archive)
                _require_moderate(archive, file.seek(0, 2))
                _require_nothing_runs(archive)
                _require_plain_parts(archive, depth)
            return kind
    # RuntimeError: also what zipfile raises for a compression, encryption or version it cannot read.
    except (BadZipFile, zlib.error, EOFError, UnicodeDecodeError, RuntimeError, ValueError):
        raise broken() from None


def whole_document(content: bytes) -> BytesIO:
    """A Word document to be laid out: sound, of moderate size, and XML that brings no definitions of its own.

    :raises Invalid: as :func:`kind_of_package`, ``broken_file`` also for another kind of file, ``document_too_long``.
    """
    file = BytesIO(content)
    if kind_of_package(file) != "docx":
        raise broken()
    with ZipFile(file) as archive:
        for part in archive.infolist():
            if part.filename.lower().endswith((".xml", ".rels")):
                _require_plain_xml(archive, part)
    file.seek(0)
    return file


def _require_plain_xml(archive: ZipFile, part: ZipInfo) -> None:
    if part.file_size > MOST_BYTES_OF_TEXT:
        raise refused_file(
            _("文书超过%(most)s MB文字（本系统默认值），不能排版。请拆分后再制作。")
            % {"most": MOST_BYTES_OF_TEXT // 2**20},
            code="document_too_long",
        )
    with archive.open(part) as opened:
        head = opened.read(4096)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head or b"<!" in head.replace(b"<!--", b""):
        raise broken()


def _kind(archive: ZipFile) -> str:
    if TYPES_PART not in archive.namelist():
        return "zip"
    with archive.open(TYPES_PART) as part:
        types = part.read(MOST_BYTES_OF_TYPES)
    if b"macroenabled" in types.lower() or b"vbaproject" in types.lower():
        raise with_macros()
    return next((kind for mark, kind in MAIN_PARTS.items() if mark in types), "zip")


def _require_whole(file: IO[bytes], archive: ZipFile) -> None:
    """The archive is the whole file: no program or picture before it, nothing behind its end record."""
    end = file.seek(0, 2)
    file.seek(max(0, end - 22))
    if not file.read().startswith(END_RECORD) or min(part.header_offset for part in archive.infolist()) != 0:
        raise mixed()


def _require_moderate(archive: ZipFile, size: int) -> None:
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    overlapping = sum(part.compress_size for part in parts) > size
    swollen = total > BYTES_OF_A_SMALL_ONE and total > size * MOST_RATIO
    if len(parts) > MOST_ENTRIES or total > MOST_BYTES or swollen or overlapping:
        raise bomb()


def _require_nothing_runs(archive: ZipFile) -> None:
    for part in archive.infolist():
        path = PurePosixPath(part.filename.lower().replace("\\", "/"))
        if path.name in RUNS or set(path.parts[:-1]) & set(RUNNING_FOLDERS):
            raise with_macros()


def _require_plain_parts(archive: ZipFile, depth: int) -> None:
    """Unpack every part once, within what the directory promised; look into what is embedded."""
    for part in archive.infolist():
        with archive.open(part) as opened:
            head = opened.read(8)
            if head.startswith(b"PK\x03\x04"):
                _require_plain_package(part, head + opened.read(), depth)
            elif head == compound.MAGIC:
                compound.kind_of_compound(head + opened.read())
            else:
                while opened.read(2**20):  # its check sum is compared at the end
                    pass


def _require_plain_package(part: ZipInfo, content: bytes, depth: int) -> None:
    """The workbook behind a chart is fine, an archive in a document is not."""
    if depth or kind_of_package(BytesIO(content), depth=depth + 1) not in MAIN_PARTS.values():
        raise refused_file(
            _("文件里还套着压缩包（%(name)s），系统不逐层打开。请取出后分别上传。") % {"name": part.filename[:60]},
            code="nested_archive",
        )


def bomb() -> Invalid:
    return refused_file(
        _("文件解压后会变得异常庞大，不是正常的办公文件，不能保存。请另存后再上传。"), code="archive_bomb"
    )
