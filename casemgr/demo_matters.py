"""Leads and cases of the demo city, walked through the verbs day by day so that clocks and reminders are as in life."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import islice

from django.db import transaction

from casemgr.demo_cases import case_stories
from casemgr.demo_steps import Days, Events, Step, Story, Team, Walk, corps_team, district_team, first_events
from deadlines.actions.reminders import sweep_reminders

STORIES = (
    Story("示例一号食品经营部", "群众举报货架上有超过保质期的预包装食品在售，附照片两张。", "report", 0, "registered",
          "food-sale"),
    Story("示例二号便利店", "监督检查发现两台在用电子计价秤未经检定。", "inspection", 12, "verifying",
          "metrology-instrument"),
    Story("示例三号药房", "网络监测发现首页宣传保健食品具有治疗功效。", "data", 17, "verifying", "advertising-medical"),
    Story("示例四号商贸有限公司", "抽检的儿童玩具小零件项目不合格，附检验报告。", "sampling", 8, "verified",
          "product-quality", Decimal(3600)),
    Story("示例五号餐馆", "举报人称菜单标价与结账价格不一致。", "report", 20, "not_filed", "price-marking"),
    Story("示例六号加油站", "计量监督检查发现一台加油机铅封破损。", "inspection", 30, "investigating",
          "metrology-settlement"),
    Story("示例七号医疗器械经营部", "上级交办：涉嫌发布虚假医疗器械广告。", "assigned", 45, "suspended",
          "advertising-medical"),
    Story("示例八号物业服务公司", "特种设备检查发现使用未经定期检验的电梯。", "inspection", 40, "under_review",
          "equipment-lift"),
    Story("示例九号电子商务有限公司", "其他部门移送：涉嫌销售侵犯注册商标专用权的商品。", "transfer_in", 50, "notified",
          "ip-trademark", Decimal(48000)),
    Story("示例十号停车场", "举报人称收费高于公示标准。", "report", 60, "decided", "price-marking"),
    Story("示例十一号房地产营销中心", "广告监测发现含有升值承诺的房地产广告。", "data", 62, "served", "advertising-false"),
    Story("示例十二号超市", "监督检查发现销售未经检验检疫的猪肉制品。", "inspection", 75, "closed", "food-sale",
          Decimal(1500)),
    Story("示例十三号健身房", "投诉人要求退还预付卡余额。", "complaint", 4, "accepting", "consumer-prepaid",
          Decimal(2400)),
    Story("示例十四号家具商场", "投诉人称沙发开裂，要求更换。", "complaint", 26, "settled", "consumer-goods",
          Decimal(5600)),
    Story("示例十五号婚庆服务部", "投诉人要求退还定金，双方各执一词。", "complaint", 34, "ended", "consumer-service",
          Decimal(3000)),
)  # fmt: skip
CASE_STATES = ("investigating", "suspended", "under_review", "notified", "decided", "served", "closed")
STEPS_TO = {"registered": 1, "verifying": 4, "verified": 5}
STEPS_OF_A_COMPLAINT = 3


@transaction.atomic
def load_matters(*, now: datetime) -> None:
    """Walk every story for the first district's squad and the corps' first squad, sweeping reminders each morning."""
    days, teams = Days(now), (district_team(), corps_team())
    events = sorted((event for team in teams for event in _of_team(team, days)), key=lambda event: event[0])
    day = events[0][0]
    for at, step in events:
        while day < at:
            sweep_reminders(at=day)
            day += timedelta(days=1)
        step(at)
    sweep_reminders(at=now)


def _of_team(team: Team, days: Days) -> Iterator[tuple[datetime, Step]]:
    for story in STORIES:
        yield from _events(Walk(team, story), days)
    yield from case_stories(team, days)


def _events(walk: Walk, days: Days) -> Events:
    """The dated steps of one story."""
    story, steps = walk.story, first_events(walk, days)
    if story.channel == "complaint":
        yield from islice(steps, STEPS_OF_A_COMPLAINT)
        yield from _complaint_events(walk, story, days.ago)
        return
    yield from islice(steps, STEPS_TO.get(story.reaches))
    if story.reaches in CASE_STATES:
        yield from _case_events(walk, story, days.ago)


def _complaint_events(walk: Walk, story: Story, ago: Callable[[int], datetime]) -> Events:
    if story.reaches == "accepting":
        return
    received = story.received
    yield ago(received - 4), partial(walk.accept, on=ago(received - 4).date())
    yield ago(received - 4) + timedelta(hours=1), walk.print_acceptance
    day = ago(received - 14).date()
    if story.reaches == "settled":
        yield ago(received - 14), partial(walk.settle, on=day)
    else:
        yield ago(received - 14), partial(walk.end, on=day)
        yield ago(received - 15), partial(walk.tell, on=ago(received - 15).date())


def _case_events(walk: Walk, story: Story, ago: Callable[[int], datetime]) -> Events:
    received = story.received
    if story.reaches == "suspended":
        yield ago(received - 20), partial(walk.suspend, on=ago(received - 20).date())
    if story.reaches in CASE_STATES[2:]:
        yield ago(received - 24), walk.propose
        yield ago(received - 25), walk.conclude
    if story.reaches in CASE_STATES[3:]:
        yield ago(received - 30), walk.review
        yield ago(received - 31), walk.approve
        served = 2 if story.reaches == "notified" else received - 33
        yield ago(served), partial(walk.notify, on=ago(served).date())
    if story.reaches in CASE_STATES[4:]:
        yield ago(2 if story.reaches == "decided" else received - 45), walk.decide
    if story.reaches in CASE_STATES[5:]:
        yield ago(received - 47), partial(walk.serve, on=ago(received - 47).date())
    if story.reaches == "closed":
        yield ago(received - 52), partial(walk.pay, on=ago(received - 52).date())
        yield ago(received - 56), walk.close
