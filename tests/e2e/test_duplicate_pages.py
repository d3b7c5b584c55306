"""Likely duplicates, merging and the party page, on an office screen and on a phone; a clerk merges on entry."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clues.models import Lead
from clues.states import FactsGoOn
from tests.builders import City, decide, make_notified_case, moment
from tests.clues.merge_builders import complaint, merge, report
from tests.e2e.conftest import SitDown
from tests.e2e.desk import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def ago(days: int) -> str:
    return str(date.fromordinal((timezone.localdate() - timedelta(days=days)).toordinal()))


@pytest.mark.slow
@pytest.mark.parametrize(("width", "viewport"), [("1366", DESKTOP), ("390", PHONE)])
def test_the_pages_of_duplicates_and_parties_are_accessible_and_fit(
    sit_down: SitDown, city: City, width: str, viewport: dict[str, int]
) -> None:
    decide(city, make_notified_case(city, filed=ago(90), concluded=ago(70), served=ago(60)), at=moment(ago(40)))
    for _n in range(3):
        complaint(city, ago(6))
    original, again, third = report(city, ago(5)), report(city, ago(3)), report(city, ago(2))
    merge(city, third, original, FactsGoOn.NEW_FACTS, at=timezone.now())
    pages = {
        "lead-likely": f"/leads/{again.pk}/",
        "lead-original": f"/leads/{original.pk}/",
        "lead-merged": f"/leads/{third.pk}/",
        "lead-merge": f"/leads/{again.pk}/merge/?original={original.pk}",
        "lead-unmerge": f"/leads/{third.pk}/unmerge/",
        "party": "/parties/?name=示例商店",
        "party-nobody": "/parties/",
    }
    desk = sit_down(city.east_clerk, viewport=viewport)
    wrong = []
    for name, url in pages.items():
        desk.page.goto(url)
        desk.shoot(f"{name}-{width}-zh-hans")
        wrong += [f"{name}: {each}" for each in desk.barriers()] + [f"{name}: scrolls sideways"] * desk.overflows()
    desk.page.goto("/leads/new/?channel=self_found")
    desk.fill(party_name="示例商店", summary="卖过期牛奶")
    desk.press("登记")
    desk.shoot(f"lead-new-likely-{width}-zh-hans")
    wrong += [f"entry: {each}" for each in desk.barriers()] + ["entry: scrolls sideways"] * desk.overflows()
    assert wrong == []


def test_a_clerk_sees_on_entry_that_it_was_told_before_and_merges(sit_down: SitDown, city: City) -> None:
    original = report(city, ago(5))
    clerk = sit_down(city.east_clerk)
    clerk.page.goto("/leads/new/?channel=self_found")
    clerk.fill(party_name="示例商店", summary="卖过期牛奶", office="east-squad局")
    clerk.press("登记")
    expect(clerk.page.locator("main")).to_contain_text("可能相同的线索")
    assert Lead.objects.count() == 1
    clerk.press("登记并并入这一条")
    expect(clerk.page.locator("[name=original]")).to_have_value(original.number)
    clerk.page.get_by_label("不同来源反映同一事实").check()
    clerk.fill(reason="同一商店同一批牛奶")
    clerk.press("并入另一条线索")
    clerk.told(f"已并入{original.number}")
    assert original.merged.count() == 1
