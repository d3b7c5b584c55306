"""The repository as the architecture tests read it: its files, and the syntax trees of its modules."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from casemgr.reference import APPS, ROOT

NOT_OURS = {".git", ".venv", "var", "build", "__pycache__", ".hypothesis"}
EDGES = {"api", "pages", "admin", "tasks", "management", "templatetags"}


@dataclass(frozen=True)
class Module:
    """One Python file; ``name`` is its dotted name (``clues.pages.views``)."""

    path: Path

    @property
    def name(self) -> str:
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    @property
    def app(self) -> str:
        return self.name.partition(".")[0]

    @property
    def room(self) -> str:
        """The part of its app it belongs to: ``actions``, ``pages``, ``models`` …"""
        return self.name.partition(".")[2].partition(".")[0]

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def at(self, node: ast.AST) -> str:
        return f"{self.path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Every imported name with its full path (``django.http.HttpRequest``)."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


@cache
def project_files() -> tuple[Path, ...]:
    """Every file of the project, without what tools leave behind (a copy without git has these too)."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if name not in NOT_OURS and not name.endswith("_cache"))
        found += [Path(folder, name) for name in sorted(names) if not name.endswith((".mo", ".pyc"))]
    return tuple(found)


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """The modules under the folders, by default those of the apps without their migrations."""
    return tuple(
        Module(path)
        for path in project_files()
        if path.suffix == ".py"
        and path.relative_to(ROOT).parts[0] in (folders or APPS)
        and "migrations" not in path.parts
    )


def is_verb_module(module: Module) -> bool:
    """Where rows are written; ``core.bulk`` is the tool verbs do it with, many at a time."""
    return module.room == "actions" or module.name == "core.bulk"


def serves_requests(module: Module) -> bool:
    """Pages, API, tags and tasks, and the composition root's own pages; not commands, which act as the machine."""
    own_pages = {"api", "problem_types", "home", "search", "frame", "health", "urls"}
    return module.room in EDGES - {"management"} or (module.app == "casemgr" and module.room in own_pages)
