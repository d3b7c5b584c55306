"""Templates: every word can be translated, nothing is inline, every address is our own."""

import re
from pathlib import Path

import pytest

from casemgr.reference import ROOT
from tests.architecture.source import project_files

TRANSLATED = re.compile(
    r"\{%\s*blocktrans(late)?\b.*?%\}.*?\{%\s*endblocktrans(late)?\s*%\}"
    r"|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}"
    r"|\{%\s*trans(late)?\s+(\"[^\"]*\"|'[^']*').*?%\}"
    r"|_\((\"[^\"]*\"|'[^']*')\)"
    r"|\{#.*?#\}"
    r"|lang=\"zh-hans\"[^>]*>[^<]*<",  # a language names itself
    re.DOTALL,
)
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
# Shown when nothing works, translation included: static pages in both languages at once.
STATIC = {"400.html", "500.html"}
TEMPLATES = [path for path in project_files() if path.suffix == ".html" and "templates" in path.parts]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_chinese_word_of_a_template_can_be_translated(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.name in STATIC:
        assert 'lang="en"' in text, "a page that cannot be translated says it in both languages"
        return
    bare = TRANSLATED.sub(lambda match: "\n" * match[0].count("\n"), text)
    found = [f"{number}: {line.strip()}" for number, line in enumerate(bare.splitlines(), 1) if CHINESE.search(line)]
    assert not found, f"wrap these words in {{% trans %}}, or English readers see Chinese: {found}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_carries_style_script_or_foreign_addresses(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text), "the content security policy drops inline styles: use a class"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "inline handlers do not run: use casemgr/app.js"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "inline scripts do not run: use casemgr/app.js"
    foreign = re.findall(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//[^\"']+", text)
    assert not foreign, f"assets and forms are our own, an office network has no outside: {foreign}"
    assert "|safe" not in text, "mark_safe lets a party's name become a script: escape, or build with format_html"


def test_no_style_sheet_or_script_asks_for_anything_outside() -> None:
    for path in project_files():
        if path.suffix in {".css", ".js"} and "static" in path.parts:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(url\(|@import|fetch\(|import\()\s*[\"']?(https?:)?//", text), (
                f"{path} leaves the site"
            )
