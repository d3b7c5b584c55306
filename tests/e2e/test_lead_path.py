"""A lead on its way in a browser, each step by whoever may take it: reports, complaints, custody, disputes."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import FilePayload, expect

from clues.models import Dispute, Lead
from clues.states import LeadState
from tests.builders import City
from tests.clues.merge_builders import report
from tests.e2e.conftest import SitDown
from tests.e2e.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def days_ago(days: int) -> str:
    return (timezone.localdate() - timedelta(days=days)).isoformat()


def log(clerk: Desk, channel: str, party: str, **values: str) -> Lead:
    """By the link of the channel and its form."""
    clerk.page.goto("/leads/new/")
    clerk.page.get_by_role("link", name=channel).first.click()
    clerk.fill(party_name=party, summary=f"{party}的货架上有超过保质期的食品。", **values)
    clerk.press("登记")
    clerk.told("已登记线索")
    return Lead.objects.get(party_name=party)


def visit(desk: Desk, lead: Lead) -> None:
    desk.page.goto(reverse("lead_page", args=[lead.pk]))


def step(desk: Desk, name: str, told: str, submit: str = "", **values: str) -> None:
    """Open the form of a verb from the page of its lead, fill it in, send it."""
    desk.press(name)
    desk.fill(**values)
    desk.press(submit or name)
    desk.told(told)


def test_a_report_walks_from_its_informant_to_the_decision_not_to_file(sit_down: SitDown, town: City) -> None:
    clerk = sit_down(town.east_clerk)
    clerk.page.goto("/leads/")
    clerk.press("登记第一条线索")
    clerk.page.locator(".choice", has_text="举报").click()
    clerk.fill(
        party_name="海风食品店", summary="货架上有超过保质期的牛奶。", category="食品销售", region_code="市南区",
        informant_is_real_name="实名举报", informant_name="某某标记", informant_phone="13800000417",
    )  # fmt: skip
    clerk.press("查看承办机构")
    expect(clerk.page.locator("main")).to_contain_text("应由east局承办")
    expect(clerk.page.locator("[name=informant_name]")).to_have_value("某某标记")
    clerk.press("登记")
    clerk.told("已登记线索")
    expect(clerk.page.locator("main")).to_contain_text("east局")
    expect(clerk.page.locator("main")).not_to_contain_text("某某标记")
    lead = Lead.objects.get(party_name="海风食品店")

    clerk.page.goto("/leads/?state=registered")
    clerk.page.get_by_label(f"选中 {lead.number}").check()
    clerk.press("批量分派选中的线索")
    clerk.fill(office="east-squad局")
    expect(clerk.page.locator("[name=owner] option", has_text="East Handler2")).to_have_count(1)
    clerk.page.locator("[name=owner]").select_option(label="East Handler")
    clerk.press("分派这 1 条")
    expect(clerk.page.locator("h1")).to_have_text("1 条全部分派成功")

    handler = sit_down(town.east_handler)
    handler.page.goto("/")
    handler.page.locator("#sign").get_by_role("link", name=lead.label).click()
    step(handler, "签收", "已签收，由您承办。")
    handler.press("记录核查")
    handler.fill(kind="现场检查", second_officer="East Handler2", content="现场查见三盒牛奶超过保质期，已下架。")
    paper = FilePayload(name="现场笔录.txt", mimeType="text/plain", buffer="现场检查笔录，共一页。".encode())
    handler.page.set_input_files("[name=upload]", files=paper)
    handler.press("记录核查")
    handler.told("核查记录已保存，不能修改。")
    expect(handler.page.locator("main")).to_contain_text("现场笔录.txt")
    handler.press("提交核查结果")
    expect(handler.page.locator("[name=findings]")).to_have_value(re.compile("三盒牛奶"))
    handler.fill(proposal="不予立案")
    handler.press("提交核查结果")
    handler.told("核查结果已提交")

    director = sit_down(town.east_director)
    director.page.goto("/")
    director.page.locator("#approve").get_by_role("link", name=lead.label).click()
    director.press("决定不予立案")
    director.fill(ground="违法行为轻微并及时改正，没有造成危害后果", reason="当场下架，没有售出。", confirmed="*")
    director.press("决定不予立案")
    director.told("已决定不予立案，核查期限停止计算。")
    lead.refresh_from_db()
    assert (lead.state, lead.decided_by) == (LeadState.NOT_FILED, town.east_director)


def test_a_complaint_is_accepted_mediated_and_settled(sit_down: SitDown, town: City) -> None:
    clerk, handler, head = sit_down(town.east_clerk), sit_down(town.east_handler), sit_down(town.east_director)
    lead = log(
        clerk, "投诉", "晴川电器行", claim="退货退款", informant_name="某某标记", informant_phone="13900000528",
        informant_address="某路1号", office="east-squad局",
    )  # fmt: skip
    step(clerk, "分派", "已分派给east-squad局East Handler，", "分派线索", owner="East Handler")
    visit(handler, lead)
    step(handler, "签收", "已签收，由您承办。")
    visit(head, lead)
    step(head, "受理投诉", "已受理并告知投诉人。")
    expect(head.page.locator("main")).to_contain_text("调解")
    step(
        head, "达成调解协议", "已登记达成调解协议，调解期限停止计算。", agreement="经营者退还货款三百元。",
        made_document="已制作调解书",
    )  # fmt: skip
    lead.refresh_from_db()
    assert (lead.state, lead.has_mediation_document) == (LeadState.SETTLED, True)


def test_a_lead_is_given_back_and_assigned_to_another(sit_down: SitDown, town: City) -> None:
    clerk, handler = sit_down(town.east_clerk), sit_down(town.east_handler)
    lead = log(clerk, "自行发现", "望江茶行", office="east-squad局")
    step(clerk, "分派", "已分派给east-squad局East Handler，", "分派线索", owner="East Handler")
    visit(handler, lead)
    step(handler, "退回", "等待重新分派。", reason="正在外地办案，不能按期核查。")
    clerk.page.goto("/leads/?returned=1")
    clerk.page.get_by_role("link", name="望江茶行").click()
    expect(clerk.page.locator("main")).to_contain_text("正在外地办案")
    step(clerk, "分派", "已分派给east-squad局East Handler2，", "分派线索", owner="East Handler2")
    lead.refresh_from_db()
    assert (lead.owner, lead.state) == (town.east_handler2, LeadState.ASSIGNED)
    visit(handler, lead)
    expect(handler.page.locator("main").get_by_role("link", name="签收", exact=True)).to_have_count(0)


def test_two_offices_disagree_and_the_head_of_the_city_designates_one(sit_down: SitDown, town: City) -> None:
    lead = report(town, days_ago(1), phone="", party_name="两江口饭店")
    head, director = sit_down(town.east_director), sit_down(town.director)
    visit(head, lead)
    step(head, "提出权限争议", "已提出权限争议", office="west局", reason="行为发生地在西区，注册地也在西区。")
    head.page.get_by_role("link", name="应当由west局承办").click()
    step(head, "报请共同的上一级指定", "等待", reason="协商未能达成一致。")
    director.page.goto("/leads/disputes/")
    director.page.get_by_role("link", name=lead.party_name).first.click()
    step(director, "指定承办机构", "west局", office="west局", opinion="行为发生地在西区。", confirmed="*")
    lead.refresh_from_db()
    assert lead.office in (town.west, town.west_squad)
    assert Dispute.objects.get(lead=lead).settled_office == town.west


def test_a_lead_is_merged_and_taken_apart_again(sit_down: SitDown, town: City) -> None:
    original, again = (report(town, days_ago(2), phone="", party_name=party) for party in ("青石商行", "青石商行二店"))
    clerk = sit_down(town.east_clerk)
    visit(clerk, again)
    step(
        clerk, "并入另一条线索", f"已并入{original.number}", original=original.number,
        facts="不同来源反映同一事实：并案核查，各自期限照常计算", reason="同一批货。",
    )  # fmt: skip
    expect(clerk.page.locator("main").get_by_role("link", name=original.number).first).to_be_visible()
    step(clerk, "解除并入", "已解除并入", reason="核对后不是同一批货。")
    again.refresh_from_db()
    assert (again.state, again.original) == (LeadState.REGISTERED, None)
