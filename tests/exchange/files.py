"""Small ledgers, as people make them."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

HEADERS = ("来源渠道", "收到日期", "当事人名称", "线索内容")
GOOD = ("举报", "2026-02-27", "示例商店", "销售过期食品。")


def rows(count: int, start: int = 1) -> list[tuple[str, ...]]:
    return [("举报", "2026-02-27", f"示例商店{n}", f"第{n}批食品过期。") for n in range(start, start + count)]


def xlsx(
    lines: Sequence[Sequence[Any]], headers: Sequence[str] = HEADERS, then: Callable[[Any, Any], None] | None = None
) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_urls": False}) as book:
        sheet = book.add_worksheet("线索")
        for number, line in enumerate([headers, *lines]):
            for place, value in enumerate(line):
                sheet.write(number, place, value)
        if then is not None:
            then(book, sheet)
    return out.getvalue()


def csv(lines: Sequence[Sequence[str]], headers: Sequence[str] = HEADERS, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(",".join(line) for line in [headers, *lines]).encode(encoding)


def upload(content: bytes, name: str = "台账.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
