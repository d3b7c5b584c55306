"""Reading a table somebody made: a workbook or a text file, as rows of text. Formulas are never evaluated.

What would be read wrongly is refused, with the place in the file: merged cells, a heading twice, a formula that failed.
"""

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from itertools import islice

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from core.errors import Invalid

MOST_ROWS = 50_000  # local defaults: what one import may hold
MOST_COLUMNS = 100
LONGEST_CELL = 32_767  # as many as a spreadsheet itself allows
EXACT = 10**15  # beyond, a number in a spreadsheet has lost digits
WIDEST = 2**20
# A cell so far out that a reader would make room for millions of empty ones before it.
FAR_CELL = re.compile(rb"""\br=["'](?:[A-Z]{3,}\d+|[D-Z][A-Z]\d+|[A-Z]*(?:\d{6,}|[6-9]\d{4}))["']""")
FAILED_CELL = re.compile(rb"""<(?:\w+:)?c\b(?=[^>]*\bt=["']e["'])[^>]*\br=["']([A-Z]+\d+)["']""")
OVERLAP = 256
LOST = "\0lost"  # stands in a row for a number whose digits are gone


@dataclass(frozen=True)
class Table:
    """The headings of a table, and its rows: the number each has in the file, and its cells as text.

    A number with more digits than a spreadsheet keeps is :data:`LOST`. ``rows`` is read once.
    """

    headers: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]


def read_table(content: bytes, media_type: str) -> Table:
    """The table of a file whose kind the upload has made sure of.

    :raises Invalid: ``undecodable``, ``broken_file``, ``empty_sheet``, ``merged_cells``, ``formula_error``,
        ``duplicate_header``, ``too_many_columns``, ``too_many_rows``, ``cell_too_long``; reading rows may raise the
        last two as well.
    """
    lines = _text_lines(content) if media_type == "text/csv" else _sheet_lines(content)
    numbered = ((number, row) for number, row in enumerate(lines, start=1) if any(row))
    first = next(numbered, None)
    if first is None:
        raise _refused(_("文件里没有内容：第一行应当是各列的名称，下面每行一条线索。"), "empty_sheet")
    headers = _headers(first[1])
    return Table(headers, _bounded(numbered, len(headers)))


def column_letters(place: int) -> str:
    """A for 0, AB for 27."""
    letters, left = "", place + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _headers(row: Sequence[str]) -> tuple[str, ...]:
    last = max(place for place, text in enumerate(row) if text)
    headers = tuple(row[: last + 1])
    if len(headers) > MOST_COLUMNS:
        raise _refused(_("第一行有%(found)s列，最多%(most)s列。") % {"found": len(headers), "most": MOST_COLUMNS},
                       "too_many_columns")  # fmt: skip
    seen: dict[str, int] = {}
    for place, header in enumerate(headers):
        if header and header in seen:
            where = {"header": header[:40], "first": column_letters(seen[header]), "second": column_letters(place)}
            raise _refused(
                _("列名“%(header)s”出现了两次（%(first)s列和%(second)s列）。请删去或者改名后再上传。") % where,
                "duplicate_header",
            )
        seen[header] = place
    return headers


def _bounded(rows: Iterable[tuple[int, list[str]]], width: int) -> Iterator[tuple[int, list[str]]]:
    for count, (number, row) in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise _too_many_rows()
        for place, text in enumerate(row):
            if len(text) > LONGEST_CELL:
                where = {"cell": f"{column_letters(place)}{number}", "found": len(text), "most": LONGEST_CELL}
                raise _refused(_("单元格%(cell)s有%(found)s个字，最多%(most)s个字。") % where, "cell_too_long")
        yield number, (row + [""] * width)[:width]


# ---- text files -------------------------------------------------------------


def _text_lines(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    head = text[:4096].splitlines()[0] if text.strip() else ""
    delimiter = max(",\t;，", key=head.count) if head else ","
    csv.field_size_limit(len(text) + 1)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            yield [_unquoted(cell) for cell in row]
    except csv.Error:
        raise _refused(
            _("第%(line)s行的引号不配对，无法分列。请用电子表格软件另存为CSV或者xlsx。") % {"line": reader.line_num},
            "broken_file",
        ) from None


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise undecodable()


def undecodable() -> Invalid:
    return _refused(_("文件的文字编码认不出来。请用UTF-8或者GBK编码另存为CSV，或者另存为xlsx后再上传。"), "undecodable")


def _unquoted(cell: str) -> str:
    """Without the apostrophe that an export puts before what a spreadsheet would calculate."""
    text = cell.strip()
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@\t\r" else text


# ---- workbooks --------------------------------------------------------------


def _sheet_lines(content: bytes) -> Iterator[list[str]]:
    try:
        if content[:2] == b"PK":
            _look_through(content)
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            sheet = _data_sheet(book)
            _require_unmerged(sheet)
            start = sheet.start
            yield from ([] for _row in range(start[0] if start else 0))
            indent = [""] * (start[1] if start else 0)
            for row in sheet.iter_rows():
                yield [*indent, *map(_text, row)]
    except (CalamineError, zipfile.BadZipFile):
        raise _refused(_("文件不完整或者已经损坏。请在本机打开确认后重新保存，再上传。"), "broken_file") from None


def _data_sheet(book: CalamineWorkbook) -> CalamineSheet:
    """The sheet named 线索, else the first that is shown."""
    shown = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    if not shown:
        raise _refused(_("文件里没有可以读取的工作表。"), "empty_sheet")
    return book.get_sheet_by_name("线索" if "线索" in shown else shown[0])


def _require_unmerged(sheet: CalamineSheet) -> None:
    for (top, left), (bottom, right) in islice(sheet.merged_cell_ranges or [], 1):
        area = f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
        raise _refused(
            _("工作表“%(sheet)s”的%(area)s是合并单元格，无法分清每行的内容。请取消合并、补全内容后再上传。")
            % {"sheet": sheet.name[:31], "area": area},
            "merged_cells",
        )


def _look_through(content: bytes) -> None:
    """What the reader of workbooks does not tell: cells beyond all use, and formulas that failed."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for part in archive.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part):
                with archive.open(part) as opened:
                    _scan(iter(lambda: opened.read(WIDEST), b""))


def _scan(pieces: Iterator[bytes]) -> None:
    tail = b""
    for piece in pieces:
        text = tail + piece
        if FAR_CELL.search(text):
            raise _too_many_rows()
        if failed := FAILED_CELL.search(text):
            raise _refused(
                _("单元格%(cell)s的公式出错（如 #N/A、#REF!）。请改正，或者改成固定的内容后再上传。")
                % {"cell": failed[1].decode()},
                "formula_error",
            )
        tail = text[-OVERLAP:]


def _text(cell: object) -> str:
    """A cell as it is read: numbers without a tail of zeros, days as 2026-11-20."""
    match cell:
        case str():
            return cell.strip()
        case bool():
            return "是" if cell else "否"
        case float() | int():
            if abs(cell) >= EXACT:
                return LOST
            return str(int(cell)) if cell == int(cell) else repr(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
        case timedelta() | time():
            return str(cell)
    return str(cell)


def _too_many_rows() -> Invalid:
    return _refused(
        _(
            "一次最多导入%(most)s行。请拆成几个文件；行数没有这么多的，是表格下方或者右侧很远处还有内容或者格式，请把数据复制到新的工作表再上传。"
        )
        % {"most": f"{MOST_ROWS:,}"},
        "too_many_rows",
    )


def _refused(detail: str, code: str) -> Invalid:
    return Invalid(detail, code=code, field="upload")
