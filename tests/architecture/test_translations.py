"""English is complete: every word people read is marked, in the catalogue, translated, and takes the same values."""

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.core.management import call_command
from pytest_django import Settings

from casemgr.reference import APPS, ROOT
from tests.architecture.source import Module, modules

CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
HAN = re.compile(r"[\u4e00-\u9fff]+")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”]")  # and its punctuation
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "gettext_noop"}
REFUSALS = {"Invalid", "WrongState", "NotPermitted", "NotFound", "FieldError", "ValidationError"}
HANDED_ON = {"required", "_required", "refuse", "_refuse", "wrong", "not_outside", "unseen"}
PLACES = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)\}")
# In English a month is a name. The law's own words, and what is to be typed in Chinese, stay as they are.
NAMED_DIFFERENTLY = {"month": "month_name"}
LAW = re.compile(
    r"((市场监督管理)?(行政处罚)?(程序规定|投诉举报处理办法)|行政处罚法|消费者权益保护法|食品安全法实施条例)?"
    r"第[一二三四五六七八九十百]+条(第[一二三四五六七八九十]+款)?(第[一二三四五六七八九十]+项)?"
    r'|投诉举报处理(暂行)?办法|"待查"|"无编号"|"、"|市南区'
)
# Chinese in every language, with the reason; elsewhere a Chinese literal is a word somebody forgot to mark.
CHINESE_BY_DESIGN = {
    "casemgr.settings": "a language names itself",
    "casemgr.reference": "the reference pages name both languages",
    "casemgr.demo_cases": "text of the demo matters",
    "casemgr.demo_city": "names of the demo city",
    "casemgr.demo_drafts": "text of the demo matters",
    "casemgr.demo_matters": "text of the demo matters",
    "casemgr.demo_papers": "text of the demo matters",
    "casemgr.demo_parties": "names of the demo city",
    "casemgr.demo_steps": "text of the demo matters",
    "casemgr.demo_texts": "text of the demo matters",
    "casemgr.demo_walks": "text of the demo matters",
    "casemgr.demo_year": "text of the demo matters",
    "casemgr.replay": "the report of a command",
    "management": "what commands print",
    "pages.articles": "the law, word for word",
    "states": "the articles of the moves",
    "pages.progress": "the short name of the instrument",
    "clues.pages.history": "compares with a stored reason",
    "clues.actions": "reasons kept in the history",
    "cases.actions": "reasons kept in the history",
    "cases.papers": "names of the places in a template, and what is printed there",
    "cases.models.evidence": "how a piece of evidence is called in the record",
    "cases.file_items": "what is printed in a case file",
    "cases.pages.hearing_articles": "the law, word for word",
    "cases.pages.hearing_steps": "the short names of the instruments",
    "cases.pages.outcome_articles": "the law, word for word",
    "cases.pages.forms.decision": "words proposed for the decision, which is written in Chinese",
    "clues.complaint_law": "the articles of the grounds",
    "clues.papers": "names of the places in a template, and what is printed there",
    "clues.models": "the record of a list item",
    "clues.parties": "how names of organisations are written",
    "clues.pages.forms.complaints": "the article of the grounds",
    "deadlines.actions.law": "labels kept in the trail",
    "deadlines.actions.redating": "reasons kept in the history",
    "deadlines.actions.telling": "notices, kept as they were told",
    "informants.actions": "notices and reasons, kept as they were told",
    "informants.queries": "the sign a code begins with",
    "informants.rewards": "the computation, kept with the reward",
    "notices.actions": "notices, kept as they were told",
    "deadlines.notice_files": "the festivals as notices name them",
    "deadlines.yearplans": "the festivals as notices name them",
    "core.templatetags.words": "amounts as documents write them",
    "core.days": "days as people type them",
    "core.forms": "days as people type them",
    "deadlines.pages.forms": "periods as people type them",
    "exchange.actions": "workbooks, in the language of the record",
    "exchange.columns": "names of columns, as ledgers write them",
    "exchange.pages.exports": "workbooks, in the language of the record",
    "exchange.pages.imports": "names of files",
    "exchange.sheets": "workbooks, in the language of the record",
    "exchange.workbooks": "workbooks, in the language of the record",
    "documents": "how numbers are written",
    "routing.regions": "rows of the code that name no place",
}


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE), check_for_duplicates=True)  # msgmerge stumbles over these


def test_every_entry_is_translated_and_none_is_a_guess(catalogue: polib.POFile) -> None:
    unfinished = [entry.msgid for entry in catalogue if entry.fuzzy or entry.obsolete or not entry.translated()]
    assert not unfinished, f"translate these in {CATALOGUE.relative_to(ROOT)}, with the terms of docs/glossary.md"


def test_a_translation_takes_the_same_values_as_its_source(catalogue: polib.POFile) -> None:
    differing = [entry.msgid for entry in catalogue for text in _texts(entry) if not _same_places(entry.msgid, text)]
    assert not differing, "an unknown or a lost value breaks the sentence, or the page"


def test_english_keeps_no_chinese_but_the_law(catalogue: polib.POFile) -> None:
    left = [text for entry in catalogue for text in _texts(entry) if HAN.search(LAW.sub("", text))]
    assert not left, "an English reader cannot read this"


