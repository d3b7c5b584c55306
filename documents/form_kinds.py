"""The standard forms: 56 of a penalty case and 10 of complaints and reports, with what each asks for.

Read from ``data/forms/`` (程序规定第八十六条: the national models, which provinces adapt).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.errors import Invalid

FOLDER = Path(__file__).resolve().parent.parent / "data" / "forms"
FIELD_KINDS = ("line", "words", "day", "money", "count", "yes_no")
TICKED, UNTICKED = "☑", "□"  # what a yes_no is in a template


@dataclass(frozen=True)
class CommonField:
    """A name the system fills by itself. With ``columns`` it is a list of rows, each with these names; else text."""

    name: str
    help: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormField:
    """What somebody types for one paper. ``name`` is the placeholder, in Chinese.

    :param kind: one of :data:`FIELD_KINDS`. In the template all are text: a day 2026年3月5日, money 12000.00, a
        yes_no :data:`TICKED` or :data:`UNTICKED`, several ``words`` lines apart by a line feed.
    :param default_from: the common field that fills it until somebody types, or ''.
    """

    name: str
    kind: str
    required: bool = False
    default_from: str = ""
    help: str = ""


@dataclass(frozen=True)
class FormKind:
    """One form. ``no`` is its number in the official set: 1 to 56, or C1 to C10 for complaints and reports.

    :param code: the kind word in its number (代字), '' for a paper without a number; where the official form leaves it
        blank it is a local default (``is_code_default``).
    :param subject: ``case`` or ``lead``.
    :param served: whether it is issued to and served on the party or others.
    :param volume: ``main`` (正卷), ``secondary`` (副卷) or '' for what lies in neither.
    :param place: the ordinal in the list of 程序规定第七十八条 for that volume, 0 without one.
    :param basis: the articles it rests on.
    :param departure: where its layout departs from the official text, and why; '' for nowhere.
    """

    key: str
    no: str
    name: str
    en: str
    subject: str
    basis: str
    code: str = ""
    is_code_default: bool = False
    served: bool = False
    volume: str = ""
    place: int = 0
    departure: str = ""
    fields: tuple[FormField, ...] = ()

    @property
    def label(self) -> str:
        """The name in the reader's language; the paper itself always bears ``name``."""
        return self.name if (get_language() or "zh").startswith("zh") else self.en


@lru_cache(maxsize=1)
def form_kinds(path: Path = FOLDER / "form_kinds.yaml") -> Mapping[str, FormKind]:
    """Every form by key, in the order of the official sets; read once."""
    file = yaml.safe_load(path.read_text(encoding="utf-8"))
    groups = {name: _fields(rows) for name, rows in file["groups"].items()}
    kinds = [_kind(row, groups) for row in file["forms"]]
    return MappingProxyType({kind.key: kind for kind in kinds})


def form_kind(key: str) -> FormKind:
    """:raises Invalid: ``unknown_form``."""
    found = form_kinds().get(key)
    if found is None:
        raise Invalid(
            _("没有“%(key)s”这种文书，请从文书目录中选择。") % {"key": key[:30]}, code="unknown_form", field="kind"
        )
    return found


@lru_cache(maxsize=2)
def common_fields(subject: str, path: Path = FOLDER / "common_fields.yaml") -> Mapping[str, CommonField]:
    """The names the system fills for a ``case`` or a ``lead``; read once."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))[subject]
    fields = [CommonField(**{**row, "columns": tuple(row.get("columns", ()))}) for row in rows]
    return MappingProxyType({field.name: field for field in fields})


def _kind(row: Mapping[str, Any], groups: Mapping[str, tuple[FormField, ...]]) -> FormKind:
    """A key nobody knows is a TypeError of the dataclass: the file comes with the product and with its tests."""
    own = {name: value for name, value in row.items() if name not in ("fields", "groups")}
    shared = [field for name in row.get("groups", ()) for field in groups[name]]
    return FormKind(**own, fields=(*_fields(row.get("fields", ())), *shared))


def _fields(rows: Any) -> tuple[FormField, ...]:  # Any: YAML border
    return tuple(FormField(**row) for row in rows)
