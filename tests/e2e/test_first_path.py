"""The first path in a browser: one lead from intake to a closed case, each step by whoever may take it.

Nobody can wait five working days for a party to defend itself, so the path is walked by two matters: one from intake
to the notice, today; one whose notice was served weeks ago, from the decision to the close.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.models import Case
from cases.states.matter import CaseState
from clues.models import Lead
from tests.builders import City, make_notified_case
from tests.e2e.conftest import SitDown

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def day(ago: int) -> str:
    return (timezone.localdate() - timedelta(days=ago)).isoformat()


def test_a_lead_walks_from_intake_to_the_notice(sit_down: SitDown, swept: City) -> None:
    city = swept
    clerk = sit_down(city.east_clerk)
    clerk.page.goto("/leads/")
    clerk.press("登记第一条线索")
    clerk.page.get_by_role("link", name="监督检查").click()
    clerk.fill(
        inspected_on=day(2), received_on=day(2).replace("-", ""), party_name="示例商店", party_code="91370202MA0000000X",
        summary="货架上有超过保质期的食品。", office="east-squad局",
    )  # fmt: skip
    clerk.press("登记")
    clerk.told("已登记线索")
    expect(clerk.page.locator(".code-warning")).to_contain_text("仅提示，不影响办理")
    clerk.press("分派")
    clerk.fill(owner="East Handler", reason="由东区大队核查")
    clerk.press("分派线索")
    clerk.told("已分派给east-squad局East Handler，等待签收。")
    lead = Lead.objects.get()

    handler = sit_down(city.east_handler)
    handler.page.get_by_role("link", name=lead.label).first.click()
    handler.press("签收")
    handler.press("签收")
    handler.press("提交核查结果")
    handler.fill(findings="现场核查，拍照取证，调取进货票据。", proposal="立案")
    handler.press("提交核查结果")
    handler.told("等待east局的部门负责人决定")

    head = sit_down(city.east_director)
    head.page.get_by_role("link", name=lead.label).first.click()
    head.press("决定立案")
    head.fill(cause="涉嫌经营超过保质期的食品", owner="East Handler", second_officer="East Handler2")
    head.press("决定立案")
    expect(head.page.locator(".error-summary")).to_contain_text("请核对后勾选确认")
    for condition in head.page.locator("[name=conditions]").all():
        condition.check()
    head.fill(confirmed="*")
    head.press("决定立案")
    head.told("已立案，立案号")
    case = Case.objects.get()

    handler.page.goto(f"/leads/{lead.pk}/")
    handler.press("查看立案后的案件")
    for officer in (handler, sit_down(city.east_handler2)):
        officer.page.goto(f"/cases/{case.pk}/")
        officer.press("声明有无回避情形")
        officer.fill(confirmed="*")
        officer.press("声明有无回避情形")
        officer.told("声明已记入案卷。")
    handler.press("拟定处理意见")
    handler.fill(
        facts="货架上有超过保质期的食品在售。",
        basis="依据示例法第一条。",
        outcome="行政处罚",
        fine="5,000",
        confiscated="300",
    )
    for kind in ("罚款", "没收违法所得"):
        handler.page.get_by_label(kind, exact=True).check()
    handler.press("拟定处理意见")
    handler.told("已拟定处理意见第 1 版。")
    handler.press("调查终结送审")
    handler.fill(conclusion="违法事实清楚，证据确凿，建议给予行政处罚。", reviewer="East Reviewer")
    handler.press("调查终结送审")
    handler.told("已送East Reviewer审核。")

    reviewer = sit_down(city.east_reviewer)
    reviewer.page.get_by_role("link", name=case.label).first.click()
    reviewer.press("审核同意")
    for head_of_review in reviewer.page.locator("[name=heads]").all():
        head_of_review.check()
    reviewer.fill(opinion="事实清楚，证据充分，同意。")
    reviewer.press("审核同意")
    reviewer.told("审核同意，下一步由部门负责人批准告知。")

    head.page.goto(f"/cases/{case.pk}/")
    head.press("批准告知")
    head.fill(confirmed="*")
    head.press("批准告知")
    head.told("已批准告知，下一步由办案人员送达行政处罚告知书。")

    handler.page.goto(f"/cases/{case.pk}/")
    handler.press("送达行政处罚告知书")
    handler.fill(confirmed="*")
    handler.press("送达行政处罚告知书")
    handler.told("已登记行政处罚告知书送达。")

    head.page.goto(f"/cases/{case.pk}/")
    expect(head.page.locator(".next-steps")).to_contain_text("陈述申辩期至")
    expect(head.page.get_by_role("link", name="作出行政处罚决定", exact=True)).to_have_count(0)
    case.refresh_from_db()
    assert case.state == CaseState.NOTIFIED


def test_a_notified_case_walks_from_the_decision_to_its_close(sit_down: SitDown, swept: City) -> None:
    city = swept
    case = make_notified_case(city, filed=day(60), concluded=day(40), served=day(30))
    head, handler = sit_down(city.east_director), sit_down(city.east_handler)
    head.page.goto(f"/cases/{case.pk}/")
    head.press("作出行政处罚决定")
    head.fill(
        defence="逾期未提出，视为放弃。", decision="责令改正；罚款5000元；没收违法所得300元。", fine="5,000",
        confiscated="300", confirmed="*",
    )  # fmt: skip
    expect(head.page.locator(".yuan-upper").first).to_have_text("伍仟元整")
    head.press("作出行政处罚决定")
    head.told("已作出行政处罚决定，文号 eastpenalty")

    handler.page.goto(f"/cases/{case.pk}/")
    handler.press("送达处罚决定书")
    handler.fill(confirmed="*")
    handler.press("送达处罚决定书")
    handler.told("已登记处罚决定书送达。")
    handler.press("登记缴款")
    handler.fill(amount="5000")
    handler.press("登记缴款")
    handler.told("已登记缴款，尚欠 300.00 元。")
    handler.press("登记缴款")
    handler.press("登记缴款")
    handler.told("罚没款已缴清。")

    head.page.goto(f"/cases/{case.pk}/")
    head.press("批准结案")
    head.fill(confirmed="*")
    head.press("批准结案")
    head.told("结案。")
    expect(head.page.locator(".next-steps")).to_contain_text("立卷归档")
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED


def test_the_core_forms_work_without_scripts(sit_down: SitDown, swept: City) -> None:
    clerk = sit_down(swept.clerk, java_script_enabled=False)
    clerk.page.goto("/leads/new/")
    clerk.page.locator(".choice", has_text="举报").click()
    clerk.page.locator("[name=party_name]").fill("示例商店")
    clerk.page.locator("[name=summary]").fill("举报货架上有超过保质期的食品。")
    clerk.page.locator("[name=office]").select_option(label="east-squad局")
    clerk.press("登记")
    clerk.told("已登记线索")
    clerk.press("分派")
    clerk.page.locator("[name=office]").select_option(label="west-squad局")
    clerk.page.locator("[name=reason]").fill("管辖在西区")
    clerk.press("显示该机构人员")
    expect(clerk.page.locator("[name=reason]")).to_have_value("管辖在西区")
    clerk.page.locator("[name=owner]").select_option(label="West Handler")
    clerk.press("分派线索")
    clerk.told("已分派给west-squad局West Handler，等待签收。")
    handler = sit_down(swept.west_handler, java_script_enabled=False)
    handler.page.get_by_role("link", name="示例商店").first.click()
    handler.press("签收")
    handler.press("签收")
    handler.told("已签收，由您承办。")


def test_choosing_an_office_brings_its_people_at_once(sit_down: SitDown, swept: City) -> None:
    clerk = sit_down(swept.clerk)
    clerk.page.goto("/leads/new/?channel=report")
    clerk.fill(party_name="示例商店", summary="有过期食品。", office="east-squad局")
    clerk.press("登记")
    clerk.press("分派")
    clerk.fill(reason="管辖在西区", office="west-squad局")
    expect(clerk.page.locator("[name=owner] option", has_text="West Handler")).to_have_count(1)
    expect(clerk.page.locator("[name=reason]")).to_have_value("管辖在西区")
