"""Somebody types for a while, the page is gone, they come back and go on."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Route, expect

from clues.models import Lead
from clues.states import LeadState
from drafts.models import FormDraft
from tests.builders import City, make_signed_lead
from tests.e2e.conftest import SitDown

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAID = re.compile(r"草稿已保存 \d{1,2}:\d\d")


def test_what_was_typed_waits_until_its_writer_comes_back_and_submits_it(sit_down: SitDown, swept: City) -> None:
    lead = make_signed_lead(swept)
    address = reverse("lead_report", args=[lead.pk])
    desk = sit_down(swept.east_handler)
    desk.page.goto(address)
    expect(desk.page.locator("[data-draft-said]")).to_have_text("")
    desk.fill(findings="现场核查，拍照取证，", proposal="立案")
    expect(desk.page.locator("[data-draft-said]")).to_have_text(SAID)

    desk.fill(findings="现场核查，拍照取证，调取进货票据。")
    desk.page.goto("/notices/")  # saved on leaving, without waiting for the pause
    desk.page.locator(".user-menu summary").click()
    desk.page.get_by_role("link", name="未提交的草稿", exact=True).click()
    expect(desk.page.locator("main")).to_contain_text(lead.label)
    desk.shoot("drafts-zh-hans")
    assert desk.barriers() == []

    desk.page.goto(address)
    expect(desk.page.locator(".draft-notice")).to_contain_text("填写过这份表单，没有提交。")
    desk.shoot("draft-offered-zh-hans")
    assert desk.barriers() == []
    desk.press("继续填写")
    expect(desk.page.locator("[name=findings]")).to_have_value("现场核查，拍照取证，调取进货票据。")
    desk.press("提交核查结果")
    desk.told("等待east局的部门负责人决定")

    lead = Lead.objects.get(pk=lead.pk)
    assert (lead.state, lead.findings) == (LeadState.VERIFIED, "现场核查，拍照取证，调取进货票据。")
    assert not FormDraft.objects.exists()


@pytest.mark.slow
def test_reading_a_form_keeps_nothing_and_a_draft_is_thrown_away_where_it_is_offered(
    sit_down: SitDown, swept: City
) -> None:
    address = reverse("lead_report", args=[make_signed_lead(swept).pk])
    desk = sit_down(swept.east_handler, viewport={"width": 390, "height": 844})
    desk.page.goto(address)
    desk.page.goto("/notices/")
    assert not FormDraft.objects.exists()

    desk.page.goto(address)
    desk.fill(findings="写错了")
    expect(desk.page.locator("[data-draft-said]")).to_have_text(SAID)
    desk.page.goto(address)
    assert not desk.overflows()
    desk.page.once("dialog", lambda dialog: dialog.accept())
    desk.press("丢弃草稿")
    desk.told("草稿已丢弃。")
    assert desk.page.url.endswith(address)
    assert not FormDraft.objects.exists()


@pytest.mark.slow
def test_a_draft_that_cannot_be_kept_says_so_and_is_tried_again(sit_down: SitDown, swept: City) -> None:
    desk = sit_down(swept.east_handler)
    desk.page.goto(reverse("lead_report", args=[make_signed_lead(swept).pk]))

    def fail(route: Route) -> None:
        route.fulfill(status=409, body="")

    desk.page.route("**/drafts/save/", fail)
    desk.fill(findings="现场核查")
    said = desk.page.locator("[data-draft-said]")
    expect(said).to_have_text("草稿没有保存，请先不要关闭本页。")
    desk.page.unroute("**/drafts/save/", fail)
    desk.fill(findings="现场核查，拍照取证")
    expect(said).to_have_text(SAID)


@pytest.mark.slow
def test_a_refused_form_keeps_what_was_typed_as_a_draft(sit_down: SitDown, swept: City) -> None:
    desk = sit_down(swept.east_handler)
    desk.page.goto(reverse("lead_report", args=[make_signed_lead(swept).pk]))
    desk.fill(findings="现场核查")
    desk.press("提交核查结果")
    expect(desk.page.locator(".error-summary")).to_be_visible()
    expect(desk.page.locator("[data-draft-said]")).to_have_text(SAID)
    assert FormDraft.objects.get().fields["findings"] == ["现场核查"]


@pytest.mark.slow
def test_after_a_new_log_in_in_another_window_the_page_saves_again(sit_down: SitDown, swept: City) -> None:
    desk = sit_down(swept.east_handler)
    typing = desk.page
    typing.goto(reverse("lead_report", args=[make_signed_lead(swept).pk]))
    desk.context.clear_cookies(name="sessionid")
    desk.fill(findings="现场核查")
    expect(typing.locator("[data-draft-said]")).to_have_text("草稿没有保存，请先不要关闭本页。")
    desk.complaints.clear()  # the browser notes that the log-in page was no answer

    desk.page = desk.context.new_page()
    desk.log_in(swept.east_handler)
    desk.page = typing
    desk.fill(findings="现场核查，拍照取证")
    expect(typing.locator("[data-draft-said]")).to_have_text(SAID)
    assert FormDraft.objects.get().fields["findings"] == ["现场核查，拍照取证"]
