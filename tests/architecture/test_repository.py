"""The repository itself: nothing of one machine in it, documents that say what is there, tests that do not hide."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from casemgr.reference import ROOT
from tests.architecture.source import Module, modules, project_files

TEXT = {
    ".py",
    ".md",
    ".toml",
    ".yml",
    ".yaml",
    ".json",
    ".txt",
    ".html",
    ".css",
    ".js",
    ".po",
    ".lock",
    ".csv",
    ".svg",
    "",
}
# Built in pieces, so that the rule does not find itself.
PRIVATE_PATHS = re.compile(r"(?<![\w.}/-])/(" + "work|root|home|Users" + r")/[\w.-]+")
REGISTRIES = re.compile(r"--(extra-)?index-url|\b(PIP|UV)_(EXTRA_|DEFAULT_)?INDEX(_URL)?\s*=|index-url\s*=|/simple/?\b")
SKIPS = re.compile(r"pytest\.((mark\.)?(skip|skipif|xfail)|importorskip)")
MARKDOWN = [path for path in project_files() if path.suffix == ".md"]
README, README_ZH = ROOT / "README.md", ROOT / "README.zh-CN.md"


def texts() -> list[tuple[Path, str]]:
    return [
        (path.relative_to(ROOT), path.read_text(encoding="utf-8", errors="ignore"))
        for path in project_files()
        if path.suffix in TEXT and path != Path(__file__)
    ]


def test_no_file_names_a_folder_of_somebody_s_machine() -> None:
    found = [f"{path}: {match[0]}" for path, text in texts() for match in [PRIVATE_PATHS.search(text)] if match]
    assert not found, f"a path of one machine works on no other: {found}"


def test_no_file_names_a_package_registry() -> None:
    found = [f"{path}: {match[0]}" for path, text in texts() for match in [REGISTRIES.search(text)] if match]
    assert not found, f"which registry to use is the installing machine's business: {found}"


def test_every_locked_package_has_its_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lock = (ROOT / name).read_text(encoding="utf-8")
        entries = [entry for entry in re.split(r"\n(?=\S)", lock) if entry.strip() and not entry.startswith("#")]
        bare = [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry]
        assert entries
        assert not bare, f"{name}: without a hash anything could be installed in its place: {bare}"


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = {path: anchors(path)}
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        place = (path.parent / name).resolve() if name else path
        assert place.exists() or place.suffix == ".png", f"{target} does not exist"
        if anchor and place.suffix == ".md":
            assert anchor in headings.setdefault(place, anchors(place)), f"{target}: no such heading"


def anchors(path: Path) -> set[str]:
    """The anchors of a Markdown file's headings, as hosting sites make them."""
    titles = re.findall(r"^#+\s+(.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_a_document_names_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    folders = "accounts|audit|bench|casemgr|cases|clues|core|data|deadlines|docs|documents|exchange|informants|notices|routing|search|tests|tools"
    named = re.findall(rf"`((?:{folders})/[\w./-]*\w)`", text)
    missing = [name for name in named if not (ROOT / name).exists()]
    assert not missing, f"renamed or removed: {missing}"


def variables() -> set[str]:
    """The environment variables settings.py reads."""
    tree = ast.parse((ROOT / "casemgr" / "settings.py").read_text(encoding="utf-8"))
    return {
        str(call.args[0].value)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).startswith("env.")
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


@pytest.mark.parametrize("readme", [README, README_ZH], ids=lambda path: path.name)
def test_the_readme_names_every_variable_and_no_other(readme: Path) -> None:
    only_for_tests = {"AXES_IN_TESTS"}
    rows = set(re.findall(r"^\| `([A-Z_]+)`", readme.read_text(encoding="utf-8"), re.MULTILINE))
    of_the_launcher = {"HOST", "PORT"}
    assert rows - of_the_launcher == variables() - only_for_tests, (
        "the table of variables is not what settings.py reads"
    )


@pytest.mark.parametrize("readme", [README, README_ZH], ids=lambda path: path.name)
def test_the_readme_names_the_demo_accounts_as_they_are(readme: Path) -> None:
    from casemgr.demo_city import PASSWORD, demo_accounts

    text = readme.read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([a-z0-9-]+)`", text, re.MULTILINE))
    assert PASSWORD in text
    assert named <= {account.username for account in demo_accounts()}, "no such account"
    assert len(named) >= 7, "one account of each role"


def test_both_readmes_show_the_same_commands() -> None:
    commands = [
        set(re.findall(r"(?:make|manage\.py|dev\.py) [a-z_]+", readme.read_text(encoding="utf-8")))
        for readme in (README, README_ZH)
    ]
    assert commands[0] == commands[1]


def test_every_decision_is_one_page_and_has_its_number() -> None:
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [page.name[:4] for page in pages]
    assert numbers == [f"{number:04}" for number in range(1, len(pages) + 1)], "numbered without gaps"
    for page in pages:
        lines = page.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 60, f"{page.name}: at most one page"
        assert {"## Why", "## What follows"} <= set(lines), f"{page.name}: why, and what follows from it"


def test_no_test_is_skipped_without_saying_why() -> None:
    found = [f"{module.at(node)} {ast.unparse(node)[:60]}" for module in modules("tests") for node in silent(module)]
    assert not found, f"a test that does not run must say so and why: {found}"


def silent(module: Module) -> Iterator[ast.AST]:
    """Skips and expected failures without a reason; ``importorskip`` hides a broken lock file."""
    explained: set[int] = set()
    for call in module.calls():
        name = ast.unparse(call.func)
        if name.startswith("pytest.mark.") and any(keyword.arg == "reason" for keyword in call.keywords):
            explained.add(id(call.func))
        if name in {"pytest.skip", "pytest.xfail"} and (call.args or call.keywords):
            explained.add(id(call.func))
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and id(node) not in explained and SKIPS.fullmatch(ast.unparse(node)):
            yield node


def test_tests_are_plain_functions_with_sentences_for_names() -> None:
    found = []
    for module in modules("tests"):
        if not module.path.name.startswith("test_"):
            continue
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
                found.append(f"{module.at(node)} class {node.name}")
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and node.name.count("_") < 3:
                found.append(f"{module.at(node)} {node.name}")
    assert not found, f"name a test by the sentence it proves: {found}"


def test_every_test_file_would_be_collected() -> None:
    for path in project_files():
        if path.suffix == ".py" and path.is_relative_to(ROOT / "tests"):
            assert (path.parent / "__init__.py").exists(), f"{path.parent} needs an empty __init__.py"
            has_tests = re.search(r"^def test_", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert not has_tests or path.name.startswith("test_"), f"{path}: pytest would not see these tests"
