"""The papers of a case and the templates on an office screen and on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.actions import papers
from documents.actions.templates import load_templates, set_form_numbers
from tests.builders import SYSTEM, City, make_case
from tests.documents.paper_builders import INQUIRY, draft, issue
from tests.e2e.conftest import SitDown
from tests.e2e.desk import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "viewport"), [("1366", DESKTOP), ("390", PHONE)])
def test_the_pages_of_papers_are_accessible_and_fit(
    sit_down: SitDown, city: City, width: str, viewport: dict[str, int]
) -> None:
    at = timezone.now()
    load_templates(actor=SYSTEM, at=at, forms=("inquiry_notice", "scene_record", "item_list"))
    set_form_numbers(actor=SYSTEM, at=at)
    case = make_case(city, at=at - timedelta(days=1))
    made = issue(city, case, at=at, on=timezone.localdate())
    void = issue(city, case, at=at, on=timezone.localdate())
    papers.void_paper(case_id=case.pk, paper_id=void.pk, reason="询问地点写错", actor=city.east_handler, at=at)
    begun = draft(city, case, "inquiry_notice", {**INQUIRY, "询问时间": ""}, at=at)
    here = f"/cases/{case.pk}/papers/"
    pages = {
        "papers-case": f"/cases/{case.pk}/",
        "papers": here,
        "paper-new": f"{here}new/scene_record/",
        "paper-draft": f"{here}{begun.pk}/",
        "paper-issued": f"{here}{made.pk}/",
        "paper-void": f"{here}{void.pk}/",
        "paper-issue": f"{here}{begun.pk}/issue/",
        "paper-void-form": f"{here}{made.pk}/void/",
        "templates": "/papers/templates/",
        "template": "/papers/templates/item_list/",
    }
    wrong, desk = [], sit_down(city.east_handler, viewport=viewport)
    for name, url in pages.items():
        desk.page.goto(url)
        desk.shoot(f"{name}-{width}-zh-hans")
        wrong += [f"{name}: {each}" for each in desk.barriers()] + [f"{name}: scrolls sideways"] * desk.overflows()
    assert wrong == []
