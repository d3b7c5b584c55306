"""The architecture tests find what they forbid: each is shown a small file that breaks it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import source, test_house_rules, test_repository
from tests.architecture.source import Module

BREACHES = [
    ("test_nothing_listens_to_signals", "clues/models.py", "from django.db.models.signals import post_save"),
    ("test_no_model_overrides_save_or_delete", "clues/models.py", "class Lead:\n    def save(self): ..."),
    (
        "test_no_generic_foreign_keys",
        "clues/models.py",
        "from django.contrib.contenttypes.fields import GenericForeignKey",
    ),
    ("test_work_waits_in_rows_and_never_in_a_message", "clues/actions.py", "remind.delay(1)"),
    ("test_work_waits_in_rows_and_never_in_a_message", "clues/actions.py", "remind.signature(eta=at)"),
    ("test_only_verbs_write", "clues/pages/views.py", "lead.save()"),
    ("test_only_verbs_write", "clues/queries.py", "leads.filter(pk=1).update(state='filed')"),
    ("test_only_verbs_write", "deadlines/tasks.py", "Clock.objects.bulk_create(rows)"),
    ("test_no_sql_statement_writes_outside_the_verbs", "clues/queries.py", "x = 'UPDATE clues_lead SET state = 1'"),
    ("test_what_serves_a_request_fetches_through_the_gates", "clues/api/views.py", "Lead.objects.get(pk=1)"),
    ("test_nobody_imports_the_edge_of_another_app", "cases/pages/views.py", "from clues.pages.views import lead_page"),
    ("test_nobody_imports_the_edge_of_another_app", "cases/actions.py", "from deadlines.tasks import ring_sweep"),
    ("test_the_domain_knows_nothing_of_http", "clues/policies.py", "from django.http import HttpRequest"),
    ("test_the_domain_knows_nothing_of_http", "clues/actions/filing.py", "import celery"),
    ("test_the_product_does_not_depend_on_its_tests_or_tools", "clues/queries.py", "from tools.console import say"),
    ("test_no_time_without_a_zone", "casemgr/home.py", "today = date.today()"),
    ("test_no_time_without_a_zone", "casemgr/home.py", "now = datetime.now()"),
    ("test_the_clock_is_read_at_the_edges_only", "clues/actions.py", "at = timezone.now()"),
    (
        "test_a_verb_takes_keywords_and_the_moment",
        "clues/actions.py",
        "@transaction.atomic\ndef close(lead, actor): ...",
    ),
    ("test_a_verb_says_what_it_does_and_what_it_refuses", "clues/actions.py", "def go():\n    raise Invalid('x')"),
    (
        "test_a_verb_says_what_it_does_and_what_it_refuses",
        "clues/actions.py",
        'def go():\n    """Goes."""\n    _begin()\ndef _begin():\n    raise unseen("x")',
    ),
    ("test_a_task_is_one_call", "clues/tasks.py", "def ring():\n    rows = find()\n    tell(rows)"),
    ("test_packages_are_empty_and_files_are_short", "clues/__init__.py", "from clues.models import Lead"),
    ("test_packages_are_empty_and_files_are_short", "clues/models.py", "\n" * 401),
    ("test_no_drawers_for_whatever", "clues/utils.py", ""),
    ("test_every_exemption_gives_its_reason", "clues/models.py", "x = 1  # " + "noqa: S101"),
    ("test_every_exemption_gives_its_reason", "clues/models.py", "x = 1  # " + "type: ignore[misc]"),
]
MODELS = "class Lead: ..."


@pytest.mark.parametrize(("rule", "place", "text"), BREACHES, ids=[f"{row[0]}-{row[1]}" for row in BREACHES])
def test_a_rule_finds_the_breach_it_is_there_for(
    rule: str, place: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"clues/models.py": MODELS, "deadlines/tasks.py": "", place: text}
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    found = tuple(Module(tmp_path / name) for name in files)
    monkeypatch.setattr(source, "ROOT", tmp_path)
    monkeypatch.setattr(test_house_rules, "modules", lambda *folders: found)
    check = getattr(test_house_rules, rule)
    with pytest.raises(AssertionError):
        check()


@pytest.mark.parametrize(
    "text",
    [
        "@pytest.mark.skip\ndef test_it(): ...",
        "@pytest.mark.xfail()\ndef test_it(): ...",
        "@pytest.mark.skipif(True)\ndef test_it(): ...",
        "def test_it():\n    pytest.skip()",
        "browser = pytest.importorskip('playwright')",
    ],
)
def test_a_skip_without_a_reason_is_found(text: str, tmp_path: Path) -> None:
    path = tmp_path / "test_x.py"
    path.write_text(text, encoding="utf-8")
    assert list(silent_in(path))


def test_a_skip_with_a_reason_may_stand(tmp_path: Path) -> None:
    path = tmp_path / "test_x.py"
    path.write_text("@pytest.mark.skipif(True, reason='why')\ndef test_it():\n    pytest.skip('why')", encoding="utf-8")
    assert not list(silent_in(path))


def silent_in(path: Path) -> Iterator[ast.AST]:
    return test_repository.silent(Module(path))
