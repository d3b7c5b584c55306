"""The rules of docs/architecture.md that a parser can see. Each failure says what to do instead."""

import ast
import re
from collections.abc import Iterator

from casemgr.error_codes import STATUS
from tests.architecture.source import (
    EDGES,
    Module,
    is_verb_module,
    modules,
    project_files,
    serves_requests,
)

MAKES_FILES = {
    "documents.binding",
    "documents.layouts",
    "documents.pdf",
    "documents.templating",
}  # what they save is a Word file or a PDF
WRITES = {"save", "create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "acreate"}
DOMAIN = {"actions", "queries", "policies", "models", "states"}


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def refuse(found: list[str], why: str) -> None:
    assert not found, f"{why}\n" + "\n".join(found)


def test_nothing_listens_to_signals() -> None:
    found = [
        f"{module.at(node)} {name}"
        for module in modules()
        for node, name in module.imports()
        if name.startswith(("django.dispatch", "django.db.models.signals", "django.core.signals"))
    ]
    refuse(found, "A signal is a change nobody sees at the place that causes it: call a verb of the lower app.")


def test_no_model_overrides_save_or_delete() -> None:
    found = [
        f"{module.at(method)} {owner.name}.{method.name}"
        for module in modules()
        if module.room == "models"
        for owner in ast.walk(module.tree)
        if isinstance(owner, ast.ClassDef)
        for method in owner.body
        if isinstance(method, ast.FunctionDef) and method.name in {"save", "delete", "full_clean"}
    ]
    refuse(found, "Bulk updates skip an overridden save(): put the rule into the verb or into a constraint.")


def test_no_generic_foreign_keys() -> None:
    found = [
        f"{module.at(node)} {name}"
        for module in modules()
        for node, name in module.imports()
        if name.startswith("django.contrib.contenttypes")
    ]
    refuse(found, "Name the subject by kind and id with its label, office and owner on the row (docs/adr/0001).")


def test_work_waits_in_rows_and_never_in_a_message() -> None:
    found = [
        f"{module.at(call)} {called(call)}"
        for module in modules()
        for call in module.calls()
        if called(call) in {"delay", "apply_async", "send_task"}
        or {keyword.arg for keyword in call.keywords} & {"eta", "countdown"}
    ]
    refuse(found, "Leave a row that is due at a moment; a sweep finds it even if the broker forgot (docs/adr/0002).")


def test_only_verbs_write() -> None:
    found = [
        f"{module.at(call)} .{called(call)}()"
        for module in modules()
        if not is_verb_module(module) and module.name not in MAKES_FILES
        for call in module.calls()
        if isinstance(call.func, ast.Attribute) and is_write(call)
    ]
    refuse(found, "One door per change: move the write into a verb in actions.py and call that.")


def is_write(call: ast.Call) -> bool:
    """``update`` of a queryset takes keywords only; of a dict or a hash, a value."""
    name = called(call)
    if name == "update":
        return bool(call.keywords) and not call.args
    return name in WRITES


def test_no_sql_statement_writes_outside_the_verbs() -> None:
    statement = re.compile(r"^\s*(INSERT INTO|UPDATE\s+\w+\s+SET|DELETE FROM|TRUNCATE)\b", re.IGNORECASE)
    found = [
        module.at(node)
        for module in modules()
        if not is_verb_module(module)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and statement.match(node.value)
    ]
    refuse(found, "One door per change: a statement that writes belongs into a verb in actions.py.")


def test_what_serves_a_request_fetches_through_the_gates() -> None:
    own = {
        node.name
        for module in modules()
        if module.room == "models"
        for node in module.tree.body
        if isinstance(node, ast.ClassDef)
    }
    found = [
        f"{module.at(node)} {ast.unparse(node)}"
        for module in modules()
        if serves_requests(module)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and re.fullmatch(rf"({'|'.join(sorted(own))})\.(objects|_default_manager)\.\w+", ast.unparse(node))
        and node.attr != "none"  # shows a filter or a schema the model, fetches nothing
    ]
    refuse(found, "A manager knows nobody: fetch through a gate of queries.py, so that the unseen stays unseen.")


SHARED = {
    # How a file leaves the house; each app asks its own gate first.
    *(f"documents.pages.serving.{name}" for name in ("served", "served_bytes")),
    # Pages and API of papers are written once; each app says at its desk what its matters are.
    *(f"documents.pages.papers.{name}" for name in ("paper_urls", "papers_on")),
    "documents.api.papers.paper_urls",
}


def test_nobody_imports_the_edge_of_another_app() -> None:
    found = []
    for module in modules():
        for node, name in module.imports():
            app, _, rest = name.partition(".")
            if app in {module.app, "core"} or module.app == "casemgr" or name in SHARED:
                continue
            if rest.split(".")[0] in EDGES and any(other.app == app for other in modules()):
                found.append(f"{module.at(node)} {name}")
    refuse(found, "Pages, API, tasks and commands are private to their app: share a query, or put the part into core.")


def test_the_domain_knows_nothing_of_http() -> None:
    unwanted = ("django.http", "django.shortcuts", "django.forms", "django.views", "rest_framework")
    found = [
        f"{module.at(node)} {name}"
        for module in modules()
        if module.room in DOMAIN
        for node, name in module.imports()
        if name.startswith((*unwanted, "celery"))
    ]
    refuse(found, "A verb must run the same from page, API, task and command: the edges translate.")


def test_the_product_does_not_depend_on_its_tests_or_tools() -> None:
    found = [
        f"{module.at(node)} {name}"
        for module in modules()
        for node, name in module.imports()
        if name.partition(".")[0] in {"tests", "tools", "bench", "pytest"}
    ]
    refuse(found, "What runs in production must not need what only developers have.")


def test_no_time_without_a_zone() -> None:
    found = [
        f"{module.at(call)} {ast.unparse(call)}"
        for module in (*modules(), *modules("tests", "bench"))
        for call in module.calls()
        if re.fullmatch(r"(datetime\.)?(date\.today|datetime\.(today|utcnow|utcfromtimestamp))", ast.unparse(call.func))
        or (re.fullmatch(r"(datetime\.)?datetime\.now", ast.unparse(call.func)) and not (call.args or call.keywords))
    ]
    refuse(found, "The day depends on the zone: take `at` from the edge and use local_day(at).")


def test_the_clock_is_read_at_the_edges_only() -> None:
    found = [
        module.at(call)
        for module in modules()
        if module.room not in EDGES and module.app not in {"casemgr", "core"}
        for call in module.calls()
        if ast.unparse(call.func) in {"timezone.now", "timezone.localdate", "timezone.localtime", "datetime.now"}
        or ast.unparse(call.func) in {"time.time", "now"}
    ]
    refuse(found, "Take `at` as an argument: the edge reads the clock once, so a replay and a test can choose it.")


def test_a_verb_takes_keywords_and_the_moment() -> None:
    found = []
    for module in modules():
        for function in public_functions(module):
            if not any(ast.unparse(decorator) == "transaction.atomic" for decorator in function.decorator_list):
                continue
            names = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
            if not names & {"at", "on"}:
                found.append(f"{module.at(function)} {function.name} without `at`")
            if len(function.args.args) > 1:
                found.append(f"{module.at(function)} {function.name} takes more than one positional argument")
    refuse(found, "A verb reads at the call what it does, by whom and when: keyword-only, with `at`.")


def test_a_verb_says_what_it_does_and_what_it_refuses() -> None:
    found = []
    for module in modules():
        raising = functions_that_raise(module)
        for function in public_functions(module):
            words = ast.get_docstring(function) or ""
            if not words and (function.name in raising or is_atomic(function)):
                found.append(f"{module.at(function)} {function.name} has no docstring")
            elif function.name in raising and ":raises" not in words:
                found.append(f"{module.at(function)} {function.name} does not say what it :raises")
    refuse(found, "Callers at four edges rely on the docstring of a verb: say what it does and which refusals it has.")


def public_functions(module: Module) -> Iterator[ast.FunctionDef]:
    if is_verb_module(module):
        yield from (
            node for node in module.tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        )


def is_atomic(function: ast.FunctionDef) -> bool:
    return any(ast.unparse(decorator) == "transaction.atomic" for decorator in function.decorator_list)


def functions_that_raise(module: Module) -> set[str]:
    """The functions of a module that refuse, themselves or through a function of the same module."""
    functions = {node.name: node for node in module.tree.body if isinstance(node, ast.FunctionDef)}
    raising = {name for name, node in functions.items() if any(is_refusal(each) for each in ast.walk(node))}
    while True:
        more = {
            name
            for name, node in functions.items()
            if name not in raising
            and any(called(call) in raising for call in ast.walk(node) if isinstance(call, ast.Call))
        }
        if not more:
            return raising
        raising |= more


def is_refusal(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and called(node.exc) in {*STATUS, "unseen"}


def test_a_task_is_one_call() -> None:
    found = [
        f"{module.at(function)} {function.name}"
        for module in modules()
        if module.room == "tasks"
        for function in module.tree.body
        if isinstance(function, ast.FunctionDef) and len(function.body) > 1 + (ast.get_docstring(function) is not None)
    ]
    refuse(found, "A task is a doorbell: one call of one verb, which finds its own work.")


def test_packages_are_empty_and_files_are_short() -> None:
    everywhere = (*modules(), *modules("tests"), *modules("tools"), *modules("bench"))
    # Django finds the rows of an app in its package models alone: that one names them and holds nothing else.
    packages = [module for module in everywhere if module.path.name == "__init__.py" and module.room != "models"]
    full = [str(module.path) for module in packages if module.text.strip()]
    refuse(full, "Import from the module itself: an __init__ with content hides where things are.")
    long = [
        f"{module.path}: {len(module.text.splitlines())}"
        for module in everywhere
        if len(module.text.splitlines()) > 400
    ]
    refuse(long, "Split by subject before 400 lines (actions/filing.py), never by kind.")


def test_no_drawers_for_whatever() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "lib", "manager", "managers", "services", "base"}
    found = [str(module.path) for module in (*modules(), *modules("tests")) if drawers & set(module.name.split("."))]
    refuse(found, "Name the file after its subject.")


def test_nothing_is_left_to_do_later() -> None:
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    found = [
        f"{path}:{number}"
        for path in project_files()
        if path.suffix in {".py", ".html", ".js", ".css", ".md", ".toml", ".yml", ".yaml", ".sh"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    refuse(found, "Do it, or open an issue: nobody reads a mark in the source.")


def test_every_exemption_gives_its_reason() -> None:
    exempt = re.compile(r"#\s*(noqa|type:\s*ignore)(:\s*[A-Z0-9, ]+[0-9]|\[[\w,\- ]+\])?(?P<reason>.*)$")
    found = []
    for module in (*modules(), *modules("tests"), *modules("tools"), *modules("bench")):
        for number, line in enumerate(module.text.splitlines(), 1):
            match = exempt.search(line)
            if match and len(re.findall(r"\w+", match["reason"])) < 2 and "exempt =" not in line:
                found.append(f"{module.path}:{number} {line.strip()}")
    refuse(found, "Say after the code why the checker is wrong here: `# noqa: S101 - a constraint: …`.")
