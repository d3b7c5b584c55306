"""The papers of a case and of a lead, and the templates, on an office screen and on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.actions import papers
from clues.actions import papers as papers_of_leads
from clues.states import LeadState
from documents.actions.templates import load_templates, set_form_numbers
from tests.builders import SYSTEM, City, make_case
from tests.clues.complaint_stages import complaint_in
from tests.clues.lead_papers import drafted, issued, print_forms
from tests.documents.paper_builders import INQUIRY, draft, issue
from tests.e2e.conftest import SitDown
from tests.e2e.desk import DESKTOP, PHONE, Desk

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
    assert look_over(sit_down(city.east_handler, viewport=viewport), pages, width) == []


@pytest.mark.parametrize(("width", "viewport"), [("1366", DESKTOP), ("390", PHONE)])
def test_the_pages_of_papers_of_a_lead_are_accessible_and_fit(
    sit_down: SitDown, city: City, width: str, viewport: dict[str, int]
) -> None:
    at, form = timezone.now(), "complaint_acceptance_notice"
    print_forms(form)
    lead = complaint_in(city, LeadState.MEDIATING)
    made, void = (issued(lead, form, city.east_handler, at=at, on=timezone.localdate()) for _turn in range(2))
    papers_of_leads.void_paper(lead_id=lead.pk, paper_id=void.pk, reason="事项写错", actor=city.east_handler, at=at)
    begun = drafted(lead, form, city.east_handler, at=at)
    here = f"/leads/{lead.pk}/papers/"
    pages = {
        "papers-lead": f"/leads/{lead.pk}/",
        "lead-papers": here,
        "lead-paper-new": f"{here}new/{form}/",
        "lead-paper-draft": f"{here}{begun.pk}/",
        "lead-paper-issued": f"{here}{made.pk}/",
        "lead-paper-issue": f"{here}{begun.pk}/issue/",
    }
    assert look_over(sit_down(city.east_handler, viewport=viewport), pages, width) == []


def look_over(desk: Desk, pages: dict[str, str], width: str) -> list[str]:
    """Take the pictures and say what is wrong with the pages."""
    wrong = []
    for name, url in pages.items():
        desk.page.goto(url)
        desk.shoot(f"{name}-{width}-zh-hans")
        wrong += [f"{name}: {each}" for each in desk.barriers()] + [f"{name}: scrolls sideways"] * desk.overflows()
    return wrong
