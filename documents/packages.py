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
    except (BadZipFile, zlib.error, NotImplementedError, EOFError, UnicodeDecodeError, RuntimeError, ValueError):
        raise broken() from None


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
