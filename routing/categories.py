"""The tree of matter categories and the tags of key cases, read from ``data/routing/``."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deadlines.strict_yaml import Record, load_strictly
from deadlines.yearplans import DATA

FOLDER = DATA / "routing"
CODE = re.compile(r"[a-z0-9]{1,20}")


@dataclass(frozen=True)
class Category:
    """One node. The code of a child begins with its parent's and a hyphen, so a subtree is a prefix."""

    code: str
    zh: str
    en: str
    parent: str = ""

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.zh if (get_language() or "zh").startswith("zh") else self.en


@dataclass(frozen=True)
class Tag(Category):
    """Something a matter may carry besides its category; ``parent`` is the group."""

    is_default: bool = False


def in_subtree(code: str, root: str) -> bool:
    """Whether a category is another one or stands below it."""
    return code == root or code.startswith(f"{root}-")


@lru_cache(maxsize=1)
def category_tree(path: Path = FOLDER / "categories.yaml") -> dict[str, Category]:
    """Every category by code, each parent before its children; read once.

    :raises Invalid: naming the place in the file.
    """
    return parse_categories(path.read_text(encoding="utf-8"))


def parse_categories(text: str) -> dict[str, Category]:
    """:raises Invalid: naming the place in the file."""
    file = Record(load_strictly(text), "")
    nodes: list[tuple[Record, str]] = []
    for top in file.records("categories"):
        nodes.append((top, ""))
        nodes += [(child, top.text("code")) for child in top.records("children")]
    found: dict[str, Category] = {}
    for row, parent in nodes:
        category = Category(_code_of(row, parent, found), row.text("zh"), row.text("en"), parent)
        found[category.code] = category
        row.done()
    file.done()
    return found


@lru_cache(maxsize=1)
def key_case_tags(path: Path = FOLDER / "key_case_tags.yaml") -> dict[str, Tag]:
    """Every group (``parent`` '') and its tags by code; read once.

    :raises Invalid: naming the place in the file.
    """
    return parse_tags(path.read_text(encoding="utf-8"))


def parse_tags(text: str) -> dict[str, Tag]:
    """:raises Invalid: naming the place in the file."""
    file = Record(load_strictly(text), "")
    found: dict[str, Tag] = {}
    for group in file.records("groups"):
        is_default = group.one_of("status", ("official", "local_default"), "") == "local_default"
        code = _code_of(group, "", found)
        found[code] = Tag(code, group.text("zh"), group.text("en"), "", is_default)
        for row in group.records("tags"):
            tag = Tag(_code_of(row, code, found), row.text("zh"), row.text("en"), code, is_default)
            found[tag.code] = tag
            row.done()
        group.done()
    file.done()
    return found


def _code_of(row: Record, parent: str, taken: Iterable[str]) -> str:
    code = row.text("code")
    own = code.removeprefix(f"{parent}-") if parent else code
    if not CODE.fullmatch(own) or (parent and own == code):
        raise row.wrong("code", _("编号只用小写字母和数字；下级的编号以上级编号加连字符开头。"), "bad_code")
    if code in taken:
        raise row.wrong("code", _("编号重复。"), "duplicate_code")
    return code
