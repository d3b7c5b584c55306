"""Writing tables for people: the template, what is wrong with a file, the leads of a list. Never a formula, never a link."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

import xlsxwriter

from exchange.columns import COLUMNS, GUIDE, SHEET, Column

TEMPLATE_ROWS = 5000
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def workbook(file: IO[bytes]) -> Iterator[Any]:
    """A workbook in which text stays text; rows go to disk one by one."""
    with xlsxwriter.Workbook(file, {"constant_memory": True, **PLAIN}) as book:
        yield book


def write_table(file: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with workbook(file) as book:
        sheet = book.add_worksheet(SHEET)
        bold, text = book.add_format({"bold": True, "bg_color": "#E8EEF5"}), book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headings) - 1, 18, text)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, bold)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                if value:
                    sheet.write_string(number, place, value[:32767], text)


def write_csv(file: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """With a mark that tells a spreadsheet it is UTF-8; what a spreadsheet would calculate gets an apostrophe."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_harmless(value) for value in row])
    text.detach()


def _harmless(value: str) -> str:
    return f"'{value}" if value.startswith(STARTS_FORMULA) else value


def write_template(file: IO[bytes], choices: dict[str, Sequence[str]], guide: Iterable[tuple[str, str, str]]) -> None:
    """An empty ledger with lists to choose from, and a sheet that explains each column.

    :param choices: by column name; a list too long for a cell's own validation stands on a hidden sheet.
    :param guide: heading, whether it is required, explanation.
    """
    with xlsxwriter.Workbook(file, PLAIN) as book:
        sheet, explained, lists = book.add_worksheet(SHEET), book.add_worksheet(GUIDE), book.add_worksheet("选项")
        lists.hide()
        bold = book.add_format({"bold": True, "bg_color": "#E8EEF5"})
        must = book.add_format({"bold": True, "bg_color": "#F6E3C5"})
        text, wrapped = book.add_format({"num_format": "@"}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(COLUMNS) - 1, 20, text)
        for place, column in enumerate(COLUMNS):
            sheet.write_string(0, place, _starred(column), must if column.is_required else bold)
            if listed := choices.get(column.name):
                for row, word in enumerate(listed):
                    lists.write_string(row, place, word)
                letters = xlsxwriter.utility.xl_col_to_name(place)
                area = f"=选项!${letters}$1:${letters}${len(listed)}"
                sheet.data_validation(
                    1, place, TEMPLATE_ROWS, place,
                    {"validate": "list", "source": area, "error_type": "warning", "error_title": "不在列表中",
                     "error_message": "请从列表中选择；确有需要的可以自行填写，导入时会检查。"},
                )  # fmt: skip
        explained.set_column(0, 0, 30)
        explained.set_column(1, 1, 12)
        explained.set_column(2, 2, 90)
        for row, words in enumerate(guide):
            for place, word in enumerate(words):
                explained.write_string(row, place, word, bold if row == 0 else wrapped)


def _starred(column: Column) -> str:
    return f"{column.heading}*" if column.is_required else column.heading
