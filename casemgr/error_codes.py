"""Which refusals the source can raise, read from the source itself: class, stable code, and where."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core import errors

STATUS = {
    kind.__name__: kind.status for kind in (errors.Invalid, errors.NotPermitted, errors.NotFound, errors.WrongState)
}
DEFAULT_CODE = {
    kind.__name__: kind.code for kind in (errors.Invalid, errors.NotPermitted, errors.NotFound, errors.WrongState)
}


@dataclass(frozen=True, order=True)
class Raised:
    """One code raised in one module. ``code`` shows a part only known when it happens as ``<name>``."""

    status: int
    code: str
    module: str


@dataclass(frozen=True)
class Maker:
    """A function or class that makes a refusal: what status, and where among its arguments the code stands."""

    status: int
    position: int | None
    default: str | None


CLASSES = {name: Maker(status, None, DEFAULT_CODE[name]) for name, status in STATUS.items()} | {
    "FieldError": Maker(400, 1, None)
}


def error_codes(sources: Iterable[tuple[str, str]]) -> list[Raised]:
    """Every code raised in the sources, given as (dotted module, text); sorted, each once per module."""
    trees = [(module, ast.parse(text)) for module, text in sources]
    shared = {name: maker for _module, tree in trees for name, maker in _makers(tree).items() if name[0] != "_"}
    found: set[Raised] = set()
    for module, tree in trees:
        found |= {
            Raised(status, code, module)
            for status, code in _codes(tree, CLASSES | shared | _makers(tree))
            if module != "core.errors"
        }
    return sorted(found)


def source_files(root: Path, apps: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(dotted module, text) of every module of the apps, migrations aside."""
    for app in sorted(apps):
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield ".".join(path.relative_to(root).with_suffix("").parts), path.read_text(encoding="utf-8")


def _makers(tree: ast.Module) -> dict[str, Maker]:
    """The functions of a module that hand a ``code`` of their caller on to a refusal."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and (maker := _maker(node)):
            found[node.name] = maker
    return found


def _maker(function: ast.FunctionDef) -> Maker | None:
    names = [argument.arg for argument in function.args.args if argument.arg != "self"]
    if "code" not in names:
        return None
    called = {_name(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
    status = next((STATUS[name] for name in sorted(called) if name in STATUS), 400)
    if not called & (STATUS.keys() | {"refuse", "_refuse"}):
        return None
    defaults = function.args.defaults
    place = names.index("code")
    default = defaults[place - len(names)] if place >= len(names) - len(defaults) else None
    return Maker(status, place, _text(default) if default is not None else None)


def _codes(tree: ast.Module, makers: dict[str, Maker]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (maker := makers.get(_name(node.func))):
            code = _code(node, maker)
            if code:
                yield maker.status, code


def _code(call: ast.Call, maker: Maker) -> str | None:
    for keyword in call.keywords:
        if keyword.arg == "code":
            return _text(keyword.value)
    if maker.position is not None and len(call.args) > maker.position:
        return _text(call.args[maker.position])
    return maker.default


def _text(node: ast.expr) -> str | None:
    """The words of a code; None where a function only hands on what it was given."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else f"<{_name_in(part)}>" for part in node.values
        )
    return None


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _name_in(part: ast.expr) -> str:
    return _name(part.value) if isinstance(part, ast.FormattedValue) else ""
