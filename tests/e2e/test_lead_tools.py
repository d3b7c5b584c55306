"""What stands around the leads, in a browser: who told us, search, filters kept."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from informants.queries import informant_of
from tests.builders import City
from tests.clues.merge_builders import report
from tests.e2e.conftest import SitDown
from tests.e2e.test_lead_path import days_ago, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PHONE, NAME = "13800000639", "某某"


def test_an_identity_is_read_once_another_agreed_and_stands_on_no_other_page(sit_down: SitDown, town: City) -> None:
    lead = report(town, days_ago(1), phone=PHONE, party_name="石桥药房")
    informant = informant_of("lead", lead.pk)
    assert informant is not None
    handler, head = sit_down(town.east_handler), sit_down(town.east_head)
    visit(handler, lead)
    handler.page.locator("main").get_by_role("link", name=informant.code).first.click()
    handler.press("申请查阅")
    handler.fill(ground="核实举报内容", reason="需要向举报人核实购买时间。")
    handler.page.get_by_label("电话号码", exact=True).check()
    handler.press("提交申请")
    handler.told("等待第二人审批")
    asked = handler.page.url

    head.page.goto("/")
    head.page.get_by_role("link", name="举报人保密").first.click()
    head.page.locator("main").get_by_role("link", name=informant.code).first.click()
    head.press("同意查阅")
    head.press("同意查阅")
    head.told("已批准查阅")

    handler.page.goto(asked)
    handler.press("查阅身份信息")
    expect(handler.page.locator("main")).to_contain_text(PHONE)
    expect(handler.page.locator("main")).not_to_contain_text(NAME + " ")
    handler.press("看完了，关闭")
    others = [
        asked, reverse("informant_page", args=[informant.pk]), reverse("lead_page", args=[lead.pk]), "/leads/", "/",
        "/notices/?show=all", reverse("opening_list"), reverse("lead_files_page", args=[lead.pk]), "/search/?q=石桥",
    ]  # fmt: skip
    found = []
    for url in others:
        handler.page.goto(url)
        found += [url] if PHONE in handler.page.content() else []
    for url in (f"/leads/?q={PHONE}", f"/search/?q={PHONE}"):
        handler.page.goto(url)
        found += [url] if lead.number in handler.page.content() else []
    assert found == []


def test_a_word_of_two_characters_finds_the_lead_from_every_page(sit_down: SitDown, town: City) -> None:
    lead = report(town, days_ago(1), phone="", party_name="长亭粮油", summary="散装豆浆没有标签。")
    clerk = sit_down(town.east_clerk)
    clerk.page.goto("/calendar/")
    clerk.page.keyboard.press("/")
    clerk.page.keyboard.type("豆浆")
    clerk.page.keyboard.press("Enter")
    clerk.page.wait_for_url("**/search/**")
    clerk.page.locator("main").get_by_role("link", name=lead.number).first.click()
    expect(clerk.page.locator("main")).to_contain_text("长亭粮油")


def test_filters_are_kept_under_a_name_and_forgotten(sit_down: SitDown, town: City) -> None:
    report(town, days_ago(1), phone="", party_name="柳岸水果")
    clerk = sit_down(town.east_clerk)
    clerk.page.goto("/leads/")
    clerk.page.locator(".filters [name=channel]").select_option(label="举报")
    clerk.page.locator(".filters button[type=submit]").first.click()
    clerk.page.get_by_label("筛选名称").fill("各处举报")
    clerk.press("保存筛选")
    clerk.told("已保存筛选“各处举报”。")
    clerk.page.goto("/leads/")
    clerk.press("各处举报")
    expect(clerk.page.locator(".filters [name=channel]")).to_have_value("report")
    expect(clerk.page.locator("table.rows")).to_contain_text("柳岸水果")
    clerk.press("删除筛选“各处举报”")
    expect(clerk.page.get_by_role("link", name="各处举报")).to_have_count(0)