def test_every_refusal_can_be_read_in_english() -> None:
    found = [
        f"{module.at(call)} {word}"
        for module in modules()
        if not module.name.startswith("casemgr.replay")  # a command says this, in Chinese
        for call, word in unmarked_refusals(module)
    ]
    assert not found, 'people read this: _("…%(name)s…") % {"name": name}, so that English has it too\n' + "\n".join(
        found
    )


def test_chinese_words_are_marked_for_translation_or_kept_on_purpose() -> None:
    found = [
        f"{module.at(node)} {node.value!r}"
        for module in modules()
        if not _is_chinese_by_design(module)
        for node in unmarked_words(module.tree)
    ]
    assert not found, "mark with gettext what people read; what is stored belongs in the list above\n" + "\n".join(
        found
    )


def test_what_is_said_when_a_module_loads_waits_for_its_reader() -> None:
    found = [module.at(call) for module in modules() for call in said_at_import(module)]
    assert not found, f"gettext here speaks the language of whoever loads the module first: use gettext_lazy {found}"


def test_words_said_at_import_are_found(tmp_path: Path) -> None:
    eager = _module(tmp_path, 'from django.utils.translation import gettext as _\nclass Form:\n    label = _("名称")')
    assert list(said_at_import(eager))
    lazy = _module(tmp_path, 'from django.utils.translation import gettext_lazy as _\nNAME = _("名称")')
    assert not list(said_at_import(lazy))


@pytest.mark.parametrize(
    "line",
    [
        'raise Invalid("没有", code="x")',
        'raise NotFound(f"没有{name}", code="x")',
        'raise Invalid("；".join(words), code="x")',
        'required(text, "reason", "请填写。")',
    ],
)
def test_an_unmarked_refusal_is_found(line: str, tmp_path: Path) -> None:
    assert list(unmarked_refusals(_module(tmp_path, line)))


@pytest.mark.parametrize(
    "line",
    [
        'raise Invalid(_("没有%(name)s") % {"name": name}, code="x")',
        'raise Invalid(_("；").join(words), code="x")',
        'raise Invalid(refusal.detail, code="x")',
    ],
)
def test_a_marked_refusal_passes(line: str, tmp_path: Path) -> None:
    assert not list(unmarked_refusals(_module(tmp_path, line)))


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="needs gettext's xgettext; CI installs it")
def test_the_catalogue_has_every_word_of_the_sources(
    catalogue: polib.POFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    ours = shutil.ignore_patterns("static", "__pycache__", "migrations")
    for app in APPS:
        shutil.copytree(ROOT / app, tmp_path / app, ignore=ours)
    (tmp_path / "locale").mkdir()
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=["en"], add_location="never", verbosity=0)
    used = {_key(entry) for entry in polib.pofile(str(tmp_path / "locale/en/LC_MESSAGES/django.po"))}
    known = {_key(entry) for entry in catalogue}
    assert used - known == set(), "run manage.py makemessages -l en --no-obsolete --add-location never, and translate"
    assert known - used == set(), "no source uses these any more: makemessages --no-obsolete drops them"


def _key(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def _texts(entry: polib.POEntry) -> list[str]:
    return [entry.msgstr] if not entry.msgid_plural else [str(text) for text in entry.msgstr_plural.values()]


def _same_places(source: str, text: str) -> bool:
    """Every value of the source is said, no other is asked for. A year that is plain may only be named in one."""
    wanted = {NAMED_DIFFERENTLY.get(name, name) for name in _places(source)}
    return {NAMED_DIFFERENTLY.get(name, name) for name in _places(text)} == wanted


def _places(text: str) -> set[str]:
    return {first or second for first, second in PLACES.findall(text)}


def _is_chinese_by_design(module: Module) -> bool:
    own = module.name.partition(".")[2]
    return any(
        module.name == place or module.name.startswith(f"{place}.") or own == place or own.startswith(f"{place}.")
        for place in CHINESE_BY_DESIGN
    )


def unmarked_refusals(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """Calls that make a refusal, or hand on its words, with a literal outside gettext."""
    for call in module.calls():
        if _name(call.func) not in REFUSALS | HANDED_ON:
            continue
        for argument in call.args:
            for node in unmarked_words(argument, CHINESE):
                yield call, str(node.value)


def said_at_import(module: Module) -> Iterator[ast.Call]:
    """Calls of gettext, not of its lazy form, outside every function."""
    eager = {
        alias.asname or alias.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in {"gettext", "ngettext", "pgettext"}
    }
    waiting: list[ast.AST] = [module.tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and _name(node.func) in eager:
            yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def unmarked_words(tree: ast.AST, words: re.Pattern[str] = HAN) -> Iterator[ast.Constant]:
    """Chinese literals outside gettext calls; docstrings are not words of the program."""
    marked = {
        id(inner)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and _name(node.func) in MARKS) or isinstance(node, ast.Expr)
        for inner in (_words_of(node))
    }
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in marked else None
        if isinstance(node, ast.Constant) and isinstance(text, str) and words.search(text):
            yield node


def _words_of(node: ast.Call | ast.Expr) -> Iterator[ast.AST]:
    """What a gettext call marks, or the text of a docstring."""
    if isinstance(node, ast.Call):
        for argument in node.args:
            yield from ast.walk(argument)
    elif isinstance(node.value, ast.Constant):
        yield node.value


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _module(folder: Path, text: str) -> Module:
    path = folder / "some.py"
    path.write_text(text, encoding="utf-8")
    return Module(path)
