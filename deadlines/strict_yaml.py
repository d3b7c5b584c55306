"""Reading YAML that other people edit: nothing repeated, nothing unknown, nothing of the wrong kind gets through."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

import yaml
from django.utils.translation import gettext as _

from core.errors import Invalid

Choice = TypeVar("Choice", bound=StrEnum)


class _Loader(yaml.SafeLoader):
    """The safe loader, refusing a key written twice and anchors (a small file could unfold into a huge one)."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.constructor.ConstructorError(problem="alias")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[object] = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise refuse("bad_key", str(key)[:60], _("键名应为文字。"))
            if key in seen:
                line = key_node.start_mark.line + 1
                raise refuse("duplicate_key", key[:60], _("第%(line)s行重复。") % {"line": line})
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def refuse(code: str, field: str, detail: str) -> Invalid:
    """An error naming the place in the file."""
    return Invalid(
        _("规则文件有误（%(field)s）：%(detail)s") % {"field": field, "detail": detail}, code=code, field=field
    )


def load_strictly(text: str) -> Any:  # Any: YAML border
    """The value in a YAML text.

    :raises Invalid: ``malformed_yaml``, ``duplicate_key``, ``bad_key``.
    """
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  # a SafeLoader made stricter
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = _("第%(line)s行。") % {"line": mark.line + 1} if mark else ""
        raise refuse("malformed_yaml", "file", _("不是有效的YAML。") + where) from error


class Record:
    """One mapping being read, key by key; :meth:`done` refuses what nobody asked for."""

    def __init__(self, value: Any, place: str) -> None:  # Any: YAML border
        if not isinstance(value, dict):
            raise refuse("bad_type", place, _("应为一组键和值。"))
        self._values: Mapping[str, Any] = value
        self._asked: set[str] = set()
        self.place = place

    def text(self, name: str, default: str | None = None) -> str:
        """A non-empty text; required unless it has a default."""
        value = self._take(name, default)
        if not isinstance(value, str) or (not value.strip() and value != default):
            raise self.wrong(name, _("应为文字。"))
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; absent is none."""
        value = self._take(name, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            raise self.wrong(name, _("应为文字的列表。"))
        return tuple(value)

    def whole(self, name: str) -> int:
        """A whole number, not negative."""
        value = self._take(name, None)
        if type(value) is not int or value < 0:
            raise self.wrong(name, _("应为不小于零的整数。"))
        return value

    def flag(self, name: str) -> bool:
        """True or false; absent is false."""
        value = self._take(name, default=False)
        if not isinstance(value, bool):
            raise self.wrong(name, _("应为true或者false。"))
        return value

    def day(self, name: str) -> date | None:
        """A calendar day; absent is None."""
        value = self._take(name, "")
        if value == "":
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(name, _("应为日期，例如2026-04-15。"))
        return value

    def choice(self, name: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """One of the values of an enumeration."""
        value = self._take(name, default)
        try:
            return kind(value)
        except ValueError:
            raise self.wrong(name, _("只能是：%(choices)s。") % {"choices": " ".join(kind)}) from None

    def one_of(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """One of a few words."""
        value = self._take(name, default)
        if value not in choices:
            raise self.wrong(name, _("只能是：%(choices)s。") % {"choices": " ".join(filter(None, choices))})
        return str(value)

    def has(self, name: str) -> bool:
        return name in self._values

    def record(self, name: str) -> "Record":
        return Record(self._take(name, None), self._path(name))

    def records(self, name: str) -> "list[Record]":
        """A list of mappings; absent is none."""
        value = self._take(name, [])
        if not isinstance(value, list):
            raise self.wrong(name, _("应为列表。"))
        return [Record(each, f"{self._path(name)}[{index}]") for index, each in enumerate(value)]

    def mapping(self, name: str) -> Mapping[str, Any]:
        value = self._take(name, None)
        if not isinstance(value, dict) or not value:
            raise self.wrong(name, _("应为一组键和值。"))
        return value

    def done(self) -> None:
        for name in self._values.keys() - self._asked:
            raise refuse("unknown_key", self._path(name[:60]), _("没有这一项。"))

    def wrong(self, name: str, detail: str, code: str = "bad_value") -> Invalid:
        return refuse(code, self._path(name), detail)

    def _take(self, name: str, default: Any) -> Any:  # Any: YAML border
        self._asked.add(name)
        if name not in self._values and default is None:
            raise refuse("missing_key", self._path(name), _("缺少这一项。"))
        return self._values.get(name, default)

    def _path(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name
