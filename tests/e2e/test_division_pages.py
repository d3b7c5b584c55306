"""The division of powers on an office screen and on a phone; a question put by keyboard and mouse."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Office
from clues.actions.intake import log_lead
from tests.builders import ROUTING, City, make_routing
from tests.e2e.conftest import SitDown
from tests.e2e.desk import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

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


@pytest.mark.slow
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


def test_a_head_tries_changed_rules_on_past_leads(sit_down: SitDown, town: City) -> None:
    lead = log_lead(
        channel="self_found", received_on=timezone.localdate(), party_name="示例商店", summary="有过期食品。",
        category="food-sale", region_code="370202", actor=town.east_clerk, at=timezone.now(),
    )  # fmt: skip
    head = sit_down(town.east_director)
    head.page.goto("/routing/")
    head.press("用过去的线索试运行")
    rules = head.page.locator("[name=text]").input_value()
    head.fill(text=rules.replace("order: 90", "order: 30").replace("office: east}", "office: west}"))
    head.press("试运行")
    expect(head.page.locator("h1")).to_have_text("1 条线索中有 1 条会换承办机构")
    expect(head.page.locator("table.rows")).to_contain_text(lead.number)
    expect(head.page.locator("main")).to_contain_text("次序相同（30）又都适用于")
    for width, viewport in (("1366", DESKTOP), ("390", PHONE)):
        head.page.set_viewport_size(viewport)
        head.shoot(f"division-tried-{width}-zh-hans")
        assert head.barriers() == []
        assert not head.overflows()
    head.fill(text="rules: [")
    head.press("试运行")
    expect(head.page.locator(".error-summary")).to_contain_text("不是有效的YAML")
    expect(head.page.locator("[name=text]")).to_have_value("rules: [")
