"""Tables as people make them are read row by row, or refused with the place and the reason."""

import pytest

from core.errors import Invalid
from exchange.workbooks import LOST, column_letters, read_table
from tests.exchange.files import GOOD, HEADERS, csv, xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"


def read(content: bytes, kind: str = XLSX) -> list[tuple[int, list[str]]]:
    return list(read_table(content, kind).rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_text_is_read_in_any_encoding_offices_use(encoding: str) -> None:
    table = read_table(csv([GOOD], encoding=encoding), CSV)
    assert table.headers == HEADERS
    assert list(table.rows) == [(2, list(GOOD))]


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_text_may_be_divided_otherwise(mark: str) -> None:
    content = "\n".join(mark.join(line) for line in (HEADERS, GOOD)).encode()
    assert read(content, CSV) == [(2, list(GOOD))]


def test_numbers_days_and_hidden_rows_are_read_as_they_stand() -> None:
    def then(book: object, sheet: object) -> None:
        sheet.set_row(2, None, None, {"hidden": True})  # type: ignore[attr-defined]  # xlsxwriter carries no types

    content = xlsx([("a", 46000, 12.5, " x "), ("b", 370202, True, "007"), ("c", 1.1e17, "", "")], then=then)
    assert read(content) == [
        (2, ["a", "46000", "12.5", "x"]), (3, ["b", "370202", "是", "007"]), (4, ["c", LOST, "", ""]),
    ]  # fmt: skip


def test_empty_rows_keep_their_numbers() -> None:
    assert read(xlsx([("",) * 4, GOOD])) == [(3, list(GOOD))]


def test_columns_are_lettered_as_in_a_spreadsheet() -> None:
    assert [column_letters(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def merged(book: object, sheet: object) -> None:
    sheet.merge_range(2, 0, 3, 1, "合并")  # type: ignore[attr-defined]  # xlsxwriter carries no types


def failed(book: object, sheet: object) -> None:
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")  # type: ignore[attr-defined]  # xlsxwriter carries no types


def far_away(book: object, sheet: object) -> None:
    sheet.write(1_048_575, 16_383, "x")  # type: ignore[attr-defined]  # xlsxwriter carries no types


@pytest.mark.parametrize(
    ("content", "kind", "code", "named"),
    [
        (xlsx([GOOD], then=merged), XLSX, "merged_cells", "A3:B4"),
        (xlsx([GOOD], then=failed), XLSX, "formula_error", "C2"),
        (xlsx([GOOD], then=far_away), XLSX, "too_many_rows", "50,000"),
        (xlsx([GOOD], headers=("来源渠道", "收到日期", "来源渠道")), XLSX, "duplicate_header", "A列和C列"),
        (xlsx([], headers=()), XLSX, "empty_sheet", "第一行"),
        (csv([("举报", "2026-02-27", "甲", "字" * 40_000)]), CSV, "cell_too_long", "D2"),
        (csv([("举报", "2026-02-27", "甲", "x" * 10 * 2**20)]), CSV, "cell_too_long", "D2"),
        (csv([GOOD], headers=tuple(f"列{n}" for n in range(101))), CSV, "too_many_columns", "101"),
        ('来源渠道,收到日期\n"举报,2026'.encode(), CSV, "broken_file", "引号"),
        (b"\xff\xff\xfe\x81\x30", CSV, "undecodable", "GBK"),
        (csv([GOOD] * 50_001), CSV, "too_many_rows", "50,000"),
        (b"PK\x03\x04 not a workbook", XLSX, "broken_file", "损坏"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isascii() and "/" not in value else "",
)  # fmt: skip
def test_what_would_be_read_wrongly_is_refused_with_its_place(content: bytes, kind: str, code: str, named: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(content, kind)
    assert (caught.value.code, caught.value.field) == (code, "upload")
    assert named in caught.value.detail
