"""The division of powers on an office screen and on a phone; a question put by keyboard and mouse."""

import pytest
from playwright.sync_api import expect

from accounts.models import Office
from tests.builders import ROUTING, City, make_routing
from tests.e2e.conftest import SitDown
from tests.e2e.desk import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GAPPED = ROUTING.replace("tests-1", "tests-2").replace("2020-01-01", "2027-01-01").partition("  - {key: east_rest")[0]
PAGES = {
    "division": "/routing/",
    "division-before": "/routing/?on=2019-01-01",
    "division-coverage": "/routing/coverage/",
    "division-gaps": "/routing/coverage/?on=2027-02-01",
    "division-try": "/routing/try/",
    "division-answer": "/routing/try/?category=food-sale&region=370202&level=district&flags=concern-public",
    "division-nobody": "/routing/try/?category=food-sale&region=370202&level=district&on=2027-02-01",
    "categories": "/routing/categories/",
}


@pytest.mark.parametrize(("width", "viewport"), [("1366", DESKTOP), ("390", PHONE)])
def test_the_pages_of_the_division_are_accessible_and_fit(
    sit_down: SitDown, city: City, width: str, viewport: dict[str, int]
) -> None:
    make_routing(city)
    make_routing(city, GAPPED, allow_gaps=True)
    Office.objects.filter(pk=city.west.pk).update(is_open=False)
    desk = sit_down(city.east_clerk, viewport=viewport)
    wrong = []
    for name, url in PAGES.items():
        desk.page.goto(url)
        desk.shoot(f"{name}-{width}-zh-hans")
        wrong += [f"{name}: {each}" for each in desk.barriers()] + [f"{name}: scrolls sideways"] * desk.overflows()
    assert wrong == []


def test_a_clerk_asks_whose_a_matter_is_and_reads_the_rule(sit_down: SitDown, city: City) -> None:
    make_routing(city)
    clerk = sit_down(city.east_clerk)
    clerk.page.goto("/routing/")
    clerk.page.get_by_role("link", name="试一试").first.click()
    clerk.page.select_option("[name=category]", "food-sale")
    clerk.page.select_option("[name=region]", "370203")
    clerk.page.locator("[name=amount]").press("Enter")
    expect(clerk.page.locator(".answer-due")).to_have_text("west局")
    clerk.page.locator(".answer-basis a").click()
    expect(clerk.page.locator("tr#west_region")).to_be_in_viewport()
