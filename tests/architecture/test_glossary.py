"""The glossary and the code use the same words."""

import importlib
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec

from django.apps import apps
from django.db.models import TextChoices
from django.utils import translation

from casemgr.reference import APPS, ROOT
from tests.architecture.source import modules

ROWS = re.findall(
    r"^\| (?P<term>[^|`]+) \| `(?P<identifier>\w+)` \|",
    (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)


def choices() -> Iterator[tuple[str, str]]:
    """(label, value) of what a user sees of a matter: roles, states, channels, grounds, kinds of office.

    Of a room split by subject it is the module of the matter itself: sub-matters say the same word of different things.
    """
    for app in APPS:
        for room in ("roles", "states", "models"):
            name = f"{app}.{room}.matter" if (ROOT / app / room / "matter.py").exists() else f"{app}.{room}"
            if find_spec(name) is None:
                continue
            for _name, kind in inspect.getmembers(importlib.import_module(name), inspect.isclass):
                if issubclass(kind, TextChoices) and kind is not TextChoices:
                    yield from ((str(member.label), str(member.value)) for member in kind)


def test_every_identifier_of_the_glossary_is_used_in_the_code() -> None:
    words = {word for module in modules() for word in re.findall(r"\w+", module.text)}
    parts = words | {part for word in words for part in word.split("_")}
    gone = [identifier for _term, identifier in ROWS if identifier not in parts]
    assert not gone, f"renamed in the code, or never there: {gone}"


def test_every_model_has_a_term() -> None:
    own = {model.__name__ for model in apps.get_models() if model._meta.app_label in APPS}
    missing = own - {identifier for _term, identifier in ROWS}
    assert not missing, f"add these to docs/glossary.md: {sorted(missing)}"


def test_every_choice_on_the_screen_is_in_the_glossary_under_its_identifier() -> None:
    with translation.override("zh-hans"):
        missing = [pair for pair in choices() if pair not in ROWS]
    assert not missing, f"add these to docs/glossary.md: {missing}"


def test_a_term_has_one_identifier() -> None:
    twice = [term for term, count in Counter(term for term, _identifier in ROWS).items() if count > 1]
    assert not twice, f"one Chinese term, one identifier: {twice}"
